#include "protocol/decimal.h"

#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ringcache::protocol {
namespace {

std::string Written(std::uint64_t value) {
  char out[kMaxDecimalBytes];
  return std::string(out, WriteUint64(out, value));
}

std::string WrittenSigned(std::int64_t value) {
  char out[kMaxDecimalBytes];
  return std::string(out, WriteInt64(out, value));
}

TEST(DecimalTest, WritesEveryLength) {
  std::uint64_t power = 1;
  for (int digits = 1; digits <= 20; ++digits) {
    for (const std::uint64_t value : {power, power - 1, power + 1, power * 9}) {
      EXPECT_EQ(Written(value), std::to_string(value));
    }
    power *= 10;
  }
  EXPECT_EQ(Written(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
}

TEST(DecimalTest, WritesNegatives) {
  for (const std::int64_t value :
       {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::min(),
        std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_EQ(WrittenSigned(value), std::to_string(value));
  }
}

TEST(DecimalTest, ReadsWhatItWrote) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t value = random() >> (random() % 64);
    std::uint64_t read = 0;
    ASSERT_TRUE(ParseUint64(Written(value), &read)) << value;
    EXPECT_EQ(read, value);
    const auto signed_value = static_cast<std::int64_t>(value);
    std::int64_t signed_read = 0;
    ASSERT_TRUE(ParseInt64(WrittenSigned(signed_value), &signed_read)) << signed_value;
    EXPECT_EQ(signed_read, signed_value);
  }
}

TEST(DecimalTest, RefusesWhatIsNoNumber) {
  std::uint64_t value;
  for (const char* text :
       {"", "+", "-", "-1", "x", "1x", "0x1", " 1", "1 ", "1.0", "++1", "18446744073709551616",
        "99999999999999999999", "100000000000000000000"}) {
    EXPECT_FALSE(ParseUint64(text, &value)) << text;
  }
  std::int64_t signed_value;
  for (const char* text : {"", "-", "--1", "-+1", "9223372036854775808", "-9223372036854775809"}) {
    EXPECT_FALSE(ParseInt64(text, &signed_value)) << text;
  }
  std::uint32_t narrow;
  EXPECT_TRUE(ParseUint32("4294967295", &narrow));
  EXPECT_FALSE(ParseUint32("4294967296", &narrow));
}

TEST(DecimalTest, AcceptsSignsAndLeadingZeros) {
  std::uint64_t value = 0;
  EXPECT_TRUE(ParseUint64("+5", &value));
  EXPECT_EQ(value, 5u);
  EXPECT_TRUE(ParseUint64("000000000000000000000000018446744073709551615", &value));
  EXPECT_EQ(value, std::numeric_limits<std::uint64_t>::max());
  std::int64_t signed_value = 0;
  EXPECT_TRUE(ParseInt64("-9223372036854775808", &signed_value));
  EXPECT_EQ(signed_value, std::numeric_limits<std::int64_t>::min());
}

}  // namespace
}  // namespace ringcache::protocol

#include "router/spool/segment_reader.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "router/spool/record.h"

namespace ringcache::router {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Found {
  std::vector<std::string> keys;
  std::size_t offset = 0;
  std::uint64_t damages = 0;
};

Found Read(absl::string_view bytes) {
  Found found;
  SegmentReader reader(bytes);
  Record record;
  while (reader.Next(&record)) found.keys.emplace_back(record.key);
  found.offset = reader.offset();
  found.damages = reader.damages();
  return found;
}

std::string Segment(const std::vector<std::string>& keys) {
  std::string bytes;
  for (const std::string& key : keys) AppendRecord({key, 1'700'000'000}, &bytes);
  return bytes;
}

TEST(SegmentReaderTest, ARecordComesBackAsItWas) {
  const std::string longest(protocol::kMaxKeyBytes, '\xff');
  for (const std::string& key : {std::string("k"), longest, std::string("\0\r\n", 3)}) {
    for (const std::int64_t time : {std::int64_t{0}, std::int64_t{1} << 40, std::int64_t{-1}}) {
      std::string bytes;
      AppendRecord({key, time}, &bytes);
      EXPECT_EQ(bytes.size(), RecordBytes(key));
      Record record;
      ASSERT_TRUE(ParseRecord(bytes, &record));
      EXPECT_EQ(record.key, key);
      EXPECT_EQ(record.unix_s, time);
    }
  }
}

TEST(SegmentReaderTest, TheFormatIsTheOneThatFilesHave) {
  std::string bytes;
  AppendRecord({"key", 0x0102030405060708}, &bytes);
  EXPECT_EQ(bytes.substr(4), std::string("\x03\0\x08\x07\x06\x05\x04\x03\x02\x01key", 13));
  EXPECT_EQ(bytes.substr(0, 4), "\x9d\xb7\x2d\x14");
}

TEST(SegmentReaderTest, AnEmptySegmentHasNoRecords) {
  EXPECT_THAT(Read("").keys, IsEmpty());
  EXPECT_EQ(Read("").damages, 0u);
}

TEST(SegmentReaderTest, RecordsComeInTheirOrder) {
  const std::string bytes = Segment({"a", "bb", "ccc"});
  const Found found = Read(bytes);
  EXPECT_THAT(found.keys, ElementsAre("a", "bb", "ccc"));
  EXPECT_EQ(found.offset, bytes.size());
  EXPECT_EQ(found.damages, 0u);
}

TEST(SegmentReaderTest, ATailThatIsTornAtAnyByteEndsTheSegment) {
  const std::string whole = Segment({"first", "second"});
  const std::string torn = whole + Segment({"third"});
  for (std::size_t size = whole.size(); size < torn.size(); ++size) {
    const Found found = Read(absl::string_view(torn).substr(0, size));
    EXPECT_THAT(found.keys, ElementsAre("first", "second")) << size;
    EXPECT_EQ(found.offset, whole.size()) << size;
    EXPECT_EQ(found.damages, 0u) << size;
  }
}

TEST(SegmentReaderTest, ADamagedByteAnywhereInARecordCostsThisRecordOnly) {
  const std::string before = Segment({"first"});
  const std::string middle = Segment({"second"});
  const std::string whole = before + middle + Segment({"third"});
  for (std::size_t i = 0; i < middle.size(); ++i) {
    for (const int bit : {1, 0x80}) {
      std::string damaged = whole;
      damaged[before.size() + i] = static_cast<char>(damaged[before.size() + i] ^ bit);
      const Found found = Read(damaged);
      EXPECT_THAT(found.keys, ElementsAre("first", "third")) << i;
      EXPECT_EQ(found.damages, 1u) << i;
      EXPECT_EQ(found.offset, whole.size());
    }
  }
}

TEST(SegmentReaderTest, AStretchOfZeroesIsNoRecord) {
  const std::string bytes = Segment({"a"}) + std::string(4096, '\0') + Segment({"b"});
  EXPECT_THAT(Read(bytes).keys, ElementsAre("a", "b"));
  EXPECT_EQ(Read(bytes).damages, 1u);
  EXPECT_THAT(Read(std::string(4096, '\0')).keys, IsEmpty());
}

}  // namespace
}  // namespace ringcache::router

#include "tools/cli/input.h"

#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::cli {
namespace {

using ::testing::HasSubstr;

using Stream = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

Stream StreamOf(const std::string& text) {
  Stream stream(std::tmpfile(), &std::fclose);
  std::fwrite(text.data(), 1, text.size(), stream.get());
  std::rewind(stream.get());
  return stream;
}

TEST(ReadAllTest, ReadsAnyBytesToTheEnd) {
  EXPECT_EQ(*ReadAll(StreamOf("").get()), "");
  std::string bytes;
  for (int i = 0; i < 1 << 20; ++i) bytes.push_back(static_cast<char>(i * 7));
  EXPECT_TRUE(*ReadAll(StreamOf(bytes).get()) == bytes);
}

TEST(ReadAllTest, RefusesMoreThanItsBound) {
  EXPECT_EQ(*ReadAll(StreamOf("12345").get(), 5), "12345");
  const auto text = ReadAll(StreamOf("123456").get(), 5);
  EXPECT_TRUE(absl::IsInvalidArgument(text.status()));
  EXPECT_THAT(std::string(text.status().message()), HasSubstr("more than 5 bytes"));
}

TEST(ReadAllTest, SaysThatReadingFailed) {
  // A folder can be opened and not read.
  const Stream stream(std::fopen("/", "r"), &std::fclose);
  EXPECT_THAT(std::string(ReadAll(stream.get()).status().message()), HasSubstr("cannot be read"));
  std::string line;
  EXPECT_FALSE(LineReader(stream.get()).Next(&line).ok());
}

TEST(LineReaderTest, ReadsLinesAndOneThatHasNoEnd) {
  const Stream stream = StreamOf("one\n\ntwo words\nlast");
  LineReader lines(stream.get());
  std::string line;
  for (const char* const expected : {"one", "", "two words", "last"}) {
    ASSERT_TRUE(*lines.Next(&line));
    EXPECT_EQ(line, expected);
  }
  EXPECT_EQ(lines.number(), 4);
  EXPECT_FALSE(*lines.Next(&line));
}

TEST(LineReaderTest, RefusesALineAboveItsBound) {
  const Stream stream = StreamOf("12345\n123456\n");
  LineReader lines(stream.get(), 5);
  std::string line;
  EXPECT_TRUE(*lines.Next(&line));
  const auto found = lines.Next(&line);
  EXPECT_TRUE(absl::IsInvalidArgument(found.status()));
  EXPECT_THAT(std::string(found.status().message()), HasSubstr("line 2 has more than 5 bytes"));
}

TEST(EscapeValueTest, EveryValueFitsALineAndComesBack) {
  EXPECT_EQ(EscapeValue("a\nb\r\\n \t\"'\xc3\xa4"), "a\\nb\\r\\\\n \t\"'\xc3\xa4");
  std::string every;
  for (int byte = 0; byte < 256; ++byte) every += {static_cast<char>(byte), '\\'};
  for (const std::string& value : {every, std::string(), std::string("\\"), std::string("\\n")}) {
    EXPECT_EQ(EscapeValue(value).find('\n'), std::string::npos);
    EXPECT_EQ(*UnescapeValue(EscapeValue(value)), value);
  }
}

TEST(EscapeValueTest, AnEscapeThatStandsForNothingIsRefused) {
  for (const char* const text : {"\\t", "\\", "a\\\\\\"}) {
    EXPECT_FALSE(UnescapeValue(text).ok()) << text;
  }
  EXPECT_THAT(std::string(UnescapeValue("a\\tb").status().message()), HasSubstr("'\\t'"));
}

}  // namespace
}  // namespace ringcache::cli

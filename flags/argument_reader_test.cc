#include "flags/argument_reader.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ringcache::flags {
namespace {

constexpr Syntax kRows[] = {
    {'p', "port", "N", ""},
    {'f', "file", "FILE", ""},
    {'d', "daemon", "", ""},
    {'v', "verbosity", "N", "more"},
    {kNoLetter, "probe", "", ""},
    {'h', "help", "", ""},
    {'x', "", "", ""},
};
constexpr Syntax kOnlyNames[] = {{kNoLetter, "port", "N", ""}, {kNoLetter, "help", "", "yes"}};

// "port=5000 daemon=", or the error.
std::string Read(const std::vector<absl::string_view>& arguments,
                 absl::Span<const Syntax> rows = kRows,
                 std::vector<absl::string_view>* words = nullptr) {
  std::string text;
  const absl::Status status = ReadArguments(
      rows, arguments,
      [&](std::size_t row, absl::string_view value) {
        const absl::string_view name = rows[row].name.empty() ? "x" : rows[row].name;
        absl::StrAppend(&text, text.empty() ? "" : " ", name, "=", value);
        return value == "bad" ? absl::InvalidArgumentError("it is bad") : absl::OkStatus();
      },
      words);
  return status.ok() ? text : std::string(status.message());
}

TEST(ArgumentReaderTest, AValueMayBeWrittenInEveryWay) {
  EXPECT_EQ(Read({"-p", "5000"}), "port=5000");
  EXPECT_EQ(Read({"-p5000"}), "port=5000");
  EXPECT_EQ(Read({"-p 5000"}), "port=5000");
  EXPECT_EQ(Read({"--port", "5000"}), "port=5000");
  EXPECT_EQ(Read({"--port=5000"}), "port=5000");
  EXPECT_EQ(Read({"--port 5000"}), "port=5000");
  EXPECT_EQ(Read({"--po=5000"}), "port=5000") << "a unique beginning";
  EXPECT_EQ(Read({"--file=a b=c"}), "file=a b=c");
  EXPECT_EQ(Read({"-f a b"}), "file=a b");
  EXPECT_EQ(Read({"--file="}), "file=");
}

TEST(ArgumentReaderTest, LettersMayBeJoined) {
  EXPECT_EQ(Read({"-dxp0", "-d"}), "daemon= x= port=0 daemon=");
}

TEST(ArgumentReaderTest, AValueThatMayBeLeftOutIsGluedOrMissing) {
  EXPECT_EQ(Read({"-v", "-vv", "-v2", "-v 3", "-vd", "--verbosity", "--verbosity=4"}),
            "verbosity=more verbosity=more verbosity=more verbosity=2 verbosity=3 verbosity=more"
            " daemon= verbosity=more verbosity=4");
  EXPECT_EQ(Read({"-v", "2"}),
            "'2' is no option; options begin with '-'; a value of -v follows a =");
}

TEST(ArgumentReaderTest, WhatIsWrongIsToldWithWhatWouldBeRight) {
  const std::vector<std::pair<std::vector<absl::string_view>, std::string>> cases = {
      {{"-j"}, "-j: there is no such option; -h lists them"},
      {{"-dj"}, "-j: there is no such option; -h lists them"},
      {{"--nonsense"}, "--nonsense: there is no such option; -h lists them"},
      {{"--dameon"}, "--dameon: there is no such option; there is --daemon; -h lists them"},
      {{"--p=1"}, "--p may be --port or --probe; write it out"},
      {{"-p"}, "-p needs a value: -p <N>"},
      {{"--port"}, "--port needs a value: --port <N>"},
      {{"--daemon=yes"}, "--daemon takes no value"},
      {{"stray"}, "'stray' is no option; options begin with '-'"},
      {{"-"}, "'-' is no option; options begin with '-'"},
      {{"--"}, "--: there is no such option; -h lists them"},
      {{"-p", "bad", "--nonsense"}, "it is bad"},
  };
  for (const auto& [arguments, message] : cases) EXPECT_EQ(Read(arguments), message);
}

TEST(ArgumentReaderTest, WithoutLettersOneDashMakesNoOption) {
  EXPECT_EQ(Read({"-p"}, kOnlyNames), "'-p' is no option; options begin with --");
  EXPECT_EQ(Read({"--x"}, kOnlyNames), "--x: there is no such option; --help lists them");
  std::vector<absl::string_view> words;
  EXPECT_EQ(Read({"-5", "--port=1", "-"}, kOnlyNames, &words), "port=1");
  EXPECT_EQ(words, (std::vector<absl::string_view>{"-5", "-"}));
}

TEST(ArgumentReaderTest, WordsStandBetweenOptionsAndAfterTwoDashes) {
  std::vector<absl::string_view> words;
  EXPECT_EQ(Read({"one", "-p", "5", "two", "--", "-p", "--"}, kRows, &words), "port=5");
  EXPECT_EQ(words, (std::vector<absl::string_view>{"one", "two", "-p", "--"}));
}

}  // namespace
}  // namespace ringcache::flags

#include "flags/flag_table.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace ringcache::flags {
namespace {

enum class Colour { kRed, kGreen };
constexpr Words<2> kColours = {"red", "green"};

// A member that reads and spells itself.
struct Even {
  static absl::StatusOr<Even> Parse(absl::string_view text) {
    Even even;
    if (absl::SimpleAtoi(text, &even.number) && even.number % 2 == 0) return even;
    return Wrong(text, "not even");
  }
  std::string ToString() const { return absl::StrCat(number); }
  int number = 4;
};

struct Options {
  int count = 3;
  double share = 0.5;
  std::string name = "nobody";
  std::string file;
  std::vector<std::string> parts;
  Colour colour = Colour::kRed;
  bool loud = false;
  Even even;
  absl::Duration time = absl::Milliseconds(250);
  struct {
    unsigned depth = 7;
  } inner;
};

using F = Of<Options>;
constexpr auto kDepth = [](Options & o) -> auto& { return o.inner.depth; };
constexpr F::Row kRows[] = {
    F::Integer<&Options::count>("count", "how many"),
    F::IntegerWithin<kDepth, 1, 64>("depth", "how deep"),
    F::Number<&Options::share>("share", "X", "how much"),
    F::NonEmptyText<&Options::name>("name", "TEXT", "who"),
    F::Text<&Options::file>("file", "FILE", "where"),
    F::List<&Options::parts, ','>("parts", "LIST", "which"),
    F::Word<&Options::colour, kColours>("colour", "red|green", "", "of what colour"),
    F::Switch<&Options::loud>("loud", "whether loud"),
    F::Parsed<&Options::even>("even", "N", "an even number"),
    F::Short('t', F::Milliseconds<&Options::time, 1, 1000>("time", "how long")),
};

TEST(FlagTableTest, EveryKindReachesItsMember) {
  Options options;
  ASSERT_TRUE(F::Parse(kRows,
                       {"--count=-5", "--depth", "64", "--share=1e3", "--name=a=b",
                        "--file=", "--parts=a,,b", "--parts", "c", "--colour=green", "--loud",
                        "--even=8", "-t", "20"},
                       &options)
                  .ok());
  EXPECT_EQ(options.count, -5);
  EXPECT_EQ(options.inner.depth, 64u);
  EXPECT_EQ(options.share, 1000);
  EXPECT_EQ(options.name, "a=b");
  EXPECT_EQ(options.parts, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(options.colour, Colour::kGreen);
  EXPECT_TRUE(options.loud);
  EXPECT_EQ(options.even.number, 8);
  EXPECT_EQ(options.time, absl::Milliseconds(20));
}

TEST(FlagTableTest, WhatCannotBeReadIsToldWithWhatWouldBeRight) {
  const std::vector<std::pair<std::vector<absl::string_view>, std::string>> cases = {
      {{"--count=x"}, "--count: 'x' is no whole number that fits"},
      {{"--count=99999999999"}, "--count: '99999999999' is no whole number that fits"},
      {{"--depth=0"}, "--depth: '0' is no whole number from 1 to 64"},
      {{"--depth=65"}, "--depth: '65' is no whole number from 1 to 64"},
      {{"--share=-1"}, "--share: '-1' is no number from 0"},
      {{"--share=nan"}, "--share: 'nan' is no number from 0"},
      {{"--share=inf"}, "--share: 'inf' is no number from 0"},
      {{"--name="}, "--name: '' is empty"},
      {{"--colour=blue"}, "--colour: 'blue' is none of red, green"},
      {{"--loud=maybe"}, "--loud: 'maybe' is none of no, yes"},
      {{"--time=0"}, "--time: '0' is no number of milliseconds from 1 to 1000"},
      {{"-t1001"}, "--time: '1001' is no number of milliseconds from 1 to 1000"},
      {{"--even=3"}, "--even: '3' is not even"},
      {{"--colour"}, "--colour needs a value: --colour <red|green>"},
      {{"--other=1"}, "--other: there is no such option"},
      {{"count=1"}, "'count=1' is no option; options begin with '-'"},
      {{"--loud", "yes"},
       "'yes' is no option; options begin with '-'; a value of --loud follows a ="},
  };
  for (const auto& [arguments, message] : cases) {
    Options options;
    EXPECT_EQ(F::Parse(kRows, arguments, &options).message(), message);
  }
}

TEST(FlagTableTest, WordsStandBetweenOptionsAndAfterTwoDashes) {
  Options options;
  std::vector<absl::string_view> words;
  ASSERT_TRUE(F::Parse(kRows,
                       {"one", "--count", "5", "two", "--loud", "three", "--", "--loud=no", "--"},
                       &options, &words)
                  .ok());
  EXPECT_EQ(words, (std::vector<absl::string_view>{"one", "two", "three", "--loud=no", "--"}));
  EXPECT_EQ(options.count, 5);
  EXPECT_TRUE(options.loud);
}

TEST(FlagTableTest, TheHelpNamesEveryFlagWithItsDefault) {
  const std::string help = F::Help("Does something.", kRows);
  for (const char* line :
       {"Does something.\n\n", "  --count=N  (3)\n      how many\n", "  --depth=N  (7)\n",
        "  --share=X  (0.5)\n", "  --file=FILE\n", "  --parts=LIST\n",
        "  --colour=red|green  (red)\n", "  --loud[=no|yes]  (no)\n", "  --even=N  (4)\n",
        "  -t, --time=MS  (250)\n      how long\n"}) {
    EXPECT_NE(help.find(line), std::string::npos) << line << "\n" << help;
  }
}

}  // namespace
}  // namespace ringcache::flags

#include "tools/loadgen/load_flags.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ringcache::loadgen {
namespace {

std::string ErrorOf(const std::vector<absl::string_view>& arguments) {
  const auto options = ParseLoadOptions(arguments);
  return options.ok() ? "" : std::string(options.status().message());
}

#define EXPECT_ERROR(text, ...)                                            \
  do {                                                                     \
    const std::string error = ErrorOf(__VA_ARGS__);                        \
    EXPECT_NE(error.find(text), std::string::npos) << "'" << error << "'"; \
  } while (false)

TEST(LoadFlags, ReadsValuesInBothSpellings) {
  const auto options = ParseLoadOptions(
      {"--connections=7", "--depth", "16", "--prefill", "--mix=get=10,set=1", "--distribution=zipf",
       "--value-size", "10-20", "--dialect=meta", "--rate=1.5e3"});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->connections, 7);
  EXPECT_EQ(options->depth, 16);
  EXPECT_EQ(options->prefill, Prefill::kYes);
  EXPECT_EQ(options->mix.weights[0], 10u);
  EXPECT_EQ(options->mix.weights[1], 1u);
  EXPECT_EQ(options->distribution, KeyDistribution::Kind::kZipf);
  EXPECT_EQ(options->value_sizes.kind, ValueSizes::Kind::kUniform);
  EXPECT_EQ(options->dialect, Dialect::kMeta);
  EXPECT_EQ(options->rate_per_s, 1500);
}

TEST(LoadFlags, WhatIsSpelledReadsBackTheSame) {
  const auto options =
      ParseLoadOptions({"--mix=get=3,delete=2", "--value-size=lognormal:300:1.5:9000",
                        "--refill=sliding", "--warmup=0.5", "--verify=all", "--quiet"});
  ASSERT_TRUE(options.ok()) << options.status();
  std::vector<std::string> spelled;
  for (const auto& [name, value] : SpellLoadOptions(*options)) {
    spelled.push_back(absl::StrCat("--", name, "=", value));
  }
  const auto again =
      ParseLoadOptions(std::vector<absl::string_view>(spelled.begin(), spelled.end()));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(SpellLoadOptions(*again), SpellLoadOptions(*options));
}

TEST(LoadFlags, ErrorsNameTheOptionAndWhatWouldBeRight) {
  EXPECT_ERROR("--conections: there is no such option; there is --connections", {"--conections=5"});
  EXPECT_ERROR("'5' is no option", {"5"});
  EXPECT_ERROR("--depth needs a value", {"--depth"});
  EXPECT_ERROR("--depth: 'x' is no whole number", {"--depth=x"});
  EXPECT_ERROR("--depth: 0 is not between 1", {"--depth=0"});
  EXPECT_ERROR("--keys: '-1'", {"--keys=-1"});
  EXPECT_ERROR("none of batch, sliding", {"--refill=quick"});
  EXPECT_ERROR("--rate: 'nan'", {"--rate=nan"});
  EXPECT_ERROR("--mix: 'touch=1' is no share", {"--mix=get=1,touch=1"});
  EXPECT_ERROR("--mix: all shares are 0", {"--mix=get=0"});
  EXPECT_ERROR("--value-size: '9-5'", {"--value-size=9-5"});
  EXPECT_ERROR("--key-size: 10 is not between 12", {"--key-size=10"});
  EXPECT_ERROR("--key-size: 251", {"--key-size=251"});
  EXPECT_ERROR("--key-prefix: spaces", {"--key-prefix=a b"});
  EXPECT_ERROR("--threads: there are fewer connections", {"--threads=4", "--connections=3"});
  EXPECT_ERROR("keys in flight", {"--connections=1000", "--depth=65536"});
  EXPECT_ERROR("--multiget: a line of", {"--multiget=5000", "--connections=1"});
  EXPECT_ERROR("--multiget: the meta dialect", {"--multiget=2", "--dialect=meta"});
  EXPECT_ERROR("--meta-return-key: needs", {"--meta-return-key"});
  EXPECT_ERROR("--check: size needs", {"--check=size", "--mix=get=1,set=1"});
  EXPECT_ERROR("a value of --prefill follows a =", {"--prefill", "only"});
  EXPECT_ERROR("--duration: ", {"--duration=1e9"});
}

TEST(LoadFlags, EveryRunIsBounded) {
  EXPECT_EQ(ParseLoadOptions({})->EffectiveDurationS(), 10);
  EXPECT_EQ(ParseLoadOptions({"--requests=5"})->EffectiveDurationS(),
            LoadOptions::kRequestsDurationS);
  EXPECT_EQ(ParseLoadOptions({"--duration=0.5"})->EffectiveDurationS(), 0.5);
}

TEST(LoadFlags, HelpNamesEveryOption) {
  const std::string help = LoadOptionsHelp();
  for (const auto& [name, value] : SpellLoadOptions(LoadOptions())) {
    EXPECT_NE(help.find(absl::StrCat("--", name)), std::string::npos) << name;
  }
  EXPECT_TRUE(ParseLoadOptions({"--help"})->help);
}

}  // namespace
}  // namespace ringcache::loadgen

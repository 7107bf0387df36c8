#include "tools/trace/trace_flags.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::trace {
namespace {

using Words = std::vector<absl::string_view>;

std::string ProblemOf(const Words& words) {
  return std::string(ParseTraceOptions(words).status().message());
}

TEST(ParseTraceOptions, ReadsEveryKindOfFlag) {
  const auto options = ParseTraceOptions(
      Words{"--in-process", "--memcached=yes", "--server=127.0.0.1:1,unix:/x", "-m", "32",
            "--curve=16,32", "--requests", "77", "--zipf-exponent=0.9", "--value-size=10-20",
            "--ttl=5", "--format=keys", "--file=f", "--reference=no", "--memcached-arguments=-t 1",
            "--eviction=slru"});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_TRUE(options->in_process && options->memcached && !options->reference);
  EXPECT_EQ(options->servers, std::vector<std::string>({"127.0.0.1:1", "unix:/x"}));
  EXPECT_EQ(options->memory_mib, 32);
  EXPECT_EQ(options->MemorySizes(), std::vector<int>({16, 32}));
  EXPECT_EQ(options->requests, 77u);
  EXPECT_EQ(options->synthetic.zipf_exponent, 0.9);
  EXPECT_EQ(options->synthetic.value_sizes.ToString(), "10-20");
  EXPECT_EQ(options->synthetic.lifetimes.max_s, 5u);
  EXPECT_EQ(options->format, FileFormat::kKeys);
  EXPECT_EQ(options->eviction, storage::EvictionKind::kSegmentedLru);
  EXPECT_EQ(options->memcached_arguments, std::vector<std::string>({"-t", "1"}));
}

TEST(ParseTraceOptions, SaysWhatIsWrong) {
  EXPECT_EQ(ProblemOf({}),
            "there is no target: give --in-process, --memcached or --server=HOST:PORT");
  EXPECT_EQ(ProblemOf({"--bogus"}), "--bogus: there is no such option; --help lists them");
  EXPECT_EQ(ProblemOf({"--in-process", "trace.csv"}),
            "'trace.csv' is no option; options begin with --; a value of --in-process follows a =");
  EXPECT_EQ(ProblemOf({"--requests"}), "--requests needs a value: --requests <N>");
  EXPECT_EQ(ProblemOf({"--requests=0"}), "--requests: '0' is no whole number from 1");
  EXPECT_EQ(ProblemOf({"--in-process=maybe"}), "--in-process: 'maybe' is none of no, yes");
  EXPECT_EQ(ProblemOf({"--zipf-exponent=nan"}), "--zipf-exponent: 'nan' is no number from 0");
  EXPECT_EQ(ProblemOf({"--curve=16,x"}),
            "--curve: 'x' is no size in MiB; sizes are given as 16,32,64");
  EXPECT_EQ(ProblemOf({"--in-process", "--curve=32,16"}),
            "--curve: sizes must ascend, such as 16,32,64");
  EXPECT_EQ(ProblemOf({"--in-process", "-m", "0"}), "--memory: 0 MiB is not within 1 and 1048576");
  EXPECT_EQ(ProblemOf({"--in-process", "--flush"}), "--flush needs --server");
  EXPECT_EQ(ProblemOf({"--in-process", "--growth-factor=1"}),
            "--growth-factor is not above 1 and at most 10, nor 0");
  EXPECT_EQ(ProblemOf({"--in-process", "--eviction=lru"}),
            "--eviction: 'lru' is none of s3fifo, slru");
  EXPECT_EQ(ProblemOf({"--in-process", "--batch=0"}), "--batch is not within 1 and 4096");
}

TEST(ParseTraceOptions, HelpNamesEveryFlagAndNeedsNoTarget) {
  EXPECT_TRUE(ParseTraceOptions(Words{"--help"})->help);
  for (const char* const flag :
       {"--in-process", "--memory=N  (64)", "--curve", "--ttl", "--json"}) {
    EXPECT_NE(TraceOptionsHelp().find(flag), std::string::npos) << flag;
  }
}

}  // namespace
}  // namespace ringcache::trace

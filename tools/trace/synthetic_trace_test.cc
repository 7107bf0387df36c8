#include "tools/trace/synthetic_trace.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::trace {
namespace {

std::vector<TraceRequest> Draw(const SyntheticOptions& options) {
  EXPECT_TRUE(options.Validate().ok()) << options.Validate();
  SyntheticTrace trace(options);
  std::vector<TraceRequest> requests;
  TraceRequest request;
  while (trace.Next(&request)) requests.push_back(request);
  return requests;
}

std::map<std::string, int> CountKeys(const std::vector<TraceRequest>& requests) {
  std::map<std::string, int> counts;
  for (const TraceRequest& request : requests) ++counts[request.key];
  return counts;
}

std::string Fingerprint(const std::vector<TraceRequest>& requests) {
  std::string text;
  for (const TraceRequest& r : requests) {
    text += r.key + " " + std::to_string(r.value_bytes) + " " + std::to_string(r.ttl_s) + "\n";
  }
  return text;
}

// What key number `rank` is called.
std::string KeyOf(const SyntheticOptions& options, std::uint32_t rank) {
  return loadgen::KeySpace(options.keys, options.key_bytes, "").KeyOf(rank);
}

SyntheticOptions Small() {
  SyntheticOptions options;
  options.requests = 200'000;
  options.keys = 1000;
  return options;
}

TEST(SyntheticTrace, TheSeedDecidesTheTrace) {
  SyntheticOptions options = Small();
  options.requests = 1000;
  options.one_hit_share = 0.1;
  const std::string first = Fingerprint(Draw(options));
  EXPECT_EQ(Fingerprint(Draw(options)), first);
  options.seed = 2;
  EXPECT_NE(Fingerprint(Draw(options)), first);
}

TEST(SyntheticTrace, PopularityFollowsZipfsLaw) {
  const SyntheticOptions options = Small();
  std::map<std::string, int> counts = CountKeys(Draw(options));
  double harmonic = 0;
  for (std::uint32_t rank = 1; rank <= options.keys; ++rank) harmonic += 1.0 / rank;
  for (const std::uint32_t rank : {0u, 1u, 9u, 99u}) {
    const double expected = static_cast<double>(options.requests) / (rank + 1) / harmonic;
    // Five standard deviations of a count.
    EXPECT_NEAR(counts[KeyOf(options, rank)], expected, 5 * std::sqrt(expected)) << rank;
  }
}

TEST(SyntheticTrace, ExponentZeroAsksForAllKeysAlike) {
  SyntheticOptions options = Small();
  options.zipf_exponent = 0;
  const std::map<std::string, int> counts = CountKeys(Draw(options));
  EXPECT_EQ(counts.size(), options.keys);
  for (const auto& [key, count] : counts) EXPECT_NEAR(count, 200, 6 * std::sqrt(200)) << key;
}

TEST(SyntheticTrace, OneHitWondersComeOnceAndHaveTheirShare) {
  SyntheticOptions options = Small();
  options.one_hit_share = 0.2;
  std::set<std::string> known;
  for (std::uint32_t rank = 0; rank < options.keys; ++rank) known.insert(KeyOf(options, rank));
  int wonders = 0;
  for (const auto& [key, count] : CountKeys(Draw(options))) {
    if (known.contains(key)) continue;
    ++wonders;
    EXPECT_EQ(count, 1) << key;
  }
  EXPECT_NEAR(wonders, 0.2 * 200'000, 5 * std::sqrt(200'000 * 0.2 * 0.8));
}

TEST(SyntheticTrace, AScanReadsKeysOnceAndTheNextGoesOn) {
  SyntheticOptions options = Small();
  options.requests = 2000;
  options.scan_every = 300;
  options.scan_keys = 600;
  const std::vector<TraceRequest> requests = Draw(options);
  std::set<std::string> scanned;
  for (int i = 300; i < 900; ++i) scanned.insert(requests[i].key);
  EXPECT_EQ(scanned.size(), 600u);
  // 400 keys are left; then it begins anew.
  for (int i = 1200; i < 1600; ++i) EXPECT_TRUE(scanned.insert(requests[i].key).second) << i;
  EXPECT_EQ(requests[1600].key, requests[300].key);
}

TEST(SyntheticTrace, AShiftMakesTheMostPopularKeysTheLeast) {
  SyntheticOptions options = Small();
  options.shift_every = 100'000;
  options.shift_keys = 10;
  const std::vector<TraceRequest> requests = Draw(options);
  auto before = CountKeys({requests.begin(), requests.begin() + 100'000});
  auto after = CountKeys({requests.begin() + 100'000, requests.end()});
  const auto most = [](const std::map<std::string, int>& counts) {
    return std::max_element(counts.begin(), counts.end(),
                            [](const auto& a, const auto& b) { return a.second < b.second; })
        ->first;
  };
  EXPECT_EQ(most(before), KeyOf(options, 0));
  EXPECT_EQ(most(after), KeyOf(options, 10));
  EXPECT_LT(after[KeyOf(options, 0)], 100);
}

TEST(SyntheticTrace, SizesAndLifetimesBelongToTheKey) {
  SyntheticOptions options = Small();
  options.value_sizes = *loadgen::ValueSizes::Parse("10-400");
  options.lifetimes = *Lifetimes::Parse("60-3600");
  std::map<std::string, std::pair<std::uint32_t, std::uint32_t>> first;
  double bytes = 0, lifetimes = 0;
  for (const TraceRequest& request : Draw(options)) {
    const std::pair<std::uint32_t, std::uint32_t> both(request.value_bytes, request.ttl_s);
    const auto [known, is_new] = first.emplace(request.key, both);
    EXPECT_EQ(known->second, both);
    EXPECT_TRUE(request.value_bytes >= 10 && request.value_bytes <= 400);
    EXPECT_TRUE(request.ttl_s >= 60 && request.ttl_s <= 3600);
    if (is_new) bytes += request.value_bytes, lifetimes += request.ttl_s;
  }
  // Five standard errors of the mean of a thousand.
  EXPECT_NEAR(bytes / 1000, 205, 5 * 390 / std::sqrt(12 * 1000));
  EXPECT_NEAR(lifetimes / 1000, 1830, 5 * 3540 / std::sqrt(12 * 1000));
}

TEST(SyntheticTrace, TimePassesAtTheRate) {
  SyntheticOptions options = Small();
  options.requests = 1000;
  options.rate_per_s = 100;
  const std::vector<TraceRequest> requests = Draw(options);
  EXPECT_EQ(requests[99].time_s, 0u);
  EXPECT_EQ(requests[100].time_s, 1u);
  EXPECT_EQ(requests[999].time_s, 9u);
}

TEST(SyntheticOptions, RefusesWhatCannotBeDrawn) {
  const auto problem = [](auto change) {
    SyntheticOptions options;
    change(options);
    return std::string(options.Validate().message());
  };
  EXPECT_EQ(problem([](auto& o) { o.requests = 0; }), "--requests must be at least 1");
  EXPECT_EQ(problem([](auto& o) { o.key_bytes = 7; }), "--key-size=7 is not within 8 and 250");
  EXPECT_EQ(problem([](auto& o) { o.one_hit_share = 1.5; }),
            "--one-hit-share=1.5 is no share between 0 and 1");
  EXPECT_EQ(problem([](auto& o) { o.scan_every = 1, o.keys = 5; }),
            "--scan-keys=10000 is not within 1 and --keys=5");
  EXPECT_EQ(problem([](auto& o) { o.one_hit_share = 0.1, o.requests = 1ull << 32; }),
            "--keys and --requests add up to 2^32 or more");
}

TEST(Lifetimes, AreReadAndSpelled) {
  for (const char* const text : {"0", "60", "60-3600"}) {
    EXPECT_EQ(Lifetimes::Parse(text)->ToString(), text);
  }
  for (const char* const text : {"", "x", "-5", "9-3", "0-9", "1-2-3"}) {
    EXPECT_FALSE(Lifetimes::Parse(text).ok()) << text;
  }
}

}  // namespace
}  // namespace ringcache::trace

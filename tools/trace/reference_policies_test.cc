#include "tools/trace/reference_policies.h"

#include <algorithm>
#include <list>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tools/trace/cache_model.h"
#include "tools/trace/trace_census.h"

namespace ringcache::trace {
namespace {

class ListedRequests final : public TraceSource {
 public:
  explicit ListedRequests(std::vector<TraceRequest> requests) : requests_(std::move(requests)) {}
  bool Next(TraceRequest* request) override {
    if (next_ == requests_.size()) return false;
    *request = requests_[next_++];
    return true;
  }

 private:
  std::vector<TraceRequest> requests_;
  std::size_t next_ = 0;
};

TraceCensus CensusOf(const std::vector<TraceRequest>& requests) {
  ListedRequests source(requests);
  return *TraceCensus::Take(&source);
}

// A read of each letter.
TraceCensus ReadsOf(const std::string& letters) {
  std::vector<TraceRequest> requests(letters.size());
  for (std::size_t i = 0; i < letters.size(); ++i) requests[i].key = letters.substr(i, 1);
  return CensusOf(requests);
}

TEST(SimulateLru, EvictsWhatWasUsedLongestAgo) {
  const HitCounts counts = SimulateLru(ReadsOf("abacab"), 2);
  EXPECT_EQ(counts.whole.reads, 6u);
  EXPECT_EQ(counts.whole.hits, 2u);  // a, and a again; b had gone for c
  EXPECT_EQ(counts.second_half.reads, 3u);
  EXPECT_EQ(counts.second_half.hits, 1u);
}

// Used keys, latest first: slow and obvious.
HitCounts NaiveLru(const std::vector<TraceRequest>& requests, std::size_t capacity) {
  std::list<std::string> used;
  HitCounts counts;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const TraceRequest& request = requests[i];
    const auto found = std::find(used.begin(), used.end(), request.key);
    const bool present = found != used.end();
    if (request.operation == TraceOperation::kRead) counts.Add(present, i >= requests.size() / 2);
    const bool stays = present && request.operation == TraceOperation::kAdd;
    if (stays || (!present && (request.operation == TraceOperation::kReplace ||
                               request.operation == TraceOperation::kDelete))) {
      continue;
    }
    if (present) used.erase(found);
    if (request.operation == TraceOperation::kDelete) continue;
    if (used.size() == capacity) used.pop_back();
    used.push_front(request.key);
  }
  return counts;
}

TEST(SimulateLru, EqualsAListThatIsSearched) {
  for (const std::size_t capacity : {1, 2, 10, 39, 100}) {
    const std::vector<TraceRequest> requests = RandomRequests(capacity, 3000, false);
    const HitCounts expected = NaiveLru(requests, capacity);
    const HitCounts counts = SimulateLru(CensusOf(requests), capacity);
    EXPECT_EQ(counts.whole.hits, expected.whole.hits) << capacity;
    EXPECT_EQ(counts.second_half.hits, expected.second_half.hits) << capacity;
    EXPECT_EQ(counts.second_half.reads, expected.second_half.reads) << capacity;
  }
}

TEST(StaticOptimum, HoldsTheMostReadKeysFromTheStart) {
  const TraceCensus census = ReadsOf("cbbaaacb");
  EXPECT_EQ(StaticOptimum(census, 1).whole.hits, 3u);  // b, which came before a
  EXPECT_EQ(StaticOptimum(census, 2).whole.hits, 6u);
  EXPECT_EQ(StaticOptimum(census, 2).second_half.hits, 3u);
  EXPECT_EQ(StaticOptimum(census, 99).whole.hits, 8u);
}

TEST(TraceCensus, CountsKeysReadsAndBytes) {
  const TraceCensus census = CensusOf(RandomRequests(1, 1000, true));
  EXPECT_EQ(census.requests(), 1000u);
  EXPECT_EQ(census.keys(), 40u);
  EXPECT_TRUE(census.has_lifetimes());
  EXPECT_NEAR(census.mean_item_bytes(), 5.75 + 150, 15);
}

TEST(TraceCensus, RefusesAnEmptyTrace) {
  ListedRequests source({});
  EXPECT_EQ(TraceCensus::Take(&source).status().message(), "the trace has no request");
}

}  // namespace
}  // namespace ringcache::trace

#include "hashring/placement/top_scores.h"

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::hashring {
namespace {

TEST(TopScoresTest, AreTheBeginningOfTheSortedScores) {
  std::mt19937 random(7);
  for (const std::size_t wanted : {0, 1, 3, 8, 9, 100, 150}) {
    std::vector<Scored> all;
    TopScores top(wanted);
    for (std::uint32_t slot = 0; slot < 100; ++slot) {
      // Few scores, so that many are equal.
      all.push_back(
          {static_cast<double>(random() % 20), static_cast<std::uint32_t>(slot * 37 % 100), slot});
      top.Offer(all.back());
    }
    std::sort(all.begin(), all.end(),
              [](const Scored& a, const Scored& b) { return a.BetterThan(b); });
    std::vector<std::uint32_t> ranked(wanted);
    ASSERT_EQ(top.Take(absl::MakeSpan(ranked)), std::min<std::size_t>(wanted, all.size()));
    for (std::size_t i = 0; i < std::min(wanted, all.size()); ++i) {
      EXPECT_EQ(ranked[i], all[i].slot) << i << " of " << wanted;
    }
  }
}

}  // namespace
}  // namespace ringcache::hashring

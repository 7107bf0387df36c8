#include "hashring/placement/salted_rank.h"

#include <cstdint>
#include <set>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::hashring {
namespace {

TEST(SaltedRankTest, EndsEvenIfOneSlotIsDrawnForEver) {
  std::vector<std::uint32_t> ranked(7);
  const auto draw = [](std::uint64_t) { return std::uint32_t{3}; };
  ASSERT_EQ(RankBySalt(/*hash=*/1, /*slots=*/5, /*first=*/3, absl::MakeSpan(ranked), draw), 5u);
  ranked.resize(5);
  EXPECT_EQ(ranked, (std::vector<std::uint32_t>{3, 4, 0, 1, 2}));
}

TEST(SaltedRankTest, TakesWhatIsDrawnAndPassesOverWhatWasBefore) {
  std::vector<std::uint32_t> draws = {2, 2, 0, 2, 0, 1};
  std::size_t drawn = 0;
  const auto draw = [&](std::uint64_t) { return draws[drawn++]; };
  std::vector<std::uint32_t> ranked(3);
  ASSERT_EQ(RankBySalt(1, 10, 2, absl::MakeSpan(ranked), draw), 3u);
  EXPECT_EQ(ranked, (std::vector<std::uint32_t>{2, 0, 1}));
}

TEST(SaltedRankTest, EverySaltGivesAnotherHash) {
  std::set<std::uint64_t> seen;
  for (std::uint64_t salt = 1; salt <= 10000; ++salt) {
    EXPECT_TRUE(seen.insert(SaltedHash(42, salt)).second) << salt;
  }
}

}  // namespace
}  // namespace ringcache::hashring

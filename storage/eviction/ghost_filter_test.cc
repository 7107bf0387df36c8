#include "storage/eviction/ghost_filter.h"

#include <cstddef>
#include <cstdint>

#include "gtest/gtest.h"

namespace ringcache::storage {
namespace {

class GhostFilterTest : public testing::Test {
 protected:
  // The n-th hash of a fixed sequence (splitmix64).
  static std::uint64_t HashNumber(std::uint64_t n) {
    std::uint64_t hash = (n + 1) * 0x9e3779b97f4a7c15;
    hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
    hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
    return hash ^ (hash >> 31);
  }
  void PutAll(std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t n = from; n < to; ++n) ghosts_.Put(HashNumber(n));
  }
  int TakeAll(std::uint64_t from, std::uint64_t to) {
    int taken = 0;
    for (std::uint64_t n = from; n < to; ++n) taken += ghosts_.Take(HashNumber(n)) ? 1 : 0;
    return taken;
  }
  GhostFilter ghosts_;
};

TEST_F(GhostFilterTest, AnEmptyOneRemembersNothingAndTakesNoMemory) {
  EXPECT_FALSE(ghosts_.Take(1));
  EXPECT_EQ(ghosts_.bytes(), 0u);
}

TEST_F(GhostFilterTest, ForgetsWhatWasTaken) {
  ghosts_.GrowTo(1024);
  ghosts_.Put(HashNumber(1));
  EXPECT_TRUE(ghosts_.Take(HashNumber(1)));
  EXPECT_FALSE(ghosts_.Take(HashNumber(1)));
}

TEST_F(GhostFilterTest, AHashOfZeroIsRememberedLikeAnyOther) {
  ghosts_.GrowTo(1024);
  EXPECT_FALSE(ghosts_.Take(0));
  ghosts_.Put(0);
  EXPECT_TRUE(ghosts_.Take(0));
  EXPECT_FALSE(ghosts_.Take(0));
}

TEST_F(GhostFilterTest, ASetForgetsItsOldestFirstAndTakingLeavesNoGap) {
  ghosts_.GrowTo(1024);
  // One set: only the fingerprints differ.
  const auto hash = [](std::uint64_t n) { return n << 48; };
  for (std::uint64_t n = 1; n <= 9; ++n) ghosts_.Put(hash(n));
  EXPECT_FALSE(ghosts_.Take(hash(1))) << "eight are newer";
  EXPECT_TRUE(ghosts_.Take(hash(5)));
  ghosts_.Put(hash(10));
  EXPECT_TRUE(ghosts_.Take(hash(2))) << "it took the place that was given up";
  for (std::uint64_t n : {3, 4, 6, 7, 8, 9, 10}) EXPECT_TRUE(ghosts_.Take(hash(n))) << n;
}

TEST_F(GhostFilterTest, RemembersMostOfItsCapacityAndNothingMuchOlder) {
  ghosts_.GrowTo(4096);
  ASSERT_EQ(ghosts_.capacity(), 4096u);
  PutAll(0, 20'000);
  EXPECT_LE(TakeAll(0, 20'000 - 3 * 4096), 20);
  // The last half of its capacity: few sets had more than eight of them.
  EXPECT_GT(TakeAll(20'000 - 2048, 20'000), 2048 * 9 / 10);
}

TEST_F(GhostFilterTest, RemembersMostOfACapacityThatIsNoPowerOfTwo) {
  ghosts_.GrowTo(11'000);
  ASSERT_EQ(ghosts_.capacity(), 11u * 1024);
  PutAll(0, 60'000);
  const int remembered = TakeAll(60'000 - 11'264, 60'000);
  EXPECT_GT(remembered, 11'264 * 7 / 10);
}

TEST_F(GhostFilterTest, DoesNotRememberStrangers) {
  ghosts_.GrowTo(4096);
  PutAll(0, 4096);
  // 8 in 65,536 of them at most: 12 expected with full sets.
  EXPECT_LE(TakeAll(1'000'000, 1'100'000), 40);
}

TEST_F(GhostFilterTest, TakesTwoBytesAGhostWhenWritten) {
  ghosts_.GrowTo(100'000);
  EXPECT_LT(ghosts_.bytes(), 1000u) << "segments come as they are written";
  PutAll(0, 100'000);
  EXPECT_LT(ghosts_.bytes(), 2.05 * static_cast<double>(ghosts_.capacity()));
  EXPECT_GE(ghosts_.bytes(), 2 * ghosts_.capacity());
}

TEST_F(GhostFilterTest, GrowingForgetsNothing) {
  ghosts_.GrowTo(4096);
  PutAll(0, 1500);
  GhostFilter unchanged;
  unchanged.GrowTo(4096);
  for (std::uint64_t n = 0; n < 1500; ++n) unchanged.Put(HashNumber(n));
  for (std::size_t segments = 5; segments <= 11; ++segments) {
    ghosts_.GrowTo(11 * GhostFilter::kGhostsPerSegment);
    EXPECT_EQ(ghosts_.capacity(), segments * GhostFilter::kGhostsPerSegment);
  }
  for (std::uint64_t n = 0; n < 1500; ++n) {
    EXPECT_EQ(ghosts_.Take(HashNumber(n)), unchanged.Take(HashNumber(n))) << n;
  }
  ghosts_.GrowTo(10);
  EXPECT_EQ(ghosts_.capacity(), 11u * GhostFilter::kGhostsPerSegment);
}

TEST_F(GhostFilterTest, ShrinkingGivesBackMemorySegmentBySegment) {
  ghosts_.GrowTo(4096);
  PutAll(0, 4000);
  const std::size_t before = ghosts_.bytes();
  ghosts_.ShrinkTo(3073);
  EXPECT_EQ(ghosts_.capacity(), 4096u) << "less than a segment is too much";
  ghosts_.ShrinkTo(0);
  EXPECT_EQ(ghosts_.capacity(), 3072u);
  EXPECT_EQ(ghosts_.bytes(), before - 2048);
  PutAll(5000, 5100);
  EXPECT_EQ(TakeAll(5000, 5100), 100);
  for (int call = 0; call < 4; ++call) ghosts_.ShrinkTo(0);
  EXPECT_EQ(ghosts_.capacity(), 0u);
  EXPECT_FALSE(ghosts_.Take(HashNumber(4000)));
}

}  // namespace
}  // namespace ringcache::storage

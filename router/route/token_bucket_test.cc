#include "router/route/token_bucket.h"

#include "gtest/gtest.h"

namespace ringcache::router {
namespace {

int TakeAll(TokenBucket* bucket, absl::Duration now) {
  int taken = 0;
  while (bucket->Take(now)) ++taken;
  return taken;
}

TEST(TokenBucketTest, ABurstIsThereAtTheBeginning) {
  TokenBucket bucket(10, 3);
  EXPECT_EQ(TakeAll(&bucket, absl::ZeroDuration()), 3);
}

TEST(TokenBucketTest, ItFillsWithItsRateAndNotPastTheBurst) {
  TokenBucket bucket(10, 3);
  TakeAll(&bucket, absl::ZeroDuration());
  EXPECT_EQ(TakeAll(&bucket, absl::Milliseconds(250)), 2);
  EXPECT_EQ(TakeAll(&bucket, absl::Milliseconds(300)), 1);
  EXPECT_EQ(TakeAll(&bucket, absl::Seconds(100)), 3);
}

TEST(TokenBucketTest, ARateOfNothingEndsWithTheBurst) {
  TokenBucket bucket(0, 1);
  EXPECT_TRUE(bucket.Take(absl::ZeroDuration()));
  EXPECT_FALSE(bucket.Take(absl::Hours(1000)));
}

}  // namespace
}  // namespace ringcache::router

#include "router/exchange_pool.h"

#include <cstddef>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::router {
namespace {

class Counted {
 public:
  explicit Counted(WorkerContext*) { ++alive; }
  ~Counted() { --alive; }

  static int alive;
};
int Counted::alive = 0;

TEST(ExchangePoolTest, WhatWasGivenBackIsGivenOutAgain) {
  ExchangePool<Counted> pool(nullptr);
  Counted* const first = pool.Take();
  Counted* const second = pool.Take();
  EXPECT_NE(first, second);
  EXPECT_EQ(pool.in_use(), 2u);
  pool.GiveBack(first);
  EXPECT_EQ(pool.in_use(), 1u);
  EXPECT_EQ(pool.Take(), first);
  EXPECT_EQ(Counted::alive, 2);
  pool.GiveBack(first);
  pool.GiveBack(second);
}

TEST(ExchangePoolTest, NothingIsFreedBeforeTheEndOfAWakeUpAndThenAllPastTheBound) {
  {
    ExchangePool<Counted> pool(nullptr);
    constexpr std::size_t kMany = ExchangePool<Counted>::kMaxFree + 10;
    std::vector<Counted*> taken;
    for (std::size_t i = 0; i < kMany; ++i) taken.push_back(pool.Take());
    for (Counted* const counted : taken) pool.GiveBack(counted);
    EXPECT_EQ(Counted::alive, static_cast<int>(kMany));
    pool.Trim();
    EXPECT_EQ(Counted::alive, static_cast<int>(ExchangePool<Counted>::kMaxFree));
    EXPECT_EQ(pool.in_use(), 0u);
    pool.Trim();
    EXPECT_EQ(Counted::alive, static_cast<int>(ExchangePool<Counted>::kMaxFree));
  }
  EXPECT_EQ(Counted::alive, 0);
}

}  // namespace
}  // namespace ringcache::router

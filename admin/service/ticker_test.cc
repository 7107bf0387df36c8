#include "admin/service/ticker.h"

#include <future>
#include <memory>

#include "gtest/gtest.h"

namespace ringcache::admin {
namespace {

class TwoTicks final : public Ticker::Sleeper {
 public:
  void Tick() override {
    if (++ticks_ == 2) second_.set_value();
  }
  void Close() override {}
  void Await() { second_.get_future().wait(); }

 private:
  int ticks_ = 0;
  std::promise<void> second_;
};

class Idle final : public Ticker::Sleeper {
 public:
  void Tick() override {}
  void Close() override { is_closed = true; }

  bool is_closed = false;
};

TEST(TickerTest, WhatWasAddedIsTickedAgainAndAgain) {
  Ticker ticker(2);
  const auto first = std::make_shared<TwoTicks>();
  const auto second = std::make_shared<TwoTicks>();
  ASSERT_TRUE(ticker.Add(first));
  first->Await();
  ASSERT_TRUE(ticker.Add(second));
  second->Await();
}

TEST(TickerTest, NoMoreAreTakenThanMayBe) {
  Ticker ticker(1);
  const auto first = std::make_shared<Idle>();
  EXPECT_TRUE(ticker.Add(first));
  EXPECT_FALSE(ticker.Add(std::make_shared<Idle>()));
  ticker.Remove(first.get());
  ticker.Remove(first.get());
  EXPECT_TRUE(ticker.Add(std::make_shared<Idle>()));
}

TEST(TickerTest, ClosingTellsAllAndTakesNoMore) {
  Ticker ticker(2);
  const auto one = std::make_shared<Idle>();
  ASSERT_TRUE(ticker.Add(one));
  ticker.Close();
  EXPECT_TRUE(one->is_closed);
  EXPECT_FALSE(ticker.Add(std::make_shared<Idle>()));
}

}  // namespace
}  // namespace ringcache::admin

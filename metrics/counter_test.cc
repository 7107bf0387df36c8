#include "metrics/counter.h"

#include <thread>

#include "gtest/gtest.h"

namespace ringcache::metrics {
namespace {

enum class Event { kHit, kMiss, kCount };
using Events = CounterBlock<Event>;

TEST(CounterTest, CountsUpAndDown) {
  Counter counter;
  counter.Add();
  counter.Add(41);
  EXPECT_EQ(counter.value(), 42u);
  counter.Subtract(2);
  EXPECT_EQ(counter.value(), 40u);
}

TEST(CounterTest, BlocksOfWorkersAddUp) {
  Events first;
  Events second;
  first[Event::kHit].Add(3);
  second[Event::kHit].Add(4);
  second[Event::kMiss].Add();
  Events::Totals totals;
  first.AddTo(&totals);
  second.AddTo(&totals);
  EXPECT_EQ(totals[Event::kHit], 7u);
  EXPECT_EQ(totals[Event::kMiss], 1u);
}

TEST(CounterTest, NeighbouringBlocksShareNoCacheLine) {
  const Events blocks[2];
  const auto distance =
      reinterpret_cast<const char*>(&blocks[1]) - reinterpret_cast<const char*>(&blocks[0]);
  EXPECT_GE(distance, 128);
}

TEST(CounterTest, IsReadableWhileItsWriterCounts) {
  constexpr std::uint64_t kCounts = 100'000;
  Events events;
  std::thread writer([&events] {
    for (std::uint64_t i = 0; i < kCounts; ++i) events[Event::kHit].Add();
  });
  std::uint64_t last = 0;
  while (last < kCounts) {
    Events::Totals totals;
    events.AddTo(&totals);
    ASSERT_GE(totals[Event::kHit], last);
    last = totals[Event::kHit];
  }
  writer.join();
}

}  // namespace
}  // namespace ringcache::metrics

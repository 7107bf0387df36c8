#include "net/timer_queue.h"

#include <map>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::net {
namespace {

TEST(TimerQueueTest, HasNoDeadlineWhenEmpty) {
  TimerQueue queue;
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.NextDeadline(), TimerQueue::kNever);
}

TEST(TimerQueueTest, CancellingFreesWhatTheTaskCaptured) {
  TimerQueue queue;
  const auto captured = std::make_shared<int>(1);
  const TimerQueue::TimerId timer = queue.Add(10, [captured] {});
  EXPECT_EQ(captured.use_count(), 2);
  queue.Cancel(timer);
  EXPECT_EQ(captured.use_count(), 1);
  EXPECT_EQ(queue.NextDeadline(), TimerQueue::kNever);
}

TEST(TimerQueueTest, AnOldIdDoesNotCancelTheTimerThatTookItsPlace) {
  TimerQueue queue;
  const TimerQueue::TimerId first = queue.Add(10, [] {});
  queue.Cancel(first);
  queue.Add(20, [] {});
  queue.Cancel(first);
  EXPECT_EQ(queue.NextDeadline(), 20);
}

TEST(TimerQueueTest, TimersAddedAfterTheMarkAreLeftForTheNextPass) {
  TimerQueue queue;
  queue.Add(10, [] {});
  const TimerQueue::TimerId mark = queue.Mark();
  queue.Add(10, [] {});
  TimerQueue::Task task;
  EXPECT_TRUE(queue.PopDue(10, mark, &task));
  EXPECT_FALSE(queue.PopDue(10, mark, &task));
  EXPECT_TRUE(queue.PopDue(10, queue.Mark(), &task));
}

// A timeout per request that the reply cancels: the deadlines are far, the entries must not pile
// up.
TEST(TimerQueueTest, CancelledTimersDoNotPileUp) {
  TimerQueue queue;
  for (int i = 0; i < 100'000; ++i) {
    queue.Cancel(queue.Add(1'000'000 + i, [] {}));
    ASSERT_LE(queue.entries(), 100u);
  }
}

TEST(TimerQueueTest, RunsTheSameTimersAsAnOrderedMap) {
  const unsigned seed = std::random_device{}();
  std::printf("seed %u\n", seed);
  std::mt19937 random(seed);
  TimerQueue queue;
  std::map<std::pair<std::int64_t, TimerQueue::TimerId>, int> model;
  std::int64_t now = 0;
  int ran = -1;
  for (int step = 0; step < 20'000; ++step) {
    const unsigned choice = random() % 8;
    if (choice < 4) {
      const std::int64_t deadline = now + random() % 100;
      model[{deadline, queue.Add(deadline, [&ran, step] { ran = step; })}] = step;
    } else if (choice < 7 && !model.empty()) {
      const auto victim = std::next(model.begin(), random() % model.size());
      queue.Cancel(victim->first.second);
      model.erase(victim);
    } else {
      now += random() % 20;
      TimerQueue::Task task;
      while (queue.PopDue(now, queue.Mark(), &task)) {
        task();
        ASSERT_FALSE(model.empty());
        ASSERT_EQ(ran, model.begin()->second);
        model.erase(model.begin());
      }
    }
    ASSERT_EQ(queue.NextDeadline(),
              model.empty() ? TimerQueue::kNever : model.begin()->first.first);
  }
}

}  // namespace
}  // namespace ringcache::net

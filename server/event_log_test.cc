#include "server/event_log.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"

namespace ringcache::server {
namespace {

constexpr EventLog::Options kSmall = {
    .workers = 2, .worker_buffer_bytes = 4096, .watcher_buffer_bytes = 4096};

Event Fetch() {
  Event event;
  event.status = EventStatus::kFound;
  return event;
}

// What waits for the watcher, without the times.
std::vector<std::string> Taken(Watcher* watcher) {
  std::string lines;
  watcher->Take(&lines);
  std::vector<std::string> texts;
  for (const absl::string_view line : absl::StrSplit(lines, '\n', absl::SkipEmpty())) {
    const std::size_t key = line.find("key=");
    texts.emplace_back(
        key == absl::string_view::npos ? line : line.substr(key, line.find(' ', key) - key));
  }
  return texts;
}

TEST(EventLogTest, AWorkerTakesNoticeAtItsNextWakeUp) {
  EventLog log(kSmall);
  EventWriter& writer = *log.writer(0);
  EXPECT_FALSE(writer.Wants(kFetchers));
  const auto watcher = log.AddWatcher(kFetchers, [] {});
  EXPECT_FALSE(writer.Wants(kFetchers));
  writer.Refresh();
  EXPECT_TRUE(writer.Wants(kFetchers));
  EXPECT_FALSE(writer.Wants(kMutations));
  log.RemoveWatcher(watcher.get());
  writer.Refresh();
  EXPECT_FALSE(writer.Wants(kFetchers));
}

TEST(EventLogTest, LinesComeInTheOrderOfEventsWhateverTheWorker) {
  EventLog log(kSmall);
  const auto watcher = log.AddWatcher(kFetchers, [] {});
  log.writer(1)->Write(Fetch(), "a");
  log.Write(Fetch(), "b");
  log.writer(0)->Write(Fetch(), "c");
  log.writer(1)->Write(Fetch(), "d");
  EXPECT_EQ(log.Drain(), 4u);
  EXPECT_EQ(Taken(watcher.get()), (std::vector<std::string>{"key=a", "key=b", "key=c", "key=d"}));
}

TEST(EventLogTest, AWatcherGetsItsStreamsFromItsBeginning) {
  EventLog log(kSmall);
  const auto first = log.AddWatcher(kFetchers | kDeletions, [] {});
  log.writer(0)->Write(Fetch(), "before");
  const auto second = log.AddWatcher(kFetchers, [] {});
  Event deletion;
  deletion.kind = EventKind::kDeleted;
  log.writer(0)->Write(deletion, "gone");
  log.writer(0)->Write(Fetch(), "after");
  log.Drain();
  EXPECT_EQ(Taken(first.get()), (std::vector<std::string>{"key=before", "key=gone", "key=after"}));
  EXPECT_EQ(Taken(second.get()), (std::vector<std::string>{"key=after"}));
  EXPECT_EQ(log.Totals().sent, 4u);
}

TEST(EventLogTest, ThereAreAtMostTwentyWatchers) {
  EventLog log(kSmall);
  std::vector<std::shared_ptr<Watcher>> watchers;
  for (std::size_t i = 0; i < EventLog::kMaxWatchers; ++i) {
    watchers.push_back(log.AddWatcher(kFetchers, [] {}));
    ASSERT_NE(watchers.back(), nullptr);
  }
  EXPECT_EQ(log.AddWatcher(kFetchers, [] {}), nullptr);
  EXPECT_EQ(log.Totals().watchers, EventLog::kMaxWatchers);
  log.RemoveWatcher(watchers.front().get());
  EXPECT_NE(log.AddWatcher(kFetchers, [] {}), nullptr);
}

TEST(EventLogTest, EventsThatFindNoRoomAreDroppedAndCounted) {
  EventLog log(kSmall);
  const auto watcher = log.AddWatcher(kFetchers, [] {});
  constexpr std::uint64_t kEvents = 1000;
  for (std::uint64_t i = 0; i < kEvents; ++i) log.writer(0)->Write(Fetch(), "key");
  const EventTotals totals = log.Totals();
  EXPECT_GT(totals.written, 0u);
  EXPECT_GT(totals.dropped, 0u);
  EXPECT_EQ(totals.written + totals.dropped, kEvents);
  EXPECT_EQ(log.Drain(), totals.written);
}

TEST(EventLogTest, AWatcherThatFallsBehindIsToldHowMuchItMissed) {
  EventLog log(kSmall);
  const auto watcher = log.AddWatcher(kFetchers, [] {});
  for (int i = 0; i < 100; ++i) {
    log.writer(0)->Write(Fetch(), "key");
    log.Drain();
  }
  const std::uint64_t skipped = log.Totals().skipped;
  EXPECT_GT(skipped, 0u);
  EXPECT_EQ(log.Totals().sent + skipped, 100u);
  EXPECT_EQ(Taken(watcher.get()).size(), 100 - skipped);
  log.writer(0)->Write(Fetch(), "next");
  log.Drain();
  EXPECT_EQ(Taken(watcher.get()),
            (std::vector<std::string>{absl::StrCat("skipped=", skipped), "key=next"}));
}

TEST(EventLogTest, AWatcherIsWokenOnceUntilItTakes) {
  EventLog log(kSmall);
  int woken = 0;
  const auto watcher = log.AddWatcher(kFetchers, [&woken] { ++woken; });
  log.Drain();
  EXPECT_EQ(woken, 0);
  for (int i = 0; i < 3; ++i) {
    log.writer(0)->Write(Fetch(), "key");
    log.Drain();
  }
  EXPECT_EQ(woken, 1);
  EXPECT_EQ(Taken(watcher.get()).size(), 3u);
  log.writer(0)->Write(Fetch(), "key");
  log.Drain();
  EXPECT_EQ(woken, 2);
}

TEST(EventLogTest, TheConsoleFollowsItsStreamsWithoutTimes) {
  EventLog log(kSmall);
  std::string shown;
  log.SetConsole(kRawCommands,
                 [&shown](absl::string_view line) { absl::StrAppend(&shown, line, "\n"); });
  EXPECT_TRUE(log.Wants(kRawCommands));
  Event command;
  command.kind = EventKind::kRawCommand;
  command.client = 5;
  log.writer(0)->Write(command, "get a");
  log.writer(0)->Write(Fetch(), "a");
  log.Drain();
  EXPECT_EQ(shown, "<5 get a\n");
  log.SetConsole(kNoStreams, nullptr);
  EXPECT_EQ(log.streams(), kNoStreams);
}

// For ThreadSanitizer: everything at once, with the logging thread.
TEST(EventLogTest, WorkersWriteWhileWatchersComeAndGo) {
  EventLog log(kSmall);
  log.Start();
  std::atomic<bool> stop{false};
  std::vector<std::thread> workers;
  for (std::size_t i = 0; i < kSmall.workers; ++i) {
    workers.emplace_back([&log, &stop, i] {
      while (!stop) {
        log.writer(i)->Refresh();
        if (log.writer(i)->Wants(kFetchers)) log.writer(i)->Write(Fetch(), "key");
        if (log.Wants(kSystemEvents)) log.WriteSystem("test");
        std::this_thread::yield();
      }
    });
  }
  for (int round = 0; round < 20; ++round) {
    std::atomic<bool> woken{false};
    const auto watcher = log.AddWatcher(kFetchers | kSystemEvents, [&woken] { woken = true; });
    ASSERT_NE(watcher, nullptr);
    while (!woken) std::this_thread::yield();
    EXPECT_FALSE(Taken(watcher.get()).empty());
    log.RemoveWatcher(watcher.get());
    // A round that is under way may still hold it: `woken` must outlive that.
    while (watcher.use_count() > 1) std::this_thread::yield();
  }
  stop = true;
  for (std::thread& worker : workers) worker.join();
  log.Stop();
  EXPECT_EQ(log.Totals().watchers, 0u);
  EXPECT_GT(log.Totals().written, 0u);
}

}  // namespace
}  // namespace ringcache::server

// `watch` on a session: what is answered, and the lines that commands of other clients make.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "server/session_fixture.h"

namespace ringcache::server {
namespace {

class WatchTest : public testing::Test {
 protected:
  void Watch(absl::string_view streams) {
    ASSERT_EQ(watcher_.Ask(absl::StrCat("watch ", streams, "\r\n")), "OK\r\n");
  }
  // The lines that `request` of another client makes, without time and order.
  std::vector<std::string> Lines(absl::string_view request) {
    client_.Ask(request);
    return LinesNow();
  }
  std::vector<std::string> LinesNow() {
    worker_.events.Drain();
    std::vector<std::string> lines;
    for (const absl::string_view line :
         absl::StrSplit(watcher_.connection.Take(), '\n', absl::SkipEmpty())) {
      const std::size_t begin = line.find(' ', line.find(" gid=") + 1);
      lines.emplace_back(begin == absl::string_view::npos ? line : line.substr(begin + 1));
    }
    return lines;
  }
  using Expected = std::vector<std::string>;

  WorkerFixture worker_;
  ClientFixture watcher_{&worker_};
  ClientFixture client_{&worker_};
};

TEST_F(WatchTest, RetrievalsShowEachKey) {
  client_.Ask("set a 0 0 3\r\nabc\r\n");
  Watch("fetchers");
  EXPECT_EQ(Lines("get a b\r\n"),
            (Expected{"type=item_get key=a status=found clsid=1 cfd=0 size=3",
                      "type=item_get key=b status=not_found clsid=0 cfd=0 size=0"}));
  EXPECT_EQ(Lines("gat 100 a\r\n"),
            (Expected{"type=item_get key=a status=found clsid=1 cfd=0 size=3"}));
  EXPECT_EQ(Lines("mg a v\r\nmg b v\r\nmg b v q\r\n"),
            (Expected{"type=item_get key=a status=found clsid=1 cfd=0 size=3",
                      "type=item_get key=b status=not_found clsid=0 cfd=0 size=0",
                      "type=item_get key=b status=not_found clsid=0 cfd=0 size=0"}));
  EXPECT_EQ(Lines("me a\r\n"), (Expected{"type=item_get key=a status=found clsid=1 cfd=0 size=3"}));
}

TEST_F(WatchTest, CommandsThatChangeAKeyShowWhatWasThere) {
  Watch("fetchers");
  const Expected missing = {"type=item_get key=a status=not_found clsid=0 cfd=0 size=0"};
  const Expected found = {"type=item_get key=a status=found clsid=1 cfd=0 size=2"};
  EXPECT_EQ(Lines("set a 0 0 2\r\n10\r\n"), missing);
  EXPECT_EQ(Lines("set a 0 0 2\r\n10\r\n"), found);
  EXPECT_EQ(Lines("incr a 1\r\n"), found);
  EXPECT_EQ(Lines("touch a 10\r\n"), found);
  EXPECT_EQ(Lines("delete a\r\n"), found);
  EXPECT_EQ(Lines("delete a\r\n"), missing);
  EXPECT_EQ(Lines("mn\r\nversion\r\n"), Expected{});
}

TEST_F(WatchTest, WhatExpiredOrWasFlushedIsToldApartAndCountedOnce) {
  client_.Ask("set a 0 10 1\r\nx\r\nset b 0 0 1\r\nx\r\n");
  Watch("fetchers");
  worker_.loop.Advance(absl::Seconds(20));
  EXPECT_EQ(Lines("get a\r\n"),
            (Expected{"type=item_get key=a status=expired clsid=0 cfd=0 size=0"}));
  EXPECT_EQ(Lines("flush_all\r\nget b\r\n"),
            (Expected{"type=item_get key=b status=flushed clsid=0 cfd=0 size=0"}));
  ServerTotals totals;
  worker_.stats.AddTo(&totals);
  EXPECT_EQ(totals[ServerCounter::kGetExpired], 1u);
  EXPECT_EQ(totals[ServerCounter::kGetFlushed], 1u);
}

TEST_F(WatchTest, MutationsShowCommandAndOutcome) {
  Watch("mutations");
  const auto line = [](absl::string_view outcome, int ttl, int size) {
    return Expected{absl::StrCat("type=item_store key=a status=", outcome, " ttl=", ttl,
                                 " clsid=1 cfd=0 size=", size)};
  };
  EXPECT_EQ(Lines("replace a 0 0 1\r\nx\r\n"), line("not_stored cmd=replace", 0, 1));
  EXPECT_EQ(Lines("set a 0 50 1\r\nx\r\n"), line("stored cmd=set", 50, 1));
  EXPECT_EQ(Lines("add a 0 0 1\r\nx\r\n"), line("not_stored cmd=add", 0, 1));
  EXPECT_EQ(Lines("append a 0 0 1 noreply\r\nx\r\n"), line("stored cmd=append", 50, 2));
  EXPECT_EQ(Lines("prepend a 0 0 1\r\nx\r\n"), line("stored cmd=prepend", 50, 3));
  EXPECT_EQ(Lines("cas a 0 0 1 999\r\nx\r\n"), line("exists cmd=cas", 0, 1));
  EXPECT_EQ(Lines("delete a\r\ncas a 0 0 1 999\r\nx\r\n"), line("not_found cmd=cas", 0, 1));
  EXPECT_EQ(Lines("ms a 2 T30\r\nab\r\n"), line("stored cmd=set", 30, 2));
  EXPECT_EQ(Lines("ms a 2 ME q\r\nab\r\n"), line("not_stored cmd=add", 0, 2));
  EXPECT_EQ(Lines("ms a 2 C999\r\nab\r\n"), line("exists cmd=cas", 0, 2));
  EXPECT_EQ(Lines("delete a\r\nma a N0 J7\r\n"), line("stored cmd=add", 0, 1));
  EXPECT_EQ(Lines("incr a 1\r\ntouch a 9\r\nget a\r\n"), Expected{});
}

TEST_F(WatchTest, AnExpiryInThePastIsNegative) {
  Watch("mutations");
  const Expected lines = Lines("set a 0 -1 1\r\nx\r\n");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_NE(lines[0].find(" ttl=-"), std::string::npos) << lines[0];
}

TEST_F(WatchTest, LargeValuesShowAsOthersDo) {
  Watch("fetchers mutations");
  const std::string value(100'000, 'x');
  const Expected lines = Lines(absl::StrCat("set a 0 0 100000\r\n", value, "\r\n"));
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0], "type=item_get key=a status=not_found clsid=0 cfd=0 size=0");
  EXPECT_EQ(lines[1].find("type=item_store key=a status=stored cmd=set ttl=0 clsid="), 0u);
  const std::string too_large(3'000'000, 'x');
  const Expected refused = Lines(absl::StrCat("set b 0 0 3000000\r\n", too_large, "\r\n"));
  ASSERT_EQ(refused.size(), 2u);
  EXPECT_EQ(refused[1],
            "type=item_store key=b status=too_large cmd=set ttl=0 clsid=0 cfd=0 size=0");
}

TEST_F(WatchTest, DeletionsShowWhatIsGone) {
  client_.Ask("set a 0 0 4\r\nabcd\r\nset b 0 0 2\r\nab\r\nset c 0 0 2\r\nab\r\n");
  Watch("deletions");
  EXPECT_EQ(Lines("delete a\r\ndelete a\r\n"),
            (Expected{"type=deleted key=a cmd=delete clsid=1 size=4"}));
  EXPECT_EQ(Lines("md b q\r\nmd b\r\n"), (Expected{"type=deleted key=b cmd=md clsid=1 size=2"}));
  EXPECT_EQ(Lines("md c I\r\nmd c x\r\n"), Expected{});
}

TEST_F(WatchTest, RawCommandsShowEachLineOnce) {
  Watch("rawcmds");
  std::string keys;
  for (int i = 0; i < 100; ++i) absl::StrAppend(&keys, " k", i);
  EXPECT_EQ(Lines(absl::StrCat("get", keys, "\r\nset a 0 0 1\r\nx\r\nbogus\r\n")),
            (Expected{absl::StrCat("<0 get", keys).substr(0, 3 + Event::kMaxTextBytes),
                      "<0 set a 0 0 1", "<0 bogus"}));
}

TEST_F(WatchTest, WatcherIsToldOkAndThenOnlyLines) {
  EXPECT_EQ(watcher_.Ask("watch\r\nversion\r\n"), "OK\r\n");
  EXPECT_EQ(watcher_.Ask("version\r\nquit\r\n"), "");
  EXPECT_TRUE(watcher_.connection.open());
  EXPECT_EQ(Lines("get a\r\n").size(), 1u);
}

TEST_F(WatchTest, NothingMayBePipelinedBefore) {
  EXPECT_EQ(client_.Ask("mn\r\nwatch\r\n"),
            "MN\r\nERROR cannot pipeline other commands before watch\r\n");
  EXPECT_EQ(client_.Ask("mn\r\n"), "MN\r\n");
  // What is answered with nothing does not count.
  EXPECT_EQ(client_.Ask("mg miss q\r\nwatch\r\n"), "OK\r\n");
}

TEST_F(WatchTest, UnknownStreamsAreAnError) {
  EXPECT_EQ(client_.Ask("watch bogus\r\nmn\r\n"), "ERROR\r\nMN\r\n");
  EXPECT_EQ(client_.Ask("watch fetchers proxyreqs\r\n"), "ERROR\r\n");
}

TEST_F(WatchTest, TheTwentyFirstIsRefused) {
  std::vector<std::unique_ptr<ClientFixture>> watchers;
  for (std::size_t i = 0; i < EventLog::kMaxWatchers; ++i) {
    watchers.push_back(std::make_unique<ClientFixture>(&worker_));
    ASSERT_EQ(watchers.back()->Ask("watch\r\n"), "OK\r\n");
  }
  EXPECT_EQ(client_.Ask("watch\r\nmn\r\n"), "WATCHER_TOO_MANY log watcher limit reached\r\nMN\r\n");
  watchers.pop_back();
  EXPECT_EQ(client_.Ask("watch\r\n"), "OK\r\n");
}

TEST_F(WatchTest, AWatcherThatReadsNothingHoldsABoundedNumberOfLines) {
  Watch("fetchers");
  watcher_.connection.set_window(0);
  for (int i = 0; i < 20'000; ++i) {
    client_.Ask("get a\r\n");
    if (i % 100 == 0) worker_.events.Drain();
  }
  worker_.events.Drain();
  EXPECT_GT(worker_.events.Totals().skipped, 0u);
  // One buffer on its way and one that waits.
  EXPECT_LE(watcher_.connection.pending_bytes(), EventLog::Options().watcher_buffer_bytes);
  EXPECT_EQ(watcher_.connection.sends(), 2);  // OK, and the first lines
  watcher_.connection.OpenWindow();
  const std::uint64_t sent = worker_.events.Totals().sent;
  EXPECT_EQ(LinesNow().size(), sent);
  const Expected lines = Lines("get b\r\n");
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0], absl::StrCat("skipped=", worker_.events.Totals().skipped));
}

TEST_F(WatchTest, AWatcherThatLeavesIsForgotten) {
  Watch("fetchers");
  EXPECT_EQ(worker_.events.Totals().watchers, 1u);
  watcher_.connection.EndOfPeer();
  EXPECT_FALSE(watcher_.connection.open());
  EXPECT_EQ(worker_.events.Totals().watchers, 0u);
  client_.Ask("get a\r\n");
  EXPECT_EQ(worker_.events.Drain(), 0u);
}

TEST(WatchRefusalTest, TheOptionForbidsIt) {
  ServerOptions options;
  options.allow_watch = false;
  WorkerFixture worker(options);
  ClientFixture client(&worker);
  EXPECT_EQ(client.Ask("watch\r\n"), "CLIENT_ERROR watch commands not allowed\r\n");
}

}  // namespace
}  // namespace ringcache::server

// Dumps on a session: what they look like, what refuses them, and that a peer that takes its time,
// or goes away, costs no more than it should.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "server/session_fixture.h"

namespace ringcache::server {
namespace {

// The time of the fixture's clock.
constexpr int kNow = 1'800'000'000;
constexpr std::size_t kMaxReplyBytes = std::size_t{512} << 10;

class DumpTest : public testing::Test {
 protected:
  explicit DumpTest(const ServerOptions& options = ServerOptions()) : worker_(options) {
    worker_.control.set_report(&report_);
  }

  std::string Ask(absl::string_view request) { return client_.Ask(request); }
  // The lines without OK and END, in alphabetical order.
  static std::vector<std::string> Items(absl::string_view reply, absl::string_view begin = "OK\r\n",
                                        absl::string_view end = "END\r\n") {
    EXPECT_TRUE(absl::StartsWith(reply, begin)) << reply.substr(0, 200);
    EXPECT_TRUE(absl::EndsWith(reply, end)) << reply.substr(0, 200);
    reply = reply.substr(begin.size(), reply.size() - begin.size() - end.size());
    std::vector<std::string> lines = absl::StrSplit(reply, '\n', absl::SkipEmpty());
    std::sort(lines.begin(), lines.end());
    return lines;
  }
  using Lines = std::vector<std::string>;

  std::string Metadump(absl::string_view classes) {
    return Ask(absl::StrCat("lru_crawler metadump ", classes, "\r\n"));
  }
  void Fill(int items) {
    for (int i = 0; i < items; ++i) Ask(absl::StrCat("set key", i, " 0 0 1\r\nx\r\n"));
  }
  // `ending` happens while the peer takes nothing of a dump, which must come whole, and as the
  // last.
  template <typename Ending>
  void ExpectWholeDumpAndEndAfter(Ending&& ending) {
    Fill(50'000);
    client_.connection.set_window(0);
    client_.connection.Receive("lru_crawler metadump all\r\n");
    ending();
    EXPECT_TRUE(client_.connection.open());
    client_.connection.OpenWindow();
    EXPECT_EQ(Items(client_.connection.Take()).size(), 50'000u);
    EXPECT_FALSE(client_.connection.open());
  }

  WorkerFixture worker_;
  const std::vector<std::unique_ptr<Worker>> no_workers_;
  const ServerGauges gauges_;
  StatsReport report_{
      &worker_.options, worker_.store.get(),        &worker_.clock, &no_workers_, &gauges_,
      &worker_.events,  {&worker_.stats.prefixes()}};
  ClientFixture client_{&worker_};
};

TEST_F(DumpTest, MetadumpHasALineForEachItem) {
  Ask("ms a 3 E77 F5\r\nabc\r\n");
  Ask("ms b 1 E78 T100\r\nx\r\n");
  worker_.loop.Advance(absl::Seconds(7));
  Ask("get a\r\n");
  const Lines expected = {
      absl::StrCat("key=a exp=-1 la=", kNow + 7, " cas=77 fetch=yes cls=1 size=32 flags=5"),
      absl::StrCat("key=b exp=", kNow + 100, " la=", kNow,
                   " cas=78 fetch=no cls=1 size=26 flags=0")};
  for (const absl::string_view classes : {"all", "hash", "1", "1,2,63", "1,1"}) {
    EXPECT_EQ(Items(Metadump(classes)), expected) << classes;
  }
  EXPECT_EQ(Metadump("2"), "OK\r\nEND\r\n");
}

TEST_F(DumpTest, MetadumpEncodesKeysAsInAUri) {
  Ask("set aZ0-._~ 0 0 1\r\nx\r\n");
  Ask("set b%20&c/\xff\x01 0 0 1\r\nx\r\n");
  Ask("ms YmluIA== 1 b\r\nx\r\n");
  const Lines lines = Items(Metadump("all"));
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_TRUE(absl::StartsWith(lines[0], "key=aZ0-._~ exp="));
  EXPECT_TRUE(absl::StartsWith(lines[1], "key=b%2520%26c%2F%FF%01 exp="));
  EXPECT_TRUE(absl::StartsWith(lines[2], "key=bin%20 exp="));
}

TEST_F(DumpTest, WhatMgdumpAnswersCanBeSentBack) {
  EXPECT_EQ(Ask("lru_crawler mgdump all\r\n"), "EN\r\n");
  Ask("set plain 0 0 1\r\nx\r\n");
  Ask("ms YmluIA== 1 b\r\nx\r\n");
  for (const absl::string_view classes : {"all", "hash", "1"}) {
    const Lines lines =
        Items(Ask(absl::StrCat("lru_crawler mgdump ", classes, "\r\n")), "", "EN\r\n");
    EXPECT_EQ(lines, (Lines{"mg YmluIA== b\r", "mg plain\r"}));
    for (const std::string& line : lines) EXPECT_EQ(Ask(absl::StrCat(line, "\n")), "HD\r\n");
  }
}

TEST_F(DumpTest, DeadItemsAreNotShown) {
  Ask("set a 0 0 1\r\nx\r\nflush_all\r\nset b 0 10 1\r\nx\r\n");
  worker_.loop.Advance(absl::Seconds(20));
  EXPECT_EQ(Metadump("all"), "OK\r\nEND\r\n");
  EXPECT_EQ(Metadump("hash"), "OK\r\nEND\r\n");
}

TEST_F(DumpTest, BadClassesAreRefused) {
  for (const absl::string_view classes : {"0", "-1", "x", "1,x", "1x", "ALL", "255", "hash,1"}) {
    EXPECT_EQ(Metadump(classes), "BADCLASS invalid class id\r\n") << classes;
  }
  EXPECT_EQ(Metadump(","), "NOTSTARTED no items to crawl\r\n");
  EXPECT_EQ(Metadump("1 2"), "ERROR\r\n");
  EXPECT_EQ(Metadump(""), "ERROR\r\n");
  EXPECT_EQ(Metadump("all noreply"), "ERROR\r\n");
}

TEST_F(DumpTest, NothingMayBePipelinedBeforeAndAnythingBehind) {
  EXPECT_EQ(Ask("mn\r\nlru_crawler metadump all\r\nmn\r\n"),
            "MN\r\nERROR cannot pipeline other commands before metadump\r\nMN\r\n");
  EXPECT_EQ(Ask("mn\r\nlru_crawler mgdump all\r\n"),
            "MN\r\nERROR cannot pipeline other commands before mgdump\r\n");
  Fill(1000);
  const std::string reply = Ask("lru_crawler metadump all\r\nmn\r\nget key1\r\n");
  EXPECT_TRUE(absl::EndsWith(reply, "END\r\nMN\r\nVALUE key1 0 1\r\nx\r\nEND\r\n"));
  EXPECT_EQ(Ask("mn\r\n"), "MN\r\n");
}

TEST_F(DumpTest, AllItemsComeWhateverTheFragments) {
  Fill(5000);
  for (const std::size_t fragment : {1, 7, 1000}) {
    const std::string reply = client_.Ask("lru_crawler metadump all\r\nmn\r\n", fragment);
    ASSERT_TRUE(absl::EndsWith(reply, "\r\nMN\r\n"));
    EXPECT_EQ(Items(absl::string_view(reply).substr(0, reply.size() - 4)).size(), 5000u);
  }
}

TEST_F(DumpTest, OthersHaveTheirTurnWhileADumpGoesOn) {
  Fill(20'000);
  const int yields = client_.connection.yields();
  EXPECT_EQ(Items(Metadump("all")).size(), 20'000u);
  EXPECT_GE(client_.connection.yields() - yields, 20'000 / 1024 - 1);
}

TEST_F(DumpTest, APeerThatReadsNothingHoldsUpTheDumpAndABoundedReply) {
  Fill(50'000);
  client_.connection.set_window(0);
  client_.connection.Receive("lru_crawler metadump all\r\n");
  EXPECT_TRUE(client_.connection.paused());
  EXPECT_GT(client_.connection.pending_bytes(), 0u);
  EXPECT_LE(client_.connection.pending_bytes(), kMaxReplyBytes);
  // Others go on.
  ClientFixture other(&worker_);
  EXPECT_EQ(other.Ask("set late 0 0 1\r\nx\r\n"), "STORED\r\n");
  std::string reply;
  for (int i = 0; i < 1000 && !absl::EndsWith(reply, "END\r\n"); ++i) {
    client_.connection.OpenWindow(100'000);
    EXPECT_LE(client_.connection.pending_bytes(), kMaxReplyBytes);
    reply += client_.connection.Take();
  }
  EXPECT_GE(Items(reply).size(), 50'000u);
  client_.connection.OpenWindow();
  EXPECT_EQ(Ask("mn\r\n"), "MN\r\n");
}

TEST_F(DumpTest, APeerThatGoesAwayEndsItsDump) {
  Fill(50'000);
  auto leaver = std::make_unique<ClientFixture>(&worker_);
  leaver->connection.set_window(1000);
  leaver->connection.Receive("lru_crawler metadump all\r\n");
  EXPECT_EQ(worker_.worker->dumps.size(), 1u);
  leaver.reset();
  EXPECT_EQ(worker_.worker->dumps.size(), 0u);
  EXPECT_EQ(Items(Metadump("all")).size(), 50'000u);
}

TEST_F(DumpTest, APeerThatEndsItsRequestsGetsTheWholeDump) {
  ExpectWholeDumpAndEndAfter([this] { client_.connection.EndOfPeer(); });
}

TEST_F(DumpTest, AServerThatStopsLetsADumpComeToItsEnd) {
  ExpectWholeDumpAndEndAfter([this] { client_.session.Drain(); });
}

TEST_F(DumpTest, AsManyDumpAsTheBoundSays) {
  Fill(10'000);
  std::vector<std::unique_ptr<ClientFixture>> dumping;
  for (std::size_t i = 0; i < storage::Store::kMaxExports; ++i) {
    dumping.push_back(std::make_unique<ClientFixture>(&worker_));
    dumping.back()->connection.set_window(0);
    dumping.back()->connection.Receive("lru_crawler metadump all\r\n");
  }
  EXPECT_EQ(Metadump("all"), "BUSY currently processing crawler request\r\n");
  EXPECT_EQ(Ask("stats cachedump 1 1\r\n"), "END\r\n");
  dumping.pop_back();
  EXPECT_EQ(Items(Metadump("all")).size(), 10'000u);
}

TEST_F(DumpTest, WithoutCrawlerThereIsNoDump) {
  EXPECT_EQ(Ask("lru_crawler disable\r\n"), "OK\r\n");
  EXPECT_EQ(Metadump("all"), "CLIENT_ERROR lru crawler disabled\r\n");
  EXPECT_EQ(Ask("lru_crawler crawl all\r\n"), "CLIENT_ERROR lru crawler disabled\r\n");
  EXPECT_TRUE(absl::StrContains(Ask("stats settings\r\n"), "STAT lru_crawler no\r\n"));
  EXPECT_EQ(Ask("lru_crawler enable\r\n"), "OK\r\n");
  EXPECT_TRUE(absl::StrContains(Ask("stats settings\r\n"), "STAT lru_crawler yes\r\n"));
  EXPECT_EQ(Metadump("all"), "OK\r\nEND\r\n");
}

TEST_F(DumpTest, ACrawlThatIsAskedForRemovesWhatHasExpired) {
  Ask("set a 0 5 1\r\nx\r\nset b 0 0 1\r\nx\r\n");
  const auto maintain = [this] {
    while (worker_.store->Maintain(worker_.worker->executor.now())) {
    }
  };
  maintain();
  worker_.loop.Advance(absl::Seconds(6));
  EXPECT_EQ(Ask("lru_crawler crawl 63\r\n"), "OK\r\n");
  EXPECT_EQ(Ask("lru_crawler crawl 1\r\n"), "BUSY currently processing crawler request\r\n");
  EXPECT_EQ(worker_.store->Stats().items, 2u);
  maintain();
  EXPECT_EQ(worker_.store->Stats().items, 1u);
  EXPECT_TRUE(absl::StrContains(Ask("stats\r\n"), "STAT lru_crawler_running 0\r\n"));
}

TEST_F(DumpTest, CachedumpShowsAsManyItemsAsAskedFor) {
  Ask("set a 0 0 3\r\nabc\r\nset b 0 4000000000 1\r\nx\r\nms YmluIA== 1 b\r\nx\r\n");
  EXPECT_EQ(Ask("stats cachedump 1 0\r\n"),
            absl::StrCat("ITEM a [3 b; 0 s]\r\nITEM b [1 b; 4000000000 s]\r\nEND\r\n"));
  EXPECT_EQ(Ask("stats cachedump 1 1\r\n"), "ITEM a [3 b; 0 s]\r\nEND\r\n");
  EXPECT_EQ(Ask("stats cachedump 2 0\r\n"), "END\r\n");
}

TEST_F(DumpTest, CachedumpIsNoLongerThanItsBound) {
  const std::string key(240, 'k');
  for (int i = 0; i < 10'000; ++i) Ask(absl::StrCat("set ", key, i, " 0 0 1\r\nx\r\n"));
  const int id = worker_.store->ClassFor(key.size() + 4, 1, 0) + 1;
  const std::string reply = Ask(absl::StrCat("stats cachedump ", id, " 0\r\n"));
  EXPECT_GT(reply.size(), 2'000'000u);
  EXPECT_LE(reply.size(), std::size_t{2} << 20);
  EXPECT_TRUE(absl::EndsWith(reply, " s]\r\nEND\r\n"));
}

class NoDumpTest : public DumpTest {
 protected:
  static ServerOptions Options() {
    ServerOptions options;
    options.allow_dump = false;
    return options;
  }
  NoDumpTest() : DumpTest(Options()) {}
};

TEST_F(NoDumpTest, TheOptionForbidsThem) {
  EXPECT_EQ(Metadump("all"), "ERROR metadump not allowed\r\n");
  EXPECT_EQ(Ask("lru_crawler mgdump all\r\n"), "ERROR key dump not allowed\r\n");
  EXPECT_EQ(Ask("stats cachedump 1 1\r\n"), "CLIENT_ERROR stats cachedump not allowed\r\n");
}

}  // namespace
}  // namespace ringcache::server

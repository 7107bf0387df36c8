// The program as its users meet it: start, ports, limits, statistics, signals.

#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "net/socket_folder.h"
#include "server/test_process.h"

namespace ringcache::server {
namespace {

class ServerTest : public testing::Test {
 protected:
  void Start(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"-p", "0", "-l", "127.0.0.1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    process_ = std::make_unique<TestProcess>("server/server", arguments);
    ASSERT_TRUE(process_->started());
  }
  std::unique_ptr<TestClient> Connect() {
    auto client = std::make_unique<TestClient>(process_->port());
    EXPECT_TRUE(client->connected());
    return client;
  }
  // On one connection, so that what one question does is counted when the next is asked.
  std::string Ask(absl::string_view request, absl::string_view end) {
    if (client_ == nullptr) client_ = Connect();
    client_->Send(request);
    return client_->ReadUntil(end);
  }
  std::map<std::string, std::string> Stats(absl::string_view arguments = "") {
    std::map<std::string, std::string> stats;
    const std::string reply = Ask(absl::StrCat("stats", arguments, "\r\n"), "END\r\n");
    for (absl::string_view line : absl::StrSplit(reply, "\r\n")) {
      const std::vector<std::string> words = absl::StrSplit(line, absl::MaxSplits(' ', 2));
      if (words.size() == 3) stats[words[1]] = words[2];
    }
    return stats;
  }

  std::unique_ptr<TestProcess> process_;
  std::unique_ptr<TestClient> client_;
};

TEST_F(ServerTest, StatisticsCountWhatHappened) {
  Start({"-m", "64"});
  Ask("set a 0 0 5\r\nhello\r\nget a a b\r\ngat 0 a\r\ntouch b 1\r\nincr a 1\r\nset n 0 0 "
      "1\r\n1\r\n"
      "incr n 1\r\ndecr n 1\r\nincr x 1\r\ndecr x 1\r\ndelete n\r\ndelete n\r\ncas a 0 0 1 "
      "1\r\nx\r\n"
      "cas b 0 0 1 1\r\nx\r\nme a\r\nset e 0 -1 1\r\ne\r\nget e\r\nflush_all\r\nget a\r\nmn\r\n",
      "MN\r\n");
  auto stats = Stats();
  const std::map<std::string, std::string> expected = {
      {"cmd_get", "5"},          {"get_hits", "2"},          {"get_misses", "3"},
      {"get_expired", "1"},      {"get_flushed", "1"},       {"cmd_set", "5"},
      {"cmd_touch", "2"},        {"touch_hits", "1"},        {"touch_misses", "1"},
      {"incr_hits", "1"},        {"incr_misses", "1"},       {"decr_hits", "1"},
      {"decr_misses", "1"},      {"delete_hits", "1"},       {"delete_misses", "1"},
      {"cas_badval", "1"},       {"cas_misses", "1"},        {"cas_hits", "0"},
      {"cmd_flush", "1"},        {"cmd_meta", "1"},          {"threads", "4"},
      {"curr_connections", "1"}, {"total_connections", "1"}, {"limit_maxbytes", "67108864"},
      {"accepting_conns", "1"},  {"total_items", "3"}};
  for (const auto& [name, value] : expected) EXPECT_EQ(stats[name], value) << name;
  EXPECT_GT(std::atoi(stats["bytes_read"].c_str()), 200);
  EXPECT_GT(std::atoi(stats["bytes_written"].c_str()), 100);
  EXPECT_EQ(stats["pid"], absl::StrCat(process_->pid()));
  EXPECT_EQ(Ask("stats reset\r\n", "\r\n"), "RESET\r\n");
  stats = Stats();
  EXPECT_EQ(stats["cmd_get"], "0");
  EXPECT_EQ(stats["cmd_set"], "0");
  EXPECT_EQ(stats["total_items"], "0");
}

TEST_F(ServerTest, StatisticsByClassSettingsAndConnections) {
  Start({"-c", "100", "-o", "idle_timeout=1000", "-f", "1.25"});
  Ask("set a 0 0 5\r\nhello\r\nget a\r\n", "END\r\n");
  auto slabs = Stats(" slabs");
  EXPECT_EQ(slabs["1:chunk_size"], "96");
  EXPECT_EQ(slabs["1:used_chunks"], "1");
  EXPECT_EQ(slabs["1:get_hits"], "1");
  EXPECT_EQ(slabs["1:cmd_set"], "1");
  EXPECT_EQ(slabs["active_slabs"], "1");
  EXPECT_EQ(slabs["total_malloced"], "1048576");
  EXPECT_EQ(Stats(" items")["items:1:number"], "1");
  auto settings = Stats(" settings");
  EXPECT_EQ(settings["maxconns"], "100");
  EXPECT_EQ(settings["tcpport"], absl::StrCat(process_->port()));
  EXPECT_EQ(settings["idle_timeout"], "1000");
  const std::string connections = Ask("stats conns\r\n", "END\r\n");
  EXPECT_TRUE(
      absl::StrContains(connections, absl::StrCat(":listen_addr tcp:127.0.0.1:", process_->port())))
      << connections;
}

TEST_F(ServerTest, EvictsInTheWayThatItIsTold) {
  Start({});
  EXPECT_EQ(Stats(" settings")["eviction_policy"], "s3fifo");
  EXPECT_EQ(Stats(" settings")["lru_segmented"], "no");
  client_.reset();
  Start({"-m", "2", "-o", "eviction=slru"});
  EXPECT_EQ(Stats(" settings")["eviction_policy"], "slru");
  EXPECT_EQ(Stats(" settings")["lru_segmented"], "yes");
  // One item is used now and then while many of its size that are not pass through.
  const std::string data = absl::StrCat(" 0 0 10000\r\n", std::string(10'000, 'v'), "\r\n");
  const std::string hit =
      absl::StrCat("VALUE used 0 10000\r\n", std::string(10'000, 'v'), "\r\nEND\r\n");
  Ask(absl::StrCat("set used", data), "STORED\r\n");
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(Ask(absl::StrCat("set k", i, data), "\r\n"), "STORED\r\n");
    if (i % 20 == 0) {
      ASSERT_EQ(Ask("get used\r\n", "END\r\n"), hit);
    }
  }
  EXPECT_NE(Stats()["evictions"], "0");
}

TEST_F(ServerTest, ConnectionsAreListedBehindTheListeningSockets) {
  Start({"-l", "::1"});
  const std::string connections = Ask("stats conns\r\n", "END\r\n");
  std::vector<std::string> fields;
  for (const absl::string_view line : absl::StrSplit(connections, "\r\n", absl::SkipEmpty())) {
    fields.emplace_back(line.substr(std::min(line.find(':'), line.size() - 1) + 1));
  }
  const std::size_t listening = fields.size() == 12 ? 6 : 3;  // a host may be without IPv6
  ASSERT_EQ(fields.size(), listening + 6) << connections;
  EXPECT_EQ(fields[0], absl::StrCat("addr tcp:127.0.0.1:", process_->port()));
  EXPECT_EQ(fields[1], "state conn_listening");
  EXPECT_TRUE(absl::StartsWith(fields[2], "secs_since_last_cmd "));
  if (listening == 6) {
    EXPECT_TRUE(absl::StartsWith(fields[3], "addr tcp6:[::1]:"));
  }
  EXPECT_TRUE(absl::StartsWith(fields[listening], "addr tcp:127.0.0.1:"));
  EXPECT_EQ(fields[listening + 1], absl::StrCat("listen_addr tcp:127.0.0.1:", process_->port()));
  EXPECT_EQ(fields[listening + 2], "state conn_read");
  EXPECT_EQ(fields[listening + 3], "resps_waiting 0");
  EXPECT_EQ(fields[listening + 4], "secs_since_last_cmd 0");
}

TEST_F(ServerTest, ADumpThatNobodyTakesHindersNeitherOthersNorTheEnd) {
  Start({"-t", "1"});
  std::string requests;
  for (int i = 0; i < 100'000; ++i) absl::StrAppend(&requests, "ms key", i, " 1 q\r\nx\r\n");
  Ask(absl::StrCat(requests, "mn\r\n"), "MN\r\n");
  auto reader = Connect();
  reader->Send("lru_crawler metadump all\r\nmn\r\n");
  const std::string dump = reader->ReadUntil("END\r\nMN\r\n");
  EXPECT_EQ(std::count(dump.begin(), dump.end(), '\n'), 100'003);
  auto idler = Connect();
  idler->Send("lru_crawler metadump hash\r\n");
  auto leaver = Connect();
  leaver->Send("lru_crawler mgdump all\r\n");
  leaver.reset();
  EXPECT_EQ(Ask("get key1\r\n", "END\r\n"), "VALUE key1 0 1\r\nx\r\nEND\r\n");
  process_->Signal(SIGTERM);
  EXPECT_EQ(process_->ExitCode(), 0);
}

TEST_F(ServerTest, RefusesConnectionsPastTheLimit) {
  Start({"-c", "2"});
  auto first = Connect();
  auto second = Connect();
  first->Send("mn\r\n");
  EXPECT_EQ(first->ReadUntil("\r\n"), "MN\r\n");
  auto third = Connect();
  EXPECT_EQ(third->ReadAll(), "ERROR Too many open connections\r\n");
  first->Send("stats\r\n");
  EXPECT_TRUE(absl::StrContains(first->ReadUntil("END\r\n"), "STAT rejected_connections 1\r\n"));
}

TEST_F(ServerTest, OrLeavesThemWaiting) {
  Start({"-c", "1", "-o", "no_maxconns_fast"});
  auto first = Connect();
  first->Send("mn\r\n");
  EXPECT_EQ(first->ReadUntil("\r\n"), "MN\r\n");
  auto second = Connect();
  second->Send("mn\r\n");
  first->Send("stats\r\n");
  EXPECT_TRUE(absl::StrContains(first->ReadUntil("END\r\n"), "STAT accepting_conns 0\r\n"));
  first.reset();
  EXPECT_EQ(second->ReadUntil("\r\n"), "MN\r\n");
}

TEST_F(ServerTest, ClosesIdleConnections) {
  Start({"-o", "idle_timeout=1"});
  auto client = Connect();
  EXPECT_EQ(client->ReadAll(), "");
  EXPECT_TRUE(client->closed());
  // Who asks on a busy machine may be idle for as long, and is closed, too.
  std::string kicks;
  for (int attempt = 0; attempt < 20 && kicks.empty(); ++attempt) {
    client_.reset();
    kicks = Stats()["idle_kicks"];
  }
  EXPECT_GE(std::atoi(kicks.c_str()), 1);
}

TEST_F(ServerTest, WhoTakesALargeValueSlowlyIsNotIdle) {
  Start({"-o", "idle_timeout=1", "-I", "50m", "-m", "128"});
  const std::string value(40'000'000, 'v');
  auto slow = Connect();
  slow->Send(absl::StrCat("set large 0 0 ", value.size(), "\r\n", value, "\r\n"));
  ASSERT_EQ(slow->ReadUntil("STORED\r\n"), "STORED\r\n");
  slow->Send("get large\r\n");
  std::size_t taken = 0;
  // A quarter of it in three seconds, however fast the machine is.
  const absl::Time begin = absl::Now();
  for (absl::Duration since; (since = absl::Now() - begin) < absl::Seconds(3);) {
    const double share = absl::FDivDuration(since, absl::Seconds(12));
    if (static_cast<double>(taken) < share * static_cast<double>(value.size())) {
      taken += slow->ReadSome(300).size();
    }
    Ask("mn\r\n", "MN\r\n");
  }
  ASSERT_LT(taken, value.size());
  taken += slow->ReadUntil("END\r\n").size();
  EXPECT_EQ(taken,
            absl::StrCat("VALUE large 0 ", value.size(), "\r\n\r\nEND\r\n").size() + value.size());
}

TEST_F(ServerTest, TerminationAnswersWhatWasReadAndExitsWithZero) {
  Start();
  auto client = Connect();
  auto idle = Connect();
  client->Send("set a 0 0 100000\r\n" + std::string(100000, 'a') + "\r\n");
  EXPECT_EQ(client->ReadUntil("STORED\r\n"), "STORED\r\n");
  std::string requests;
  for (int i = 0; i < 200; ++i) requests += "get a\r\n";
  client->Send(requests);
  process_->Signal(SIGTERM);
  // A reply is whole or not there at all.
  const std::string replies = client->ReadAll();
  const std::size_t reply_bytes = 100000 + sizeof("VALUE a 0 100000\r\n\r\nEND\r\n") - 1;
  EXPECT_EQ(replies.size() % reply_bytes, 0u) << replies.size();
  EXPECT_TRUE(client->closed());
  EXPECT_EQ(idle->ReadAll(), "");
  client.reset();
  idle.reset();
  EXPECT_EQ(process_->ExitCode(), 0);
}

TEST_F(ServerTest, InterruptEndsItWithoutClientsAtOnce) {
  // Waiting for nobody would last for the limit of a drain each time; a busy machine is slow once.
  absl::Duration quickest = absl::InfiniteDuration();
  for (int attempt = 0; attempt < 10 && quickest > absl::Seconds(1); ++attempt) {
    Start();
    const absl::Time before = absl::Now();
    process_->Signal(SIGINT);
    EXPECT_EQ(process_->ExitCode(), 0);
    quickest = std::min(quickest, absl::Now() - before);
  }
  EXPECT_LE(quickest, absl::Seconds(1));
}

TEST_F(ServerTest, WhileItAnnouncesItsEndItServesAndTakesNewcomers) {
  Start({"--drain-wait=3600", "-v"});
  process_->Signal(SIGTERM);
  process_->Signal(SIGTERM);
  EXPECT_TRUE(Connect()->connected());
  EXPECT_EQ(Ask("set a 0 0 1\r\n1\r\n", "\r\n"), "STORED\r\n");
  EXPECT_EQ(Stats()["accepting_conns"], "1");
  process_->Signal(SIGINT);
  EXPECT_EQ(process_->ExitCode(), 0) << "a person does not wait";
}

TEST_F(ServerTest, AfterTheAnnouncementItEnds) {
  Start({"--drain-wait=0.2"});
  EXPECT_EQ(Ask("mn\r\n", "\r\n"), "MN\r\n");
  process_->Signal(SIGTERM);
  EXPECT_EQ(client_->ReadAll(), "") << "the connection is closed";
  EXPECT_EQ(process_->ExitCode(), 0);
}

TEST_F(ServerTest, ASecondInterruptDoesNotWait) {
  Start({"--drain-wait=3600"});
  process_->Signal(SIGINT);
  EXPECT_EQ(Ask("mn\r\n", "\r\n"), "MN\r\n") << "the first does";
  process_->Signal(SIGINT);
  EXPECT_EQ(process_->ExitCode(), 0);
}

TEST_F(ServerTest, HangUpIsIgnored) {
  Start();
  process_->Signal(SIGHUP);
  EXPECT_EQ(Ask("mn\r\n", "\r\n"), "MN\r\n");
}

TEST_F(ServerTest, TheShutdownCommandEndsIt) {
  Start({"-A"});
  auto client = Connect();
  client->Send("shutdown graceful\r\n");
  EXPECT_EQ(client->ReadAll(), "");
  client.reset();
  EXPECT_EQ(process_->ExitCode(), 0);
}

TEST_F(ServerTest, APeerThatFinishedSendingGetsAllReplies) {
  Start();
  auto client = Connect();
  client->Send("set a 0 0 1\r\na\r\nget a\r\n");
  client->FinishSending();
  EXPECT_EQ(client->ReadAll(), "STORED\r\nVALUE a 0 1\r\na\r\nEND\r\n");
}

TEST_F(ServerTest, WritesItsPidAndLeavesNoFile) {
  const std::string path = absl::StrCat(std::getenv("TEST_TMPDIR"), "/pid");
  Start({"-P", path});
  // The pid file is written after the port file: an answer tells that it is there.
  EXPECT_EQ(Ask("mn\r\n", "\r\n"), "MN\r\n");
  std::ifstream file(path);
  int pid = 0;
  file >> pid;
  EXPECT_EQ(pid, process_->pid());
  process_->Signal(SIGTERM);
  EXPECT_EQ(process_->ExitCode(), 0);
  EXPECT_NE(access(path.c_str(), F_OK), 0);
}

TEST(ServerStartTest, BadOptionsEndWithUsage) {
  TestProcess process("server/server", {"-m", "nonsense"});
  EXPECT_FALSE(process.started());
}

TEST(ServerStartTest, APortThatIsTakenOnOneAddressEndsTheStart) {
  TestProcess first("server/server", {"-p", "0", "-l", "127.0.0.1"});
  ASSERT_TRUE(first.started());
  // IPv6's would be free.
  TestProcess second("server/server", {"-p", absl::StrCat(first.port())});
  EXPECT_FALSE(second.started());
}

TEST(ServerStartTest, TheUserThatItBecomesOwnsTheUnixSocket) {
  const net::SocketFolder folder;
  const passwd* const user = getpwnam("nobody");
  if (user == nullptr || chown(folder.path().c_str(), user->pw_uid, user->pw_gid) != 0) {
    GTEST_SKIP() << "-u is for root, outside a sandbox";
  }
  const uid_t id = user->pw_uid;
  const std::string path = absl::StrCat(folder.path(), "/s");
  TestProcess process("server/server", {"-s", path, "-u", "nobody"});
  ASSERT_TRUE(process.started());
  TestClient client(path);
  ASSERT_TRUE(client.connected());
  client.Send("mn\r\n");
  EXPECT_EQ(client.ReadUntil("\r\n"), "MN\r\n");
  struct stat status {};
  stat(path.c_str(), &status);
  EXPECT_EQ(status.st_uid, id);
}

TEST(ServerStartTest, AUserWhoIsNotThereIsToldBeforeGoingToTheBackground) {
  if (geteuid() != 0) GTEST_SKIP() << "-u is for root";
  TestProcess process("server/server", {"-p", "0", "-d", "-u", "nobody-of-this-name"});
  EXPECT_FALSE(process.started());
}

TEST(ServerStartTest, AUnixSocketTakesThePlaceOfTheNetwork) {
  const net::SocketFolder folder;
  const std::string path = absl::StrCat(folder.path(), "/s");
  TestProcess process("server/server", {"-s", path, "-a", "0700"});
  ASSERT_TRUE(process.started());
  EXPECT_EQ(process.port(), 0);
  struct stat status {};
  stat(path.c_str(), &status);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
  TestClient client(path);
  ASSERT_TRUE(client.connected());
  client.Send("mn\r\n");
  EXPECT_EQ(client.ReadUntil("\r\n"), "MN\r\n");
}

}  // namespace
}  // namespace ringcache::server

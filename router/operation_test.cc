// The program as its operators meet it: what it tells of itself, with two servers behind it.

#include <signal.h>
#include <sysexits.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/test_process.h"

namespace ringcache::router {
namespace {

using server::TestClient;
using server::TestProcess;

std::unique_ptr<TestProcess> StartServer() {
  return std::make_unique<TestProcess>(
      "server/server", std::vector<std::string>{"-p", "0", "-l", "127.0.0.1", "-t", "1"});
}

class OperationTest : public testing::Test {
 protected:
  void Start(const std::vector<std::string>& more = {}) {
    for (const auto& server : servers_) ASSERT_TRUE(server->started());
    std::vector<std::string> arguments = {"-p 0", "--listen-addresses=127.0.0.1",
                                          "--num-proxies=2"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    router_ = std::make_unique<TestProcess>("router/router", arguments);
    ASSERT_TRUE(router_->started());
    client_ = std::make_unique<TestClient>(router_->port());
    ASSERT_TRUE(client_->connected());
  }
  void StartWithServers(std::vector<std::string> more = {}) {
    more.push_back(absl::StrCat("--servers=", NameOf(0), ",", NameOf(1)));
    Start(more);
  }
  std::string NameOf(std::size_t server) const {
    return absl::StrCat("127.0.0.1:", servers_[server]->port());
  }
  std::string Ask(absl::string_view request, absl::string_view end = "\r\n") {
    client_->Send(absl::StrCat(request, "\r\n"));
    return client_->ReadUntil(end);
  }
  // What mcrouter's administrators ask; the value alone.
  std::string AskKey(absl::string_view command) {
    const std::string reply = Ask(absl::StrCat("get __mcrouter__.", command), "END\r\n");
    const std::size_t begin = reply.find("\r\n") + 2;
    return reply.substr(begin, reply.rfind("\r\nEND") - begin);
  }

  const std::vector<std::unique_ptr<TestProcess>> servers_ = [] {
    std::vector<std::unique_ptr<TestProcess>> servers;
    for (int i = 0; i < 2; ++i) servers.push_back(StartServer());
    return servers;
  }();
  std::unique_ptr<TestProcess> router_;
  std::unique_ptr<TestClient> client_;
};

TEST_F(OperationTest, StatsCountWhatWasJustDone) {
  StartWithServers();
  EXPECT_EQ(Ask("set a 0 0 1\r\nx"), "STORED\r\n");
  EXPECT_EQ(Ask("get a", "END\r\n"), "VALUE a 0 1\r\nx\r\nEND\r\n");
  EXPECT_EQ(Ask("get b", "END\r\n"), "END\r\n");
  const std::string stats = Ask("stats", "END\r\n");
  for (const char* line :
       {"STAT cmd_get 2\r\n", "STAT cmd_set 1\r\n", "STAT get_hits 1\r\n", "STAT get_misses 1\r\n",
        "STAT num_proxies 2\r\n", "STAT config_failures 0\r\n", "STAT num_client_connections 1\r\n",
        " -p 0 --listen-addresses=127.0.0.1 --num-proxies=2 --servers="}) {
    EXPECT_TRUE(absl::StrContains(stats, line)) << line << stats;
  }
}

TEST_F(OperationTest, HotKeysOfAllThreadsAreTold) {
  StartWithServers();
  std::string gets;
  for (int i = 0; i < 2000; ++i) gets += "get hot\r\n";
  const auto other = std::make_unique<TestClient>(router_->port());
  for (TestClient* const client : {client_.get(), other.get()}) {
    client->Send(gets + "mn\r\n");
    EXPECT_TRUE(absl::EndsWith(client->ReadUntil("MN\r\n"), "END\r\nMN\r\n"));
  }
  const std::string stats = Ask("stats hotkeys", "END\r\n");
  EXPECT_TRUE(absl::StrContains(stats, "STAT read:hot per_second:")) << stats;
  EXPECT_TRUE(absl::StrContains(stats, "STAT writes_per_second 0.0\r\n")) << stats;
}

TEST_F(OperationTest, AKeysWayIsToldAndTrue) {
  StartWithServers({"--failover=no"});
  const std::string way = AskKey("route(get,a)");
  EXPECT_TRUE(way == NameOf(0) || way == NameOf(1)) << way;
  EXPECT_EQ(Ask("set a 0 0 1\r\nx"), "STORED\r\n");
  TestClient server(servers_[way == NameOf(0) ? 0 : 1]->port());
  server.Send("get a\r\n");
  EXPECT_EQ(server.ReadUntil("END\r\n"), "VALUE a 0 1\r\nx\r\nEND\r\n");
  EXPECT_EQ(Ask("get __mcrouter__.nonsense"), "SERVER_ERROR unknown command: nonsense\r\n");
  EXPECT_EQ(AskKey("options(num-proxies)"), "2");
}

TEST_F(OperationTest, SoManyMembersStandInForTheOwner) {
  StartWithServers();
  const std::string both = AskKey("route(get,a)");
  EXPECT_TRUE(absl::StrContains(both, NameOf(0)) && absl::StrContains(both, NameOf(1))) << both;
  StartWithServers({"--max-failovers=0"});
  const std::string owner = AskKey("route(get,a)");
  EXPECT_TRUE(absl::StartsWith(both, owner + "\r\n")) << owner;
}

TEST_F(OperationTest, FlushAllEmptiesEveryServer) {
  StartWithServers({"--enable-flush-cmd"});
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(Ask(absl::StrCat("set key", i, " 0 0 1\r\nx")), "STORED\r\n");
  }
  EXPECT_TRUE(absl::StrContains(Ask("stats items", "END\r\n"), ":number 20\r\n"));
  EXPECT_EQ(Ask("flush_all"), "OK\r\n");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Ask(absl::StrCat("get key", i)), "END\r\n");
}

TEST_F(OperationTest, ClientsFindTheServersBehindIt) {
  StartWithServers();
  const std::string config = Ask("config get cluster", "END\r\n");
  EXPECT_TRUE(absl::StartsWith(config, "CONFIG cluster 0 "));
  for (const auto& server : servers_) {
    EXPECT_TRUE(absl::StrContains(config, absl::StrCat("127.0.0.1|127.0.0.1|", server->port())));
  }
}

TEST_F(OperationTest, AConfigurationIsReadAgainWhenASignalAsksForIt) {
  const std::string path = absl::StrCat(std::getenv("TEST_TMPDIR"), "/router.json");
  const auto write = [&](std::size_t server) {
    std::ofstream(path) << R"({"pools": {"A": {"servers": [")" << NameOf(server)
                        << R"("]}}, "route": "PoolRoute|A"})";
  };
  write(0);
  Start({"-f " + path, "--disable-reload-configs"});
  EXPECT_EQ(AskKey("route(get,a)"), NameOf(0));
  const std::string digest = AskKey("config_md5_digest");
  EXPECT_EQ(AskKey("config_file"), path);
  write(1);
  router_->Signal(SIGHUP);
  // Until the worker that this client has took it up.
  constexpr int kMostTries = 100'000;
  for (int tries = 0; tries < kMostTries; ++tries) {
    if (AskKey("config_md5_digest") != digest && AskKey("route(get,a)") == NameOf(1)) break;
  }
  EXPECT_EQ(AskKey("route(get,a)"), NameOf(1));
}

TEST_F(OperationTest, ARouteThatLogsReachesTheProcesssLog) {
  const std::string path = absl::StrCat(std::getenv("TEST_TMPDIR"), "/requests.log");
  Start({absl::StrCat(R"(--config-str={"pools": {"A": {"servers": [")", NameOf(0),
                      R"("]}}, "route": "LoggingRoute|PoolRoute|A"})"),
         "--log-path=" + path});
  EXPECT_EQ(Ask("set a 0 0 1\r\nx"), "STORED\r\n");
  // Until the thread that writes the log has come to it.
  std::string log;
  constexpr int kMostTries = 100'000;
  const std::string line = absl::StrCat(" notice set a: done, by ", NameOf(0), "\n");
  for (int tries = 0; tries < kMostTries && !absl::StrContains(log, line); ++tries) {
    EXPECT_EQ(Ask("mn"), "MN\r\n");
    std::ifstream file(path);
    log.assign(std::istreambuf_iterator<char>(file), {});
  }
  EXPECT_TRUE(absl::StrContains(log, line)) << log;
}

TEST_F(OperationTest, BigValuesLieInPiecesOnAllServers) {
  StartWithServers({"--big-value-split-threshold=2000", "--big-value-batch-size=3"});
  const std::string value(100'000, 'x');
  EXPECT_EQ(Ask(absl::StrCat("set a 7 0 ", value.size(), "\r\n", value)), "STORED\r\n");
  EXPECT_EQ(Ask("get a", "END\r\n"),
            absl::StrCat("VALUE a 7 ", value.size(), "\r\n", value, "\r\nEND\r\n"));
  const std::string items = Ask("stats items", "END\r\n");
  EXPECT_TRUE(absl::StrContains(items, ":number 50\r\n")) << items;
}

TEST_F(OperationTest, ThreadsLeaveDifferentThingsToChance) {
  Start({R"(--config-str={"route": {"type": "RandomRoute",
                                    "children": ["ErrorRoute|a", "ErrorRoute|b"]}})"});
  TestClient other(router_->port());
  const auto told = [](TestClient* client) {
    std::string told;
    for (int i = 0; i < 64; ++i) {
      client->Send("delete k\r\n");
      told += client->ReadUntil("\r\n");
    }
    return told;
  };
  EXPECT_NE(told(client_.get()), told(&other));
}

TEST_F(OperationTest, HostsAreToldApartByTheirNamesUnlessTheyAreNumbered) {
  StartWithServers();
  const std::string of_name = AskKey("hostid");
  EXPECT_NE(of_name, "0");
  StartWithServers();
  EXPECT_EQ(AskKey("hostid"), of_name);
  StartWithServers({"--hostid=9"});
  EXPECT_EQ(AskKey("hostid"), "9");
}

TEST_F(OperationTest, ItEndsWellWhenItIsTold) {
  StartWithServers();
  EXPECT_EQ(Ask("version").substr(0, 8), "VERSION ");
  router_->Signal(SIGTERM);
  EXPECT_EQ(router_->ExitCode(), EX_OK);
}

}  // namespace
}  // namespace ringcache::router

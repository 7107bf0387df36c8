#include "router/stats/router_commands.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "admin/backend/stats.h"
#include "client/call_failure.h"
#include "gtest/gtest.h"
#include "metrics/hot_key_sketch.h"
#include "protocol/request.h"
#include "protocol/request_parser.h"
#include "router/broadcast_exchange.h"
#include "router/route/route.h"
#include "router/route/route_tree.h"
#include "router/router_counters.h"
#include "router/router_options.h"
#include "router/stats/router_inspector.h"
#include "router/stats/worker_snapshot.h"

namespace ringcache::router {
namespace {

using protocol::Operation;

class FakeInspector final : public RouterInspector {
 public:
  RouterFigures Figures() const override { return figures; }
  ConfigFigures Config() const override { return config; }
  std::vector<std::shared_ptr<const WorkerSnapshot>> Snapshots() const override {
    return figures.workers;
  }
  std::size_t connections() const override { return figures.connections; }
  std::vector<metrics::HotKeyRates> HotKeys() const override { return hot_keys; }
  std::vector<admin::LatencySeries> Latencies() const override { return latencies; }
  std::optional<DeleteSpoolFigures> Deletes() const override { return deletes; }
  int verbosity() const override { return level; }
  void SetVerbosity(int verbosity) override { level = verbosity; }

  RouterFigures figures;
  ConfigFigures config;
  std::vector<metrics::HotKeyRates> hot_keys;
  std::vector<admin::LatencySeries> latencies;
  std::optional<DeleteSpoolFigures> deletes;
  int level = 0;
};

// A root with one child, which has two members.
class TwoMembers final : public Route {
 public:
  Task<Reply> Send(Call&, const RouteRequest& request) override {
    co_return DefaultReply(request.operation());
  }
  std::string name() const override { return "failover"; }
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override {
    visitor->OnRoute(*this, depth);
    visitor->OnMember(absl::StrCat("a:", request.key()), depth + 1);
    visitor->OnMember("b:11211", depth + 2);
    visitor->OnMember("b:11211", depth + 2);
  }
};

class RouterCommandsTest : public testing::Test {
 protected:
  RouterCommandsTest() {
    WorkerSnapshot worker;
    worker.clients = 3;
    worker.exchanges = 4;
    worker.hot_keys = 5;
    worker.hot_key_bytes = 600;
    MemberSnapshot up;
    up.name = "a:11211";
    up.timeout = absl::Milliseconds(250);
    up.stats.calls = 10;
    up.stats.pending_calls = 2;
    up.stats.queued_bytes = 99;
    MemberSnapshot down;
    down.name = "b:11211";
    down.timeout = absl::Milliseconds(250);
    down.stats.up = false;
    down.stats.times_down = 5;
    down.stats.last_problem = "connection refused";
    MemberSnapshot fresh;
    fresh.name = "c:11211";
    MemberSnapshot vanished;
    vanished.name = "d:11211";
    vanished.vanished = true;
    worker.pools = {{"A", 7, {up, down, fresh, vanished}}};
    inspector_.figures.workers = {std::make_shared<const WorkerSnapshot>(worker),
                                  std::make_shared<const WorkerSnapshot>(WorkerSnapshot())};
  }

  std::string Answer(absl::string_view line) {
    protocol::Request request;
    const std::string text = absl::StrCat(line, "\r\n");
    EXPECT_EQ(protocol::ParseRequest(text, &request).status, protocol::ParseStatus::kOk) << line;
    return commands_.Answer(request);
  }
  // What __mcrouter__.<command> says, or the error.
  std::string Key(absl::string_view command) {
    const absl::StatusOr<std::string> value = commands_.AnswerKey(command, tree_);
    return value.ok() ? *value : absl::StrCat("error: ", value.status().message());
  }
  // The value of a name in `stats <group>`.
  std::string Stat(absl::string_view name, absl::string_view group = "") {
    const std::string reply = Answer(absl::StrCat("stats ", group));
    EXPECT_TRUE(absl::EndsWith(reply, "END\r\n"));
    const std::string start = absl::StrCat("STAT ", name, " ");
    const std::size_t at = absl::StartsWith(reply, start) ? 0 : reply.find("\n" + start) + 1;
    if (at == 0 && !absl::StartsWith(reply, start)) return "not there";
    const std::size_t begin = at + start.size();
    return reply.substr(begin, reply.find("\r\n", begin) - begin);
  }

  RouterOptions options_;
  FakeInspector inspector_;
  RouterCommands commands_{&options_, &inspector_, "-p 5000", {{"port", "5000"}, {"log", ""}}};
  RouteTree tree_{std::make_unique<TwoMembers>()};
};

TEST_F(RouterCommandsTest, VersionIsOneThatClientsUnderstand) {
  EXPECT_TRUE(absl::StartsWith(Answer("version"), "VERSION 1.6."));
}

TEST_F(RouterCommandsTest, StatsTellTheProcess) {
  EXPECT_EQ(Stat("commandargs"), "-p 5000");
  EXPECT_NE(Stat("pid"), "0");
  EXPECT_EQ(Stat("uptime"), "0");
  EXPECT_NE(Stat("ps_rss"), "0");
  EXPECT_TRUE(absl::StrContains(Stat("ps_user_time_sec"), "."));
}

TEST_F(RouterCommandsTest, StatsTellServersByTheirState) {
  EXPECT_EQ(Stat("num_servers"), "4");
  EXPECT_EQ(Stat("num_servers_up"), "1");
  EXPECT_EQ(Stat("num_servers_down"), "1");
  EXPECT_EQ(Stat("num_servers_new"), "1");
  EXPECT_EQ(Stat("num_servers_closed"), "1");
  EXPECT_EQ(Stat("num_suspect_servers"), "1");
  EXPECT_EQ(Stat("destination_inflight_reqs"), "2");
  EXPECT_EQ(Stat("destination_queued_bytes"), "99");
  EXPECT_EQ(Stat("num_proxies"), "2");
  EXPECT_EQ(Stat("num_clients"), "3");
  EXPECT_EQ(Stat("proxy_reqs_processing"), "4");
}

TEST_F(RouterCommandsTest, StatsTellCounts) {
  inspector_.figures.operations[Operation::kGet] = 7;
  inspector_.figures.operations[Operation::kMetaGet] = 5;
  inspector_.figures.counters[RouterCounter::kHits] = 8;
  inspector_.figures.counters[RouterCounter::kMisses] = 4;
  inspector_.figures.counters[RouterCounter::kHotKeyHits] = 2;
  EXPECT_EQ(Stat("cmd_get"), "7");
  EXPECT_EQ(Stat("cmd_get_count"), "7");
  EXPECT_EQ(Stat("cmd_mg"), "5");
  EXPECT_EQ(Stat("cmd_set"), "0");
  EXPECT_EQ(Stat("cmd_touch"), "not there");
  EXPECT_EQ(Stat("request_count"), "12");
  EXPECT_EQ(Stat("get_hits"), "8");
  EXPECT_EQ(Stat("get_misses"), "4");
  EXPECT_EQ(Stat("hot_key_hits"), "2");
  EXPECT_EQ(Stat("cmd_get", "all"), "7");
}

TEST_F(RouterCommandsTest, StatsTellBoundsBesideWhatThereIs) {
  inspector_.figures.reply_bytes = 12;
  inspector_.figures.connections = 13;
  EXPECT_EQ(Stat("reply_bytes"), "12");
  EXPECT_EQ(Stat("max_reply_bytes"), absl::StrCat(options_.max_reply_bytes));
  EXPECT_EQ(Stat("num_client_connections"), "13");
  EXPECT_EQ(Stat("max_conns"), "0");
  EXPECT_EQ(Stat("max_client_outstanding_reqs"), "4096");
  EXPECT_EQ(Stat("target_max_pending_requests"), "65536");
  EXPECT_EQ(Stat("max_broadcasts"), absl::StrCat(2 * BroadcastExchange::kMaxRunning));
}

TEST_F(RouterCommandsTest, StatsTellWhatIsKeptOfHotKeys) {
  options_.hot_key_cache.ttl = absl::Milliseconds(250);
  EXPECT_EQ(Stat("hot_key_cache_ttl_ms"), "250");
  EXPECT_EQ(Stat("hot_key_cache_keys"), "5");
  EXPECT_EQ(Stat("max_hot_key_cache_keys"), "128");
  EXPECT_EQ(Stat("hot_key_cache_bytes"), "600");
  EXPECT_EQ(Stat("max_hot_key_cache_bytes"), absl::StrCat(8 << 20));
}

TEST_F(RouterCommandsTest, StatsTellHotKeys) {
  metrics::HotKeyRates rates;
  rates.window = absl::Seconds(16);
  rates.reads.requests = 200'000;
  rates.reads.keys = {{"a", 100'000, 0}};
  inspector_.hot_keys = {rates, rates};
  EXPECT_EQ(Stat("reads_per_second", "hotkeys"), "400.0");
  EXPECT_EQ(Stat("read:a", "hotkeys"), "per_second:200.0 share:0.5000 error:84.9");
}

TEST_F(RouterCommandsTest, StatsTellWhatIsKeptForMembersThatAreAway) {
  EXPECT_EQ(Stat("spool_pending"), "not there");
  EXPECT_EQ(Answer("stats spool"), "END\r\n");
  DeleteSpoolFigures figures;
  figures.spool.appended = 5;
  figures.spool.duplicates = 2;
  figures.spool.bytes = 300;
  figures.spool.last_error = "the disk is full";
  figures.max_bytes = 1000;
  figures.replayed = 2;
  figures.copies = 1;
  figures.waiting = {{"a:11211", 3, false}, {"b:11211", 0, true}};
  inspector_.deletes = figures;
  EXPECT_EQ(Stat("asynclog_requests"), "7");
  EXPECT_EQ(Stat("spool_pending"), "3");
  EXPECT_EQ(Stat("spool_members_waiting"), "2");
  EXPECT_EQ(Stat("spool_bytes"), "300");
  EXPECT_EQ(Stat("spool_max_bytes"), "1000");
  EXPECT_EQ(Stat("spool_replayed", "spool"), "2");
  EXPECT_EQ(Stat("spool_copies_deleted", "spool"), "1");
  EXPECT_EQ(Stat("spool_last_error", "spool"), "the disk is full");
  EXPECT_EQ(Stat("a:11211", "spool"), "pending:3 must_flush:no");
  EXPECT_EQ(Stat("b:11211", "spool"), "pending:0 must_flush:yes");
}

TEST_F(RouterCommandsTest, StatsTellTheConfigurationsAge) {
  EXPECT_EQ(Stat("config_last_success"), "0");
  EXPECT_EQ(Stat("config_age"), "0");
  inspector_.config.last_attempt = absl::FromUnixSeconds(2000);
  inspector_.config.last_success = absl::FromUnixSeconds(1000);
  inspector_.config.failures = 3;
  EXPECT_EQ(Stat("config_last_attempt"), "2000");
  EXPECT_EQ(Stat("config_last_success"), "1000");
  EXPECT_NE(Stat("config_age"), "0");
  EXPECT_EQ(Stat("config_failures"), "3");
}

TEST_F(RouterCommandsTest, FailuresAreToldInMcroutersNames) {
  inspector_.figures.failures[client::CallFailure::kTimedOut] = 2;
  inspector_.figures.failures[client::CallFailure::kConnectionLost] = 3;
  inspector_.figures.failures[client::CallFailure::kProtocolError] = 4;
  EXPECT_EQ(Stat("result_error_count", "cmd-error"), "9");
  EXPECT_EQ(Stat("result_data_timeout_count", "cmd-error"), "2");
  EXPECT_EQ(Stat("result_remote_error_count", "cmd-error"), "7");
  EXPECT_EQ(Stat("result_tko_count", "cmd-error"), "0");
}

TEST_F(RouterCommandsTest, EachServerHasALine) {
  EXPECT_EQ(Stat("a:11211:ascii:plain:notcompressed-250", "servers"),
            "pending_reqs:0 inflight_reqs:2 pool:A calls:10 refused:0 timeouts:0 "
            "lost_connections:0 times_down:0 queued_bytes:99");
  EXPECT_EQ(Stat("b:11211:ascii:plain:notcompressed-250", "servers"),
            "pending_reqs:0 inflight_reqs:0 hard_tko; pool:A calls:0 refused:0 timeouts:0 "
            "lost_connections:0 times_down:5 queued_bytes:0 last_problem:connection refused");
  EXPECT_TRUE(
      absl::StrContains(Stat("d:11211:ascii:plain:notcompressed-0", "servers"), " vanished; "));
}

TEST_F(RouterCommandsTest, SuspectServersAreThoseThatAreDown) {
  EXPECT_EQ(Answer("stats suspect_servers"), "STAT b:11211 status:tko num_failures:5\r\nEND\r\n");
}

TEST_F(RouterCommandsTest, EachPoolHasALine) {
  EXPECT_EQ(Answer("stats pools"),
            "STAT A members:4 down:1 vanished:1 inflight_reqs:2 calls:10 version:7\r\nEND\r\n");
}

TEST_F(RouterCommandsTest, UnknownGroupsAreRefusedAsInMcrouter) {
  EXPECT_EQ(Answer("stats nonsense"), "CLIENT_ERROR bad stats command\r\n");
}

TEST_F(RouterCommandsTest, WhatOnlyAServerCanDoIsAnError) {
  EXPECT_EQ(Answer("flush_all"), "SERVER_ERROR Command disabled\r\n");
  EXPECT_EQ(Answer("shutdown"), "SERVER_ERROR: shutdown not enabled\r\n");
  EXPECT_EQ(Answer("watch"), "CLIENT_ERROR watch commands not allowed\r\n");
  EXPECT_EQ(Answer("debugtime p"), "ERROR\r\n");
  EXPECT_EQ(Answer("config get other"), "ERROR\r\n");
  const std::string elsewhere = " is for a server; connect to one\r\n";
  EXPECT_EQ(Answer("slabs automove 1"), "CLIENT_ERROR slabs" + elsewhere);
  EXPECT_EQ(Answer("lru mode flat"), "CLIENT_ERROR lru" + elsewhere);
  EXPECT_EQ(Answer("lru_crawler enable"), "CLIENT_ERROR lru_crawler" + elsewhere);
  EXPECT_EQ(Answer("cache_memlimit 64"), "CLIENT_ERROR cache_memlimit" + elsewhere);
}

TEST_F(RouterCommandsTest, VerbosityIsSetByCommandAndByKey) {
  EXPECT_EQ(Answer("verbosity 2"), "OK\r\n");
  EXPECT_EQ(inspector_.level, 2);
  EXPECT_EQ(Key("verbosity"), "2");
  EXPECT_EQ(Key("verbosity(1)"), "OK");
  EXPECT_EQ(inspector_.level, 1);
  EXPECT_EQ(Key("verbosity(x)"), "error: verbosity: 'x' is no number");
}

TEST_F(RouterCommandsTest, TheConfigurationIsTold) {
  inspector_.config.text = "{\"route\": \"NullRoute\"}";
  inspector_.config.md5 = "abc";
  EXPECT_EQ(Key("config"), "{\"route\": \"NullRoute\"}");
  EXPECT_EQ(Key("config_md5_digest"), "abc");
  EXPECT_EQ(Key("config_file"), "error: the configuration is not from a file");
  options_.config_file = "/etc/router.json";
  EXPECT_EQ(Key("config_file"), "/etc/router.json");
  EXPECT_EQ(Key("config_age"), "error: no configuration is in use yet");
  inspector_.config.last_success = absl::Now();
  EXPECT_EQ(Key("config_age"), "0");
}

TEST_F(RouterCommandsTest, OptionsAreToldByTheirFlags) {
  EXPECT_EQ(Key("options"), "port 5000\r\nlog ");
  EXPECT_EQ(Key("options(port)"), "5000");
  EXPECT_EQ(Key("options(prot)"), "error: there is no option prot");
}

TEST_F(RouterCommandsTest, TheWayOfARequestIsTold) {
  EXPECT_EQ(Key("route(get,k)"), "a:k\r\nb:11211");
  EXPECT_EQ(Key("route_handles(set,k)"), "failover\r\n a:k\r\n  b:11211\r\n  b:11211");
  EXPECT_EQ(Key("route(get,a,b)"), "a:a,b\r\nb:11211") << "a key may have commas";
  EXPECT_EQ(Key("route(fetch,k)"),
            "error: route: 'fetch' is no operation on a key, as get and set are");
  EXPECT_EQ(Key("route(stats,k)"),
            "error: route: 'stats' is no operation on a key, as get and set are");
  EXPECT_EQ(Key("route(get)"), "error: route takes (operation,key)");
  EXPECT_EQ(Key("route"), "error: route takes (operation,key)");
  EXPECT_EQ(Key("route(get,k"), "error: route(get,k: a ')' is missing at its end");
}

TEST_F(RouterCommandsTest, OtherKeys) {
  EXPECT_TRUE(absl::StartsWith(Key("version"), "ringcache "));
  EXPECT_EQ(Key("version(1)"), "error: version takes no words");
  EXPECT_EQ(Key("hostid"), "0");
  EXPECT_EQ(Key("pools"), "");
  EXPECT_EQ(Key("nonsense(1)"), "error: unknown command: nonsense");
}

}  // namespace
}  // namespace ringcache::router

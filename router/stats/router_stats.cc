#include "router/stats/router_stats.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "admin/backend/latency_report.h"
#include "client/call_failure.h"
#include "client/connection_options.h"
#include "process/version.h"
#include "protocol/command_table.h"
#include "router/broadcast_exchange.h"
#include "router/hot_keys/hot_key_report.h"
#include "router/hot_keys/local_cache_options.h"
#include "router/stats/pool_summary.h"

namespace ringcache::router {
namespace {

using absl::string_view;
using client::CallFailure;

// Lines of a reply.
class Lines {
 public:
  template <typename Value>
  void Add(string_view name, const Value& value) {
    absl::StrAppend(&text_, "STAT ", name, " ", value, "\r\n");
  }
  std::string End() { return std::move(text_) + "END\r\n"; }

 private:
  std::string text_;
};

double SecondsOf(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

// Unix seconds; 0 for never.
std::int64_t UnixSeconds(absl::Time time) {
  return time == absl::InfinitePast() ? 0 : absl::ToUnixSeconds(time);
}

void AddProcess(absl::Time started, Lines* lines) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::uint64_t virtual_pages = 0;
  std::uint64_t resident_pages = 0;
  std::ifstream("/proc/self/statm") >> virtual_pages >> resident_pages;
  const auto page_bytes = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  const absl::Time now = absl::Now();
  lines->Add("pid", getpid());
  lines->Add("parent_pid", getppid());
  lines->Add("time", absl::ToUnixSeconds(now));
  lines->Add("uptime", absl::ToInt64Seconds(now - started));
  lines->Add("ps_rss", resident_pages * page_bytes);
  lines->Add("ps_vsize", virtual_pages * page_bytes);
  lines->Add("ps_user_time_sec", absl::StrFormat("%.6f", SecondsOf(usage.ru_utime)));
  lines->Add("ps_system_time_sec", absl::StrFormat("%.6f", SecondsOf(usage.ru_stime)));
  lines->Add("rusage_user", absl::StrFormat("%.6f", SecondsOf(usage.ru_utime)));
  lines->Add("rusage_system", absl::StrFormat("%.6f", SecondsOf(usage.ru_stime)));
}

// Each member once, however many pools it is in.
void AddServers(const std::vector<PoolSnapshot>& pools, Lines* lines) {
  absl::flat_hash_set<string_view> seen;
  std::size_t fresh = 0;
  std::size_t up = 0;
  std::size_t down = 0;
  std::size_t vanished = 0;
  std::size_t pending = 0;
  std::size_t queued = 0;
  for (const PoolSnapshot& pool : pools) {
    for (const MemberSnapshot& member : pool.members) {
      pending += member.stats.pending_calls;
      queued += member.stats.queued_bytes;
      if (!seen.insert(member.name).second) continue;
      std::size_t& kind = member.vanished           ? vanished
                          : !member.stats.up        ? down
                          : member.stats.calls == 0 ? fresh
                                                    : up;
      ++kind;
    }
  }
  lines->Add("num_servers", seen.size());
  lines->Add("num_servers_new", fresh);
  lines->Add("num_servers_up", up);
  lines->Add("num_servers_down", down);
  lines->Add("num_servers_closed", vanished);
  lines->Add("num_suspect_servers", down);
  // Requests leave at once, so none is pending in mcrouter's sense.
  lines->Add("destination_pending_reqs", 0);
  lines->Add("destination_inflight_reqs", pending);
  lines->Add("destination_queued_bytes", queued);
}

void AddWorkers(const RouterFigures& figures, Lines* lines) {
  WorkerSnapshot sum;
  for (const std::shared_ptr<const WorkerSnapshot>& worker : figures.workers) {
    sum.clients += worker->clients;
    sum.exchanges += worker->exchanges;
    sum.calls += worker->calls;
    sum.broadcasts += worker->broadcasts;
    sum.hot_keys += worker->hot_keys;
    sum.hot_key_bytes += worker->hot_key_bytes;
  }
  lines->Add("num_proxies", figures.workers.size());
  lines->Add("num_clients", sum.clients);
  lines->Add("proxy_reqs_processing", sum.exchanges);
  lines->Add("proxy_reqs_waiting", 0);
  lines->Add("calls_running", sum.calls);
  lines->Add("broadcasts_running", sum.broadcasts);
  lines->Add("hot_key_cache_keys", sum.hot_keys);
  lines->Add("hot_key_cache_bytes", sum.hot_key_bytes);
}

void AddConfig(const ConfigFigures& config, Lines* lines) {
  const bool never = config.last_success == absl::InfinitePast();
  lines->Add("config_age", never ? 0 : absl::ToInt64Seconds(absl::Now() - config.last_success));
  lines->Add("config_last_attempt", UnixSeconds(config.last_attempt));
  lines->Add("config_last_success", UnixSeconds(config.last_success));
  lines->Add("config_failures", config.failures);
}

void AddCounts(const RouterFigures& figures, Lines* lines) {
  std::uint64_t all = 0;
  for (const protocol::CommandRow& row : protocol::kCommands) {
    const std::uint64_t count = figures.operations[row.operation];
    all += count;
    // What nobody asks for is left out, but for what every dashboard shows.
    const bool is_basic = row.operation == protocol::Operation::kGet ||
                          row.operation == protocol::Operation::kSet ||
                          row.operation == protocol::Operation::kDelete;
    if (count == 0 && !is_basic) continue;
    lines->Add(absl::StrCat("cmd_", row.word), count);
    lines->Add(absl::StrCat("cmd_", row.word, "_count"), count);
  }
  const auto& counters = figures.counters;
  lines->Add("request_count", all);
  lines->Add("get_hits", counters[RouterCounter::kHits]);
  lines->Add("get_misses", counters[RouterCounter::kMisses]);
  lines->Add("hot_key_hits", counters[RouterCounter::kHotKeyHits]);
  lines->Add("final_result_error", counters[RouterCounter::kErrors]);
  lines->Add("no_route", counters[RouterCounter::kNoRoutes]);
  lines->Add("invalid_requests", counters[RouterCounter::kInvalid]);
  lines->Add("failover_all", counters[RouterCounter::kFailedFirst]);
  lines->Add("routed_calls", counters[RouterCounter::kCalls]);
  lines->Add("broadcasts", counters[RouterCounter::kBroadcasts]);
  lines->Add("num_connections_opened", counters[RouterCounter::kConnectionsOpened]);
  lines->Add("num_connections_closed", counters[RouterCounter::kConnectionsClosed]);
  lines->Add("rejected_connections", counters[RouterCounter::kRejectedConnections]);
  lines->Add("slow_clients", counters[RouterCounter::kSlowClients]);
  lines->Add("client_pauses", counters[RouterCounter::kPauses]);
  lines->Add("conn_yields", counters[RouterCounter::kYields]);
  lines->Add("bytes_read", figures.bytes_received);
  lines->Add("bytes_written", figures.bytes_sent);
}

// What there may be at most, beside what there is.
void AddBounds(const RouterOptions& options, const RouterFigures& figures, Lines* lines) {
  lines->Add("num_client_connections", figures.connections);
  lines->Add("max_conns", options.max_connections);
  lines->Add("reply_bytes", figures.reply_bytes);
  lines->Add("max_reply_bytes", options.max_reply_bytes);
  lines->Add("max_client_reply_bytes", options.max_client_reply_bytes);
  lines->Add("client_pause_bytes", options.client_pause_bytes);
  lines->Add("max_client_outstanding_reqs", options.max_client_outstanding);
  lines->Add("max_held_value", options.max_held_value_bytes);
  const client::ConnectionOptions& connection = options.cluster.member.connection;
  lines->Add("target_max_pending_requests", connection.max_pending_calls);
  lines->Add("target_max_queued_bytes", connection.max_queued_bytes);
  const LocalCacheOptions& hot_keys = options.hot_key_cache;
  lines->Add("hot_key_cache_ttl_ms", absl::ToInt64Milliseconds(hot_keys.ttl));
  lines->Add("max_hot_key_cache_keys", hot_keys.max_keys * figures.workers.size());
  lines->Add("max_hot_key_cache_bytes", hot_keys.max_bytes * figures.workers.size());
  lines->Add("max_broadcasts", BroadcastExchange::kMaxRunning * figures.workers.size());
}

void AddDeletes(const DeleteSpoolFigures& figures, Lines* lines) {
  std::uint64_t pending = 0;
  for (const DeleteSpoolFigures::Member& member : figures.waiting) pending += member.pending;
  lines->Add("asynclog_requests", figures.spool.appended + figures.spool.duplicates);
  lines->Add("spool_pending", pending);
  lines->Add("spool_members_waiting", figures.waiting.size());
  lines->Add("spool_bytes", figures.spool.bytes);
  lines->Add("spool_max_bytes", figures.max_bytes);
  lines->Add("spool_replayed", figures.replayed);
  lines->Add("spool_copies_deleted", figures.copies);
  lines->Add("spool_overflows", figures.spool.overflows);
  lines->Add("spool_flushes", figures.flushes);
  lines->Add("spool_replay_failures", figures.failures);
  lines->Add("spool_errors", figures.spool.errors + figures.spool.damages);
}

}  // namespace

RouterStats::RouterStats(const RouterOptions* options, const RouterInspector* inspector,
                         std::string command_line)
    : options_(*options),
      inspector_(*inspector),
      command_line_(std::move(command_line)),
      started_(absl::Now()) {}

std::string RouterStats::Reply(string_view group) const {
  if (group.empty() || group == "all" || group == "detailed" || group == "count") return General();
  if (group == "cmd-error") return Failures();
  if (group == "servers") return Servers();
  if (group == "suspect_servers") return SuspectServers();
  if (group == "pools") return Pools();
  if (group == "spool") return Deletes();
  if (group == "latency") return admin::LatencyReport(inspector_.Latencies());
  if (group == "hotkeys") return HotKeyReport(inspector_.HotKeys());
  return "CLIENT_ERROR bad stats command\r\n";
}

std::string RouterStats::General() const {
  const RouterFigures figures = inspector_.Figures();
  Lines lines;
  lines.Add("version", process::kProtocolVersion);
  lines.Add("commandargs", command_line_);
  AddProcess(started_, &lines);
  AddServers(SummaryOf(figures.workers), &lines);
  AddWorkers(figures, &lines);
  AddConfig(inspector_.Config(), &lines);
  AddCounts(figures, &lines);
  AddBounds(options_, figures, &lines);
  if (const auto deletes = inspector_.Deletes()) AddDeletes(*deletes, &lines);
  return lines.End();
}

std::string RouterStats::Failures() const {
  const RouterFigures figures = inspector_.Figures();
  const auto of = [&figures](CallFailure failure) { return figures.failures[failure]; };
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < kFailureCount; ++i) all += of(static_cast<CallFailure>(i));
  Lines lines;
  lines.Add("result_error_count", all);
  lines.Add("result_connect_error_count", of(CallFailure::kNotConnected));
  lines.Add("result_data_timeout_count", of(CallFailure::kTimedOut));
  lines.Add("result_remote_error_count",
            of(CallFailure::kConnectionLost) + of(CallFailure::kProtocolError));
  lines.Add("result_busy_count", of(CallFailure::kQueueFull));
  lines.Add("result_tko_count", of(CallFailure::kMemberDown) + of(CallFailure::kNoMembers));
  lines.Add("result_aborted_count", of(CallFailure::kClosed));
  lines.Add("final_result_error_count", figures.counters[RouterCounter::kErrors]);
  return lines.End();
}

std::string RouterStats::Servers() const {
  Lines lines;
  for (const PoolSnapshot& pool : SummaryOf(inspector_.Figures().workers)) {
    for (const MemberSnapshot& member : pool.members) {
      const client::MemberStats& stats = member.stats;
      std::string text = absl::StrCat(
          "pending_reqs:0 inflight_reqs:", stats.pending_calls, stats.up ? "" : " hard_tko;",
          member.vanished ? " vanished;" : "", " pool:", pool.name, " calls:", stats.calls,
          " refused:", stats.refused_calls, " timeouts:", stats.timeouts,
          " lost_connections:", stats.lost_connections, " times_down:", stats.times_down,
          " queued_bytes:", stats.queued_bytes);
      if (!stats.last_problem.empty()) {
        absl::StrAppend(&text, " last_problem:", stats.last_problem);
      }
      lines.Add(absl::StrCat(member.name, ":ascii:plain:notcompressed-",
                             absl::ToInt64Milliseconds(member.timeout)),
                text);
    }
  }
  return lines.End();
}

std::string RouterStats::SuspectServers() const {
  Lines lines;
  absl::flat_hash_set<std::string> told;
  for (const PoolSnapshot& pool : SummaryOf(inspector_.Figures().workers)) {
    for (const MemberSnapshot& member : pool.members) {
      if (member.stats.up || !told.insert(member.name).second) continue;
      lines.Add(member.name, absl::StrCat("status:tko num_failures:", member.stats.times_down));
    }
  }
  return lines.End();
}

std::string RouterStats::Deletes() const {
  Lines lines;
  const auto figures = inspector_.Deletes();
  if (!figures) return lines.End();
  AddDeletes(*figures, &lines);
  if (!figures->spool.last_error.empty()) lines.Add("spool_last_error", figures->spool.last_error);
  for (const DeleteSpoolFigures::Member& member : figures->waiting) {
    lines.Add(member.name, absl::StrCat("pending:", member.pending,
                                        " must_flush:", member.must_flush ? "yes" : "no"));
  }
  return lines.End();
}

std::string RouterStats::Pools() const {
  Lines lines;
  for (const PoolSnapshot& pool : SummaryOf(inspector_.Figures().workers)) {
    std::size_t down = 0;
    std::size_t vanished = 0;
    std::size_t pending = 0;
    std::uint64_t calls = 0;
    for (const MemberSnapshot& member : pool.members) {
      down += member.stats.up ? 0 : 1;
      vanished += member.vanished ? 1 : 0;
      pending += member.stats.pending_calls;
      calls += member.stats.calls;
    }
    lines.Add(pool.name, absl::StrCat("members:", pool.members.size(), " down:", down,
                                      " vanished:", vanished, " inflight_reqs:", pending,
                                      " calls:", calls, " version:", pool.version));
  }
  return lines.End();
}

}  // namespace ringcache::router

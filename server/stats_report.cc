#include "server/stats_report.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "admin/backend/admin_options.h"
#include "admin/backend/latency_report.h"
#include "process/version.h"
#include "protocol/command_class.h"
#include "protocol/standard_reply.h"
#include "server/dump/dump_stream.h"

namespace ringcache::server {

using protocol::ReplyText;
using protocol::StandardReply;

namespace {

// Lines of a reply.
class StatLines {
 public:
  template <typename Value>
  void Add(absl::string_view name, const Value& value) {
    absl::StrAppend(&text_, "STAT ", name, " ", value, "\r\n");
  }
  template <typename Value>
  void Add(absl::string_view group, int id, absl::string_view name, const Value& value) {
    absl::StrAppend(&text_, "STAT ", group, id, ":", name, " ", value, "\r\n");
  }
  std::string* text() { return &text_; }
  std::string End() {
    text_.append("END\r\n");
    return std::move(text_);
  }

 private:
  std::string text_;
};

absl::string_view YesNo(bool value) { return value ? "yes" : "no"; }

std::string Seconds(const timeval& time) {
  return absl::StrFormat("%d.%06d", time.tv_sec, time.tv_usec);
}

template <typename Id, std::size_t kSize>
void SubtractFrom(metrics::CounterTotals<Id, kSize>* totals,
                  const metrics::CounterTotals<Id, kSize>& before) {
  for (std::size_t i = 0; i < kSize; ++i)
    (*totals)[static_cast<Id>(i)] -= before[static_cast<Id>(i)];
}

std::int64_t WallNow() { return absl::ToUnixSeconds(absl::Now()); }

void AddEvictionStats(const storage::StoreStats& store, StatLines* lines) {
  lines->Add("slab_global_page_pool", store.free_pages);
  lines->Add("expired_unfetched", store.events.expired_unfetched);
  lines->Add("evicted_unfetched", store.events.evicted_unfetched);
  lines->Add("evicted_active", store.events.evicted_active);
  lines->Add("evictions", store.events.evictions);
  lines->Add("reclaimed", store.events.reclaimed);
  lines->Add("crawler_reclaimed", store.events.crawler_reclaimed);
  lines->Add("crawler_items_checked", store.crawler_items_checked);
  lines->Add("moves_to_warm", store.events.moves_to_main);
  lines->Add("moves_within_lru", store.events.moves_within_main);
  lines->Add("direct_reclaims", store.events.direct_reclaims);
}

// The most bytes of key and value that the smallest chunk holds, without client flags.
std::size_t LeastRoom(const storage::Store& store) {
  std::size_t bytes = 0;
  while (store.ClassFor(0, bytes + 1, 0) == 0) ++bytes;
  return bytes;
}

void AddSizeClassSettings(const storage::Store& store, StatLines* lines) {
  using storage::SizeClasses;
  const storage::StoreOptions& options = store.options();
  const bool fine = options.fine_classes();
  const std::size_t room =
      fine ? LeastRoom(store)
           : options.min_value_bytes.value_or(SizeClasses::kMemcachedMinValueBytes);
  lines->Add("growth_factor", absl::StrFormat("%.2f", store.size_classes().growth_factor()));
  lines->Add("chunk_size", room);
}

// `admin_port` is what --admin-port says.
void AddAdminSettings(const admin::AdminOptions& options, StatLines* lines) {
  for (const auto& flags : {admin::AdminFlags(), admin::RingObserverFlags()}) {
    for (const admin::AdminFlag& flag : flags) {
      const std::string value = flag.spell(options);
      lines->Add(absl::StrReplaceAll(flag.name, {{"-", "_"}}), value.empty() ? "(null)" : value);
    }
  }
}

}  // namespace

StatsReport::StatsReport(const ServerOptions* options, storage::Store* store, const Clock* clock,
                         const std::vector<std::unique_ptr<Worker>>* workers,
                         const ServerGauges* gauges, const EventLog* events,
                         std::vector<PrefixTable*> prefixes)
    : options_(*options),
      store_(*store),
      clock_(*clock),
      workers_(*workers),
      gauges_(*gauges),
      events_(*events),
      prefixes_(std::move(prefixes)) {
  for (PrefixTable* table : prefixes_) table->set_delimiter(options_.prefix_delimiter);
  CountPrefixes(options_.count_prefixes);
}

std::string StatsReport::Reply(absl::string_view arguments) {
  const std::vector<absl::string_view> words = absl::StrSplit(arguments, ' ', absl::SkipEmpty());
  if (words.empty()) return General();
  const absl::string_view group = words[0];
  // memcached takes any beginning of these names, in this order, and minds no more words.
  const auto may_mean = [&](absl::string_view name) { return absl::StartsWith(name, group); };
  if (may_mean("reset")) {
    Reset();
    return std::string(ReplyText(StandardReply::kReset));
  }
  if (may_mean("detail")) return Detail(words.size() > 1 ? words[1] : absl::string_view());
  if (may_mean("settings")) return Settings();
  if (may_mean("cachedump")) {
    return CachedItems(absl::MakeConstSpan(words).subspan(1));
  }
  if (may_mean("conns")) return Connections();
  if (group == "items") return Items();
  if (group == "slabs") return Slabs();
  // This server's own.
  if (group == "latency") return admin::LatencyReport(Latencies());
  if (group == "sizes") return Sizes();
  if (group == "sizes_enable") return EnableSizes();
  if (group == "sizes_disable") return DisableSizes();
  return std::string(ReplyText(StandardReply::kError));
}

std::string StatsReport::Sizes() const {
  StatLines lines;
  if (!store_.sizes().on()) lines.Add("sizes_status", "disabled");
  for (const storage::SizeHistogram::Row& row : store_.sizes().Rows()) {
    lines.Add(absl::StrCat(row.bytes), row.items);
  }
  return lines.End();
}

// These two answer without END, as memcached does.
std::string StatsReport::EnableSizes() {
  StatLines lines;
  const bool enabled = store_.CountSizes();
  lines.Add("sizes_status", enabled ? "enabled" : "error");
  if (!enabled) lines.Add("sizes_error", "cas_support_disabled");
  return std::move(*lines.text());
}

std::string StatsReport::DisableSizes() {
  StatLines lines;
  store_.StopCountingSizes();
  lines.Add("sizes_status", "disabled");
  return std::move(*lines.text());
}

StatsReport::Totals StatsReport::Sum() const {
  Totals totals;
  for (const std::unique_ptr<Worker>& worker : workers_) {
    worker->stats().AddTo(&totals.server);
    for (std::size_t i = 0; i < WorkerStats::kMaxClasses; ++i) {
      worker->stats().AddTo(i, &totals.classes[i]);
      worker->stats().AddTo(i, &totals.all_classes);
    }
    totals.bytes_received += worker->traffic().bytes_received.value();
    totals.bytes_sent += worker->traffic().bytes_sent.value();
  }
  totals.rejected_connections = gauges_.rejected_connections.load(std::memory_order_relaxed);
  totals.times_listen_disabled = gauges_.times_listen_disabled.load(std::memory_order_relaxed);
  return totals;
}

StatsReport::Totals StatsReport::SinceReset() {
  // Summed under the lock, so that it is never less than what a reset remembers.
  net::MutexLock lock(&mutex_);
  Totals totals = Sum();
  SubtractFrom(&totals.server, baseline_.server);
  SubtractFrom(&totals.all_classes, baseline_.all_classes);
  for (std::size_t i = 0; i < WorkerStats::kMaxClasses; ++i) {
    SubtractFrom(&totals.classes[i], baseline_.classes[i]);
  }
  totals.bytes_received -= baseline_.bytes_received;
  totals.bytes_sent -= baseline_.bytes_sent;
  totals.rejected_connections -= baseline_.rejected_connections;
  totals.times_listen_disabled -= baseline_.times_listen_disabled;
  return totals;
}

void StatsReport::Reset() {
  for (PrefixTable* table : prefixes_) table->Clear();
  for (const std::unique_ptr<Worker>& worker : workers_) worker->latencies().Reset();
  net::MutexLock lock(&mutex_);
  baseline_ = Sum();
  store_.ResetStats();
}

std::vector<admin::LatencySeries> StatsReport::Latencies() const {
  std::vector<admin::LatencySeries> all(protocol::kCommandClassCount);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].name = std::string(protocol::kCommandClassNames[i]);
    for (const std::unique_ptr<Worker>& worker : workers_) {
      worker->stats().latencies().AddTo(static_cast<protocol::CommandClass>(i), &all[i].histogram);
    }
  }
  return all;
}

std::string StatsReport::General() {
  Totals totals = SinceReset();
  ServerTotals& server = totals.server;
  ClassTotals& classes = totals.all_classes;
  const storage::StoreStats store = store_.Stats();
  const std::int64_t wall = WallNow();
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const std::uint64_t get_hits = classes[ClassCounter::kGetHits];
  const std::uint64_t touch_hits = classes[ClassCounter::kTouchHits];
  StatLines lines;
  lines.Add("pid", getpid());
  lines.Add("uptime", SecondsSince(clock_.start(), clock_.At(wall)));
  lines.Add("time", clock_.At(wall));
  lines.Add("version", process::kProtocolVersion);
  lines.Add("pointer_size", 8 * sizeof(void*));
  lines.Add("rusage_user", Seconds(usage.ru_utime));
  lines.Add("rusage_system", Seconds(usage.ru_stime));
  lines.Add("max_connections", options_.max_connections);
  lines.Add("curr_connections", gauges_.connections.load(std::memory_order_relaxed));
  lines.Add("total_connections", server[ServerCounter::kConnectionsOpened]);
  lines.Add("rejected_connections", totals.rejected_connections);
  lines.Add("connection_structures", gauges_.connections.load(std::memory_order_relaxed));
  lines.Add("cmd_get", get_hits + server[ServerCounter::kGetMisses]);
  lines.Add("cmd_set", classes[ClassCounter::kSets]);
  lines.Add("cmd_flush", server[ServerCounter::kFlushes]);
  lines.Add("cmd_touch", touch_hits + server[ServerCounter::kTouchMisses]);
  lines.Add("cmd_meta", server[ServerCounter::kMetaDebugs]);
  lines.Add("get_hits", get_hits);
  lines.Add("get_misses", server[ServerCounter::kGetMisses]);
  lines.Add("get_expired", server[ServerCounter::kGetExpired]);
  lines.Add("get_flushed", server[ServerCounter::kGetFlushed]);
  lines.Add("delete_misses", server[ServerCounter::kDeleteMisses]);
  lines.Add("delete_hits", classes[ClassCounter::kDeleteHits]);
  lines.Add("incr_misses", server[ServerCounter::kIncrMisses]);
  lines.Add("incr_hits", classes[ClassCounter::kIncrHits]);
  lines.Add("decr_misses", server[ServerCounter::kDecrMisses]);
  lines.Add("decr_hits", classes[ClassCounter::kDecrHits]);
  lines.Add("cas_misses", server[ServerCounter::kCasMisses]);
  lines.Add("cas_hits", classes[ClassCounter::kCasHits]);
  lines.Add("cas_badval", classes[ClassCounter::kCasBadValues]);
  lines.Add("touch_hits", touch_hits);
  lines.Add("touch_misses", server[ServerCounter::kTouchMisses]);
  lines.Add("store_too_large", server[ServerCounter::kTooLarge]);
  lines.Add("store_no_memory", server[ServerCounter::kOutOfMemory]);
  lines.Add("auth_cmds", server[ServerCounter::kAuthCommands]);
  lines.Add("auth_errors", server[ServerCounter::kAuthErrors]);
  if (options_.idle_timeout_s > 0) lines.Add("idle_kicks", server[ServerCounter::kIdleKicks]);
  lines.Add("bytes_read", totals.bytes_received);
  lines.Add("bytes_written", totals.bytes_sent);
  lines.Add("limit_maxbytes", store.limit_bytes);
  lines.Add("accepting_conns", gauges_.accepting.load(std::memory_order_relaxed) ? 1 : 0);
  lines.Add("listen_disabled_num", totals.times_listen_disabled);
  lines.Add("time_in_listen_disabled_us",
            gauges_.listen_disabled_us.load(std::memory_order_relaxed));
  lines.Add("threads", options_.threads);
  lines.Add("conn_yields", server[ServerCounter::kYields]);
  lines.Add("hash_power_level", store.index_items_log2);
  lines.Add("hash_bytes", store.index_bytes);
  // The index grows while it is used. Clients make a boolean of it.
  lines.Add("hash_is_expanding", 0);
  lines.Add("slab_reassign_rescues", store.items_relocated);
  lines.Add("slab_reassign_running", store.page_move_running ? 1 : 0);
  lines.Add("slabs_moved", store.pages_moved);
  lines.Add("lru_crawler_running", store.crawl_running ? 1 : 0);
  lines.Add("lru_crawler_starts", store.crawler_laps);
  lines.Add("malloc_fails", server[ServerCounter::kMallocFailures]);
  const EventTotals events = events_.Totals();
  lines.Add("log_worker_dropped", events.dropped);
  lines.Add("log_worker_written", events.written);
  lines.Add("log_watcher_skipped", events.skipped);
  lines.Add("log_watcher_sent", events.sent);
  lines.Add("log_watchers", events.watchers);
  lines.Add("bytes", store.item_bytes);
  lines.Add("curr_items", store.items);
  lines.Add("total_items", server[ServerCounter::kItemsStored]);
  AddEvictionStats(store, &lines);
  return lines.End();
}

std::string StatsReport::Settings() const {
  std::string addresses;
  for (const ListenAddress& address : options_.listen) {
    absl::StrAppend(&addresses, addresses.empty() ? "" : ",", address.host);
  }
  const std::string& path = options_.unix_socket;
  StatLines lines;
  lines.Add("maxbytes", store_.limit_bytes());
  lines.Add("maxconns", options_.max_connections);
  lines.Add("tcpport", gauges_.port.load(std::memory_order_relaxed));
  lines.Add("udpport", 0);
  lines.Add("inter", addresses.empty() ? "NULL" : addresses);
  lines.Add("verbosity", gauges_.verbosity.load(std::memory_order_relaxed));
  lines.Add("evictions", options_.evict ? "on" : "off");
  lines.Add("domain_socket", path.empty() ? "NULL" : path);
  lines.Add("umask", absl::StrFormat("%o", options_.unix_mode));
  lines.Add("shutdown_command", YesNo(options_.allow_shutdown));
  AddSizeClassSettings(store_, &lines);
  lines.Add("num_threads", options_.threads);
  lines.Add("stat_key_prefix", absl::string_view(&options_.prefix_delimiter, 1));
  lines.Add("detail_enabled", YesNo(counts_prefixes_.load(std::memory_order_relaxed)));
  lines.Add("detail_max_prefixes", PrefixTable::kMaxPrefixes);
  lines.Add("reqs_per_event", options_.max_operations_per_event);
  lines.Add("cas_enabled", YesNo(options_.cas));
  lines.Add("tcp_backlog", options_.listen_backlog);
  lines.Add("binding_protocol", "ascii");
  lines.Add("auth_enabled_sasl", "no");
  lines.Add("auth_enabled_ascii", "no");
  lines.Add("item_size_max", options_.max_item_bytes);
  lines.Add("maxconns_fast", YesNo(options_.refuse_excess_connections));
  lines.Add("hashpower_init", options_.initial_items_log2);
  lines.Add("slab_reassign", "yes");
  lines.Add("slab_automove", store_.moves_pages() ? 1 : 0);
  lines.Add("slab_automove_ratio", absl::StrFormat("%.2f", store_.options().move_ratio));
  lines.Add("slab_chunk_max", store_.size_classes().largest_chunk_bytes());
  lines.Add("lru_crawler", YesNo(store_.crawls()));
  // The search has a pace and bounds of its own. Exporters read these where there is a crawler.
  lines.Add("lru_crawler_sleep", 0);
  lines.Add("lru_crawler_tocrawl", 0);
  const storage::EvictionKind eviction = store_.options().eviction;
  const bool segmented = eviction == storage::EvictionKind::kSegmentedLru;
  lines.Add("hot_lru_pct", segmented ? 20 : 10);
  lines.Add("warm_lru_pct", segmented ? 80 : 90);
  lines.Add("hot_max_factor", "0.00");
  lines.Add("warm_max_factor", "0.00");
  lines.Add("flush_enabled", YesNo(options_.allow_flush_all));
  lines.Add("dump_enabled", YesNo(options_.allow_dump));
  lines.Add("lru_maintainer_thread", "no");
  lines.Add("lru_segmented", YesNo(segmented));
  lines.Add("eviction_policy", storage::NameOf(eviction));
  lines.Add("idle_timeout", options_.idle_timeout_s);
  lines.Add("watcher_logbuf_size", options_.watcher_buffer_bytes);
  lines.Add("worker_logbuf_size", options_.worker_buffer_bytes);
  lines.Add("track_sizes", YesNo(store_.sizes().on()));
  lines.Add("inline_ascii_response", "no");
  lines.Add("drop_privileges", "no");
  lines.Add("ssl_enabled", "no");
  lines.Add("memory_file", options_.memory_file.empty() ? "(null)" : options_.memory_file);
  lines.Add("client_flags_size", 4);
  lines.Add("drain_wait", absl::ToDoubleSeconds(options_.drain_wait));
  AddAdminSettings(options_.admin, &lines);
  return lines.End();
}

std::string StatsReport::Items() const {
  StatLines lines;
  const storage::UnixSeconds now = clock_.At(WallNow());
  for (int i = 0; i < store_.size_classes().count(); ++i) {
    const storage::SizeClassStats stats = store_.ClassStats(i, now);
    if (stats.items == 0) continue;
    const int id = i + 1;  // memcached counts from 1
    const auto add = [&](absl::string_view name, std::uint64_t value) {
      lines.Add("items:", id, name, value);
    };
    add("number", stats.items);
    add("number_hot", stats.items_small);
    add("number_warm", stats.items_main);
    add("number_cold", 0);
    const std::uint64_t age_hot = stats.idle_small_s;
    const std::uint64_t age_warm = stats.idle_main_s;
    add("age_hot", age_hot);
    add("age_warm", age_warm);
    add("age", std::max(age_hot, age_warm));
    add("mem_requested", stats.item_bytes);
    add("evicted", stats.events.evictions);
    add("evicted_nonzero", stats.events.evicted_nonzero);
    add("evicted_time", stats.events.evicted_age_s);
    add("outofmemory", stats.events.out_of_memory);
    add("reclaimed", stats.events.reclaimed);
    add("expired_unfetched", stats.events.expired_unfetched);
    add("evicted_unfetched", stats.events.evicted_unfetched);
    add("evicted_active", stats.events.evicted_active);
    add("moves_to_warm", stats.events.moves_to_main);
    add("moves_within_lru", stats.events.moves_within_main);
    add("direct_reclaims", stats.events.direct_reclaims);
  }
  return lines.End();
}

std::string StatsReport::Slabs() {
  Totals totals = SinceReset();
  StatLines lines;
  std::size_t active = 0;
  std::size_t pages = 0;
  for (int i = 0; i < store_.size_classes().count(); ++i) {
    const storage::SizeClassStats stats = store_.ClassStats(i);
    if (stats.pages == 0) continue;
    ++active;
    pages += stats.pages;
    const int id = i + 1;
    const auto add = [&](absl::string_view name, std::uint64_t value) {
      lines.Add("", id, name, value);
    };
    ClassTotals& counts = totals.classes[static_cast<std::size_t>(i)];
    add("chunk_size", stats.chunk_bytes);
    add("chunks_per_page", stats.chunks_per_page);
    add("total_pages", stats.pages);
    add("total_chunks", stats.pages * stats.chunks_per_page);
    add("used_chunks", stats.used_chunks);
    add("free_chunks", stats.free_chunks);
    add("free_chunks_end", 0);  // memcached: always 0
    add("get_hits", counts[ClassCounter::kGetHits]);
    add("cmd_set", counts[ClassCounter::kSets]);
    add("delete_hits", counts[ClassCounter::kDeleteHits]);
    add("incr_hits", counts[ClassCounter::kIncrHits]);
    add("decr_hits", counts[ClassCounter::kDecrHits]);
    add("cas_hits", counts[ClassCounter::kCasHits]);
    add("cas_badval", counts[ClassCounter::kCasBadValues]);
    add("touch_hits", counts[ClassCounter::kTouchHits]);
  }
  lines.Add("active_slabs", active);
  lines.Add("total_malloced", pages * storage::kPageBytes);
  return lines.End();
}

void StatsReport::CountPrefixes(bool on) {
  // Relaxed, as are the tables': of two that switch at the same time either may win.
  counts_prefixes_.store(on, std::memory_order_relaxed);
  for (PrefixTable* table : prefixes_) table->Enable(on);
}

std::string StatsReport::Detail(absl::string_view argument) {
  // Prefixes are parts of keys, as a dump's are.
  if (!options_.allow_dump) return std::string(ReplyText(StandardReply::kStatsDetailNotAllowed));
  if (argument == "on" || argument == "off") {
    CountPrefixes(argument == "on");
    return std::string(ReplyText(StandardReply::kOk));
  }
  if (argument != "dump") return std::string(ReplyText(StandardReply::kStatsDetailUsage));
  std::map<std::string, PrefixCounts> totals;
  for (const PrefixTable* table : prefixes_) table->AddTo(&totals);
  return PrefixReport(totals);
}

std::string StatsReport::CachedItems(absl::Span<const absl::string_view> arguments) {
  StandardReply refusal = StandardReply::kBadCommandLine;
  std::uint64_t class_id = 0;
  std::uint64_t limit = 0;
  if (!options_.allow_dump) {
    refusal = StandardReply::kStatsCachedumpNotAllowed;
  } else if (arguments.size() < 2) {
    refusal = StandardReply::kIncompleteCommandLine;
  } else if (absl::SimpleAtoi(arguments[0], &class_id) && absl::SimpleAtoi(arguments[1], &limit)) {
    return CacheDump(&store_, class_id, limit, clock_.At(WallNow()));
  }
  return std::string(ReplyText(refusal));
}

std::string StatsReport::Connections() const {
  StatLines lines;
  for (const ListeningSocket& socket : listeners_) {
    lines.Add("", socket.id, "addr", Worker::ShownAddress(socket.address));
    lines.Add("", socket.id, "state", "conn_listening");
    lines.Add("", socket.id, "secs_since_last_cmd",
              SecondsSince(clock_.start(), clock_.At(WallNow())));
  }
  for (const std::unique_ptr<Worker>& worker : workers_) {
    worker->DescribeClients(lines.text());
  }
  return lines.End();
}

}  // namespace ringcache::server

// Which figures the tables of statistics show, in their order.
//
// Thread safety: constants only.

#ifndef RINGCACHE_TOOLS_RINGCTL_STATS_COLUMNS_H_
#define RINGCACHE_TOOLS_RINGCTL_STATS_COLUMNS_H_

#include "tools/ringctl/figure_columns.h"

namespace ringcache::ringctl {

// Of a server, or a memcached beside a sidecar.
inline constexpr FigureColumn kServerColumns[] = {
    {"uptime", Measure::kSeconds, "general.uptime"},
    {"items", Measure::kCount, "general.curr_items"},
    {"bytes", Measure::kBytes, "general.bytes"},
    {"limit", Measure::kBytes, "general.limit_maxbytes"},
    {"hits", Measure::kShare, "general.get_hits", "general.cmd_get"},
    {"gets", Measure::kCounter, "general.cmd_get"},
    {"sets", Measure::kCounter, "general.cmd_set"},
    {"evictions", Measure::kCounter, "general.evictions"},
    {"in", Measure::kByteCounter, "general.bytes_read"},
    {"out", Measure::kByteCounter, "general.bytes_written"},
    {"conns", Measure::kCount, "general.curr_connections"},
    {"cpu", Measure::kProcessorTime, "general.cpu_user_us", "general.cpu_system_us"},
    {"memory", Measure::kBytes, "general.resident_bytes"},
};

inline constexpr FigureColumn kRouterColumns[] = {
    {"uptime", Measure::kSeconds, "general.uptime"},
    {"requests", Measure::kCounter, "router.requests"},
    {"errors", Measure::kCounter, "router.errors"},
    {"failed first", Measure::kCounter, "router.failed_first"},
    {"no route", Measure::kCounter, "router.no_routes"},
    {"hot key hits", Measure::kCounter, "router.hot_key_hits"},
    {"in", Measure::kByteCounter, "general.bytes_read"},
    {"out", Measure::kByteCounter, "general.bytes_written"},
    {"conns", Measure::kCount, "general.curr_connections"},
    {"cpu", Measure::kProcessorTime, "general.cpu_user_us", "general.cpu_system_us"},
    {"memory", Measure::kBytes, "general.resident_bytes"},
};

inline constexpr FigureColumn kSlabColumns[] = {
    {"chunk", Measure::kBytes, "chunk_size"},
    {"pages", Measure::kCount, "total_pages"},
    {"used", Measure::kCount, "used_chunks"},
    {"free", Measure::kCount, "free_chunks"},
    {"items", Measure::kCount, "number"},
    {"age", Measure::kSeconds, "age"},
    {"hits", Measure::kCounter, "get_hits"},
    {"sets", Measure::kCounter, "cmd_set"},
    {"evicted", Measure::kCounter, "evicted"},
    {"reclaimed", Measure::kCounter, "reclaimed"},
    {"no memory", Measure::kCounter, "outofmemory"},
};

inline constexpr FigureColumn kWorkerColumns[] = {
    {"conns", Measure::kCount, "connections"},
    {"requests", Measure::kCounter, "requests"},
    {"running", Measure::kCount, "requests_running"},
    {"in", Measure::kByteCounter, "bytes_received"},
    {"out", Measure::kByteCounter, "bytes_sent"},
    {"yields", Measure::kCounter, "yields"},
    {"pauses", Measure::kCounter, "pauses"},
    {"silent", Measure::kMicroseconds, "silent_us"},
};

inline constexpr FigureColumn kMemberColumns[] = {
    {"calls", Measure::kCounter, "calls"},
    {"refused", Measure::kCounter, "refused_calls"},
    {"timeouts", Measure::kCounter, "timeouts"},
    {"lost", Measure::kCounter, "lost_connections"},
    {"times down", Measure::kCounter, "times_down"},
    {"pending", Measure::kCount, "pending_calls"},
    {"queued", Measure::kBytes, "queued_bytes"},
};

}  // namespace ringcache::ringctl

#endif  // RINGCACHE_TOOLS_RINGCTL_STATS_COLUMNS_H_

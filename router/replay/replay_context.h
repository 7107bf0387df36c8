// What the replays of all members share.
//
// Thread safety: belongs to the loop's thread; the counters may be read from any thread.

#ifndef RINGCACHE_ROUTER_REPLAY_REPLAY_CONTEXT_H_
#define RINGCACHE_ROUTER_REPLAY_REPLAY_CONTEXT_H_

#include <atomic>
#include <cstdint>
#include <functional>

#include "client/connection_resources.h"
#include "client/server_connection.h"
#include "net/dialer.h"
#include "net/event_loop.h"
#include "process/log_sink.h"
#include "router/replay/replay_options.h"
#include "router/replay/spool_gate.h"
#include "router/spool/spool.h"

namespace ringcache::router {

// Written by one thread; relaxed everywhere, as they order nothing.
struct ReplayCounters {
  std::atomic<std::uint64_t> deletes{0};  // confirmed
  std::atomic<std::uint64_t> copies{0};   // deleted at who stood in
  std::atomic<std::uint64_t> flushes{0};
  std::atomic<std::uint64_t> failures{0};  // attempts that ended before they were done
};

struct ReplayContext {
  // All outlive this. Without a dialer members are reached by sockets.
  ReplayContext(net::EventLoop* loop, net::Dialer* dialer, Spool* spool, process::LogSink* log,
                const ReplayOptions& options)
      : resources(loop, dialer), spool(*spool), log(*log), options(options) {}

  client::ConnectionResources resources;
  Spool& spool;
  process::LogSink& log;
  const ReplayOptions options;
  ReplayCounters counters;
  // To the member behind that gate; null while it is not known where that is.
  std::function<client::ServerConnection*(SpoolGate*)> connection_to;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_REPLAY_REPLAY_CONTEXT_H_

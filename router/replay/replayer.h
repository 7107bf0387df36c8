// Replays the pending deletes of all members, each for itself.
//
// Thread safety: belongs to the loop's thread; the counters may be read from any thread.

#ifndef RINGCACHE_ROUTER_REPLAY_REPLAYER_H_
#define RINGCACHE_ROUTER_REPLAY_REPLAYER_H_

#include <map>
#include <memory>
#include <string>

#include "client/endpoint.h"
#include "net/dialer.h"
#include "net/event_loop.h"
#include "process/log_sink.h"
#include "router/replay/member_replay.h"
#include "router/replay/replay_context.h"
#include "router/replay/replay_options.h"
#include "router/replay/spool_gate.h"
#include "router/replay/spool_gates.h"
#include "router/spool/spool.h"

namespace ringcache::router {

class Replayer {
 public:
  // By the name of the member (MemberClient::name()).
  using Endpoints = std::map<std::string, client::Endpoint>;

  // All outlive this. Without a dialer members are reached by sockets.
  Replayer(net::EventLoop* loop, net::Dialer* dialer, Spool* spool, SpoolGates* gates,
           process::LogSink* log, const ReplayOptions& options);
  ~Replayer();
  Replayer(const Replayer&) = delete;
  Replayer& operator=(const Replayer&) = delete;

  // Where members are now. What is pending for others waits until they are back.
  void SetMembers(Endpoints endpoints);
  // Something was kept for that member.
  void Wake(SpoolGate* gate) { ReplayOf(gate)->Wake(); }

  const ReplayCounters& counters() const { return context_.counters; }

 private:
  MemberReplay* ReplayOf(SpoolGate* gate);

  ReplayContext context_;
  SpoolGates& gates_;
  Endpoints endpoints_;
  std::map<SpoolGate*, std::unique_ptr<MemberReplay>> replays_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_REPLAY_REPLAYER_H_

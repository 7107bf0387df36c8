#include "router/replay/replayer.h"

#include <optional>
#include <utility>

namespace ringcache::router {

Replayer::Replayer(net::EventLoop* loop, net::Dialer* dialer, Spool* spool, SpoolGates* gates,
                   process::LogSink* log, const ReplayOptions& options)
    : context_(loop, dialer, spool, log, options), gates_(*gates) {
  context_.connection_to = [this](SpoolGate* gate) { return ReplayOf(gate)->connection(); };
}

// All are ended before the first of them goes: they use each other's connections.
Replayer::~Replayer() {
  for (const auto& [gate, replay] : replays_) replay->Close();
}

void Replayer::SetMembers(Endpoints endpoints) {
  endpoints_ = std::move(endpoints);
  for (SpoolGate* const gate : gates_.All()) {
    const auto found = endpoints_.find(gate->member());
    ReplayOf(gate)->SetEndpoint(found == endpoints_.end() ? std::nullopt
                                                          : std::optional(found->second));
  }
}

MemberReplay* Replayer::ReplayOf(SpoolGate* gate) {
  std::unique_ptr<MemberReplay>& replay = replays_[gate];
  if (replay == nullptr) {
    replay = std::make_unique<MemberReplay>(&context_, gate);
    const auto found = endpoints_.find(gate->member());
    if (found != endpoints_.end()) replay->SetEndpoint(found->second);
  }
  return replay.get();
}

}  // namespace ringcache::router

// The gates of all members that a router has met: one for a member, whatever pools and workers it
// belongs to.
//
// Ownership: gates live as long as this. Thread safety: any thread.

#ifndef RINGCACHE_ROUTER_REPLAY_SPOOL_GATES_H_
#define RINGCACHE_ROUTER_REPLAY_SPOOL_GATES_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "client/gate/member_gate.h"
#include "net/mutex.h"
#include "router/replay/spool_gate.h"
#include "router/spool/spool.h"

namespace ringcache::router {

class SpoolGates final : public client::MemberGates {
 public:
  // `spool` outlives this. `on_kept`: see SpoolGate.
  SpoolGates(Spool* spool, std::function<void(SpoolGate*)> on_kept);

  // Null if the spool can keep nothing for a member of that name (CanNameFiles).
  client::MemberGate* GateOf(const std::string& member) override { return Find(member); }
  SpoolGate* Find(const std::string& member);
  // In the order of names.
  std::vector<SpoolGate*> All() const;

 private:
  Spool& spool_;
  const std::function<void(SpoolGate*)> on_kept_;
  mutable net::Mutex mutex_;
  std::map<std::string, std::unique_ptr<SpoolGate>> gates_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_REPLAY_SPOOL_GATES_H_

#include "router/admin/router_health.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace ringcache::router {
namespace {

using admin::Verdict;

Verdict Well() { return {true, ""}; }
Verdict Not(std::string reason) { return {false, std::move(reason)}; }

// What workers know of their routes and members.
struct Members {
  bool routes = true;  // every worker has some
  bool pools = false;
  bool known = false;
  bool usable = false;
};

Members MembersOf(RouterHealth::Workers workers) {
  Members members;
  for (const std::shared_ptr<const WorkerSnapshot>& worker : workers) {
    members.routes = members.routes && worker->has_routes;
    for (const PoolSnapshot& pool : worker->pools) {
      members.pools = true;
      for (const MemberSnapshot& member : pool.members) {
        members.known = true;
        members.usable = members.usable || member.usable;
      }
    }
  }
  return members;
}

Verdict HasRoutes(const Members& members) {
  if (!members.routes) return Not("no configuration is in use yet");
  // Routes may need no pool.
  if (members.pools && !members.known) return Not("no pool has members yet");
  return Well();
}

Verdict Readiness(const process::DrainSequence::State& drain, bool accepting,
                  const Members& members) {
  if (drain.draining) {
    return Not(drain.phase.empty() ? "it has drained" : absl::StrCat("it drains: ", drain.phase));
  }
  if (!accepting) return Not("connections are not accepted yet");
  if (Verdict routes = HasRoutes(members); !routes.serving) return routes;
  if (members.pools && !members.usable) return Not("all members of all pools are down or vanished");
  return Well();
}

}  // namespace

admin::Health RouterHealth::Check(const process::DrainSequence::State& drain, bool accepting,
                                  Workers workers) {
  const Members members = MembersOf(workers);
  admin::Health health;
  health.liveness = Not(threads_.FindStuck(stuck_after_));
  health.liveness.serving = health.liveness.reason.empty();
  health.readiness = Readiness(drain, accepting, members);
  health.startup = Well();
  if (!started_.load(std::memory_order_relaxed)) {
    health.startup = HasRoutes(members);
    if (health.startup.serving) started_.store(true, std::memory_order_relaxed);
  }
  return health;
}

}  // namespace ringcache::router

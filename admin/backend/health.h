// Whether a process is well, as Kubernetes asks for it.
//
// Thread safety: plain values.

#ifndef RINGCACHE_ADMIN_BACKEND_HEALTH_H_
#define RINGCACHE_ADMIN_BACKEND_HEALTH_H_

#include <string>

namespace ringcache::admin {

struct Verdict {
  bool serving = false;
  // Why not, in a sentence; empty if it is.
  std::string reason;
};

struct Health {
  // Every loop turns. If not, only a restart helps.
  Verdict liveness;
  // Clients can come: it listens, does not drain, and a router has a configuration and members.
  Verdict readiness;
  // The first configuration and discovery are done. Stays so.
  Verdict startup;
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_BACKEND_HEALTH_H_

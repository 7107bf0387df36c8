// What an admin may have a router do.
//
// The router implements it; tests fake it. Thread safety: draining() and accepting() from any
// thread, all else on the main loop's.

#ifndef RINGCACHE_ROUTER_ADMIN_ROUTER_CONTROL_H_
#define RINGCACHE_ROUTER_ADMIN_ROUTER_CONTROL_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "process/drain_sequence.h"

namespace ringcache::router {

class RouterControl {
 public:
  virtual ~RouterControl() = default;

  virtual process::DrainSequence::State draining() const = 0;
  // Connections of clients are accepted.
  virtual bool accepting() const = 0;

  // Announces its end for `wait`, then closes. False if it drains already.
  virtual bool BeginDrain(absl::Duration wait) = 0;
  // Takes that back. False if connections are refused already, or it does not drain.
  virtual bool Undrain() = 0;
  // Looks at the configuration now; an error says what is wrong with it, and the old one stays.
  virtual absl::Status Reload() = 0;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ADMIN_ROUTER_CONTROL_H_

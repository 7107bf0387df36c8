// What an admin may have the server do. The server implements it; tests fake it.
//
// Thread safety: called on the main loop.

#ifndef RINGCACHE_SERVER_ADMIN_SERVER_ACTIONS_H_
#define RINGCACHE_SERVER_ADMIN_SERVER_ACTIONS_H_

#include "absl/time/time.h"
#include "server/refresh_list.h"

namespace ringcache::server {

class ServerActions {
 public:
  virtual ~ServerActions() = default;

  // Announces its end for `wait`, then closes. False if it drains already.
  virtual bool BeginDrain(absl::Duration wait) = 0;
  // Takes that back. False if connections are refused already, or it does not drain.
  virtual bool Undrain() = 0;
  virtual void SetVerbosity(int level) = 0;
  virtual RefreshList::Outcome Refresh() = 0;
};

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_ADMIN_SERVER_ACTIONS_H_

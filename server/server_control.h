// What a command may ask of the server as a whole. The server implements it; tests fake it.
//
// Thread safety: called from any worker.

#ifndef RINGCACHE_SERVER_SERVER_CONTROL_H_
#define RINGCACHE_SERVER_SERVER_CONTROL_H_

#include <string>

#include "absl/strings/string_view.h"

namespace ringcache::server {

class ServerControl {
 public:
  virtual ~ServerControl() = default;

  // The whole reply to `stats <arguments>`, an error line included.
  virtual std::string Stats(absl::string_view arguments) = 0;
  virtual void SetVerbosity(int level) = 0;
  // Begins to stop the server: at once, or after what was read is answered.
  virtual void Shutdown(bool graceful) = 0;
};

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_SERVER_CONTROL_H_

// Decides which requests a connection may make. A session asks before it dispatches; a connection
// that was found unrestricted is not asked about again.
//
// Thread safety: implementations may be called from any worker.

#ifndef RINGCACHE_SERVER_ACCESS_POLICY_H_
#define RINGCACHE_SERVER_ACCESS_POLICY_H_

#include <cstdint>

#include "protocol/request.h"

namespace ringcache::server {

enum class Access : std::uint8_t {
  kUnrestricted,  // this request and all that follow on the connection
  kGranted,       // this request
  kDenied,        // CLIENT_ERROR unauthenticated
};

class AccessPolicy {
 public:
  virtual ~AccessPolicy() = default;
  virtual Access Check(const protocol::Request& request) = 0;
};

// Everyone may do everything.
class OpenAccess final : public AccessPolicy {
 public:
  Access Check(const protocol::Request&) override { return Access::kUnrestricted; }
};

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_ACCESS_POLICY_H_

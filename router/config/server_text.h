// One of a pool's `servers` as mcrouter writes it: host:port, and what is spoken with it.
//
//   10.0.0.1:11211   [::1]:11211:ascii   cache-0.cache:11211:ascii:plain   unix:/run/cache.sock
//
// Thread safety: a pure function.

#ifndef RINGCACHE_ROUTER_CONFIG_SERVER_TEXT_H_
#define RINGCACHE_ROUTER_CONFIG_SERVER_TEXT_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "discovery/discovery_address.h"

namespace ringcache::router {

// Fails for protocols other than ascii, for encryption and compression, and for what is no server.
absl::StatusOr<discovery::WrittenMember> ParseServer(absl::string_view text);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_CONFIG_SERVER_TEXT_H_

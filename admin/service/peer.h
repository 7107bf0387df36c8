// Who asks, as gRPC names him: "ipv4:127.0.0.1:41234", "ipv6:%5B::1%5D:41234", "unix:".
//
// Thread safety: functions only.

#ifndef RINGCACHE_ADMIN_SERVICE_PEER_H_
#define RINGCACHE_ADMIN_SERVICE_PEER_H_

#include "absl/strings/string_view.h"

namespace ringcache::admin {

// Whether he is on this machine, or in this pod: a loopback address of IPv4, of IPv6, or of IPv4
// within IPv6, or a Unix socket. What is not understood is not.
bool IsLocalPeer(absl::string_view peer);

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_SERVICE_PEER_H_

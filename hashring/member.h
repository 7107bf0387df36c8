// A member of a ring: what is hashed, and how much of the keys it should get.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_HASHRING_MEMBER_H_
#define RINGCACHE_HASHRING_MEMBER_H_

#include <cstdint>
#include <string>

namespace ringcache::hashring {

// The port that ketama leaves out of what it hashes.
inline constexpr std::uint16_t kDefaultPort = 11211;

struct Member {
  // The identity without its port: the stable DNS name of a pod, or a numeric IP address without
  // brackets, or the path of a unix socket (with port 0). Whoever fills this decides what the ring
  // hashes; two clients agree on owners only if they hash the same strings.
  std::string host;
  std::uint16_t port = kDefaultPort;
  // Relative; at least 1. Placements without weights ignore it (see placement_kind.h).
  std::uint32_t weight = 1;

  friend bool operator==(const Member&, const Member&) = default;
};

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_MEMBER_H_

// A hash that is the same in every worker, router and version, for decisions about a key on which
// they have to agree. It is independent of every placement's.
//
// Thread safety: functions only.

#ifndef RINGCACHE_ROUTER_ROUTE_STABLE_HASH_H_
#define RINGCACHE_ROUTER_ROUTE_STABLE_HASH_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace ringcache::router {

// FNV-1a of `text` (Fowler, Noll, Vo), begun with `seed`, and Stafford's mix 13 after it, since
// FNV's high bits hardly depend on the last bytes.
constexpr std::uint64_t StableHash(absl::string_view text, std::uint64_t seed = 0) {
  std::uint64_t hash = 0xcbf29ce484222325 ^ seed;
  for (const char byte : text) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  }
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
  return hash ^ (hash >> 31);
}

// `hash` as a share of all, in [0, 1).
constexpr double ShareOf(std::uint64_t hash) {
  return static_cast<double>(hash >> 11) / static_cast<double>(std::uint64_t{1} << 53);
}

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_STABLE_HASH_H_

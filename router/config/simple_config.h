// The configuration of a router that is started with one pool and no file: text as anyone could
// write it, which goes through the same reader and is shown by `get __mcrouter__.config`.
//
// Thread safety: a pure function.

#ifndef RINGCACHE_ROUTER_CONFIG_SIMPLE_CONFIG_H_
#define RINGCACHE_ROUTER_CONFIG_SIMPLE_CONFIG_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace ringcache::router {

// What errors in it are said of.
inline constexpr absl::string_view kSimpleConfigName = "--servers";

struct SimpleConfig {
  // Any address of discovery_address.h.
  std::string servers;
  // By their names in placement_kind.h.
  std::string placement = "ketama";
  std::string key_hash = "default";
  // So many of a key's next members are asked when its owner does not answer
  // (ReplicaFailoverRoute).
  bool failover = true;
  std::size_t replicas = 1;
  // For so long after a change of members, who had a key before is asked on a miss.
  absl::Duration warm_up = absl::ZeroDuration();
};

// A configuration with one pool, "default", and a route to it. Whether the values are right is said
// when the text is read. Keys have no routing prefixes: see RouteTreeOptions::routing_prefixes.
std::string SimpleConfigText(const SimpleConfig& config);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_CONFIG_SIMPLE_CONFIG_H_

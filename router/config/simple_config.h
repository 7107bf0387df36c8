// The configuration of a router that is started with one pool and no file: text as anyone could
// write it, which goes through the same reader and is shown by `get __mcrouter__.config`.
//
// Thread safety: a pure function.

#ifndef RINGCACHE_ROUTER_CONFIG_SIMPLE_CONFIG_H_
#define RINGCACHE_ROUTER_CONFIG_SIMPLE_CONFIG_H_

#include <string>

#include "absl/strings/string_view.h"

namespace ringcache::router {

// What errors in it are said of.
inline constexpr absl::string_view kSimpleConfigName = "--servers";

// One pool, "default", whose members are found at `servers`, any address of discovery_address.h,
// and a route that places keys by `placement` and `key_hash`, by their names in placement_kind.h.
// Whether these are right is said when the text is read. Keys have no routing prefixes: see
// RouteTreeOptions::routing_prefixes.
std::string SimpleConfigText(absl::string_view servers, absl::string_view placement,
                             absl::string_view key_hash);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_CONFIG_SIMPLE_CONFIG_H_

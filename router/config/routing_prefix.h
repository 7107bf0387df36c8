// mcrouter's routing prefix, which a client may write in front of a key to choose where it goes:
//
//   /region/cluster/key   ->   "/region/cluster/" and "key"
//
// Thread safety: pure functions.

#ifndef RINGCACHE_ROUTER_CONFIG_ROUTING_PREFIX_H_
#define RINGCACHE_ROUTER_CONFIG_ROUTING_PREFIX_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace ringcache::router {

// mcrouter's default: keys without a prefix have this one.
inline constexpr absl::string_view kDefaultRoutingPrefix = "/././";

// Of a key that begins with '/': up to its third one, which is included; 0 if it has no three.
inline std::size_t RoutingPrefixBytes(absl::string_view key) {
  const std::size_t second = key.find('/', 1);
  if (second == absl::string_view::npos) return 0;
  const std::size_t third = key.find('/', second + 1);
  return third == absl::string_view::npos ? 0 : third + 1;
}

// Whether `text` is "/region/cluster/", each of at least one letter, digit, '_', '-' or '.'; says
// what is wrong.
absl::Status CheckRoutingPrefix(absl::string_view text);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_CONFIG_ROUTING_PREFIX_H_

// A pool as the configuration describes it: who is in it, and how the router talks to them.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_ROUTER_CONFIG_POOL_CONFIG_H_
#define RINGCACHE_ROUTER_CONFIG_POOL_CONFIG_H_

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "client/cluster_options.h"
#include "discovery/discovery_address.h"
#include "hashring/placement/placement_kind.h"

namespace ringcache::router {

// How many members of a pool may be taken for down: past it their marks do not count, as then it is
// rather the network, or the router, that is in trouble.
struct MaxDown {
  double share = 1;
  std::size_t members = std::numeric_limits<std::size_t>::max();

  friend bool operator==(const MaxDown&, const MaxDown&) = default;
};

struct PoolConfig {
  static constexpr std::size_t kMaxNameBytes = 200;
  static constexpr std::size_t kMaxConnections = 64;
  static constexpr absl::Duration kMaxTimeout = absl::Hours(1);
  static constexpr absl::Duration kMaxWarmUp = absl::Hours(24);

  std::string name;
  // Its text is what watchers are made of.
  discovery::DiscoveryAddress address;
  // `servers` were written: their order counts, and their number never changes.
  bool listed = false;

  // For each of `servers`, or for none: the name to know it by, and how often it is to be chosen,
  // from 0 to 1.
  std::vector<discovery::WrittenMember> hostnames;
  std::vector<double> weights;

  // Empty: as the command line says.
  std::optional<absl::Duration> timeout;
  std::optional<absl::Duration> connect_timeout;
  std::optional<std::size_t> connections;
  std::optional<client::Identity> identity;
  std::optional<MaxDown> max_down;
  // Of routes that name no hash of their own; empty: mcrouter's, Ch3.
  std::optional<hashring::PlacementKind> placement;
  // After a change of members, those who had a key before are known for so long.
  absl::Duration warm_up = absl::ZeroDuration();

  friend bool operator==(const PoolConfig&, const PoolConfig&) = default;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_CONFIG_POOL_CONFIG_H_

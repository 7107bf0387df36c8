// The members of a pool, from what a person writes.
//
// Thread safety: functions only.

#ifndef RINGCACHE_TOOLS_RING_POOL_H_
#define RINGCACHE_TOOLS_RING_POOL_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hashring/member.h"

namespace ringcache::ring {

// `HOST`, `HOST:PORT`, `[IPV6]`, `[IPV6]:PORT` or the path of a socket; the port is 11211 if none
// is given. The error says what is wrong.
absl::StatusOr<std::vector<hashring::Member>> MembersOfList(absl::Span<const std::string> servers);

// How the pods of a StatefulSet are called.
struct StatefulSet {
  std::string name;
  std::string domain;  // what follows the pod's own label
  std::uint16_t port = hashring::kDefaultPort;
};

// `SET.NAMESPACE`, whose headless Service is called like the set, `SET.SERVICE.NAMESPACE`, or
// either with the domain of the cluster, which else is svc.cluster.local.
absl::StatusOr<StatefulSet> ParseStatefulSet(absl::string_view text);

// The pods 0 to replicas - 1.
std::vector<hashring::Member> MembersOfSet(const StatefulSet& set, std::uint32_t replicas);

// Gives the members the weights in their order; members without one keep 1. Fails if a weight is
// no whole number from 1, or if there are more weights than members.
absl::Status SetWeights(absl::Span<const std::string> weights,
                        std::vector<hashring::Member>* members);

}  // namespace ringcache::ring

#endif  // RINGCACHE_TOOLS_RING_POOL_H_

// From the configuration that a cloud's server tells to the members of a pool.
//
// Thread safety: functions only.

#ifndef RINGCACHE_CLIENT_CONFIG_CONFIG_MEMBERS_H_
#define RINGCACHE_CLIENT_CONFIG_CONFIG_MEMBERS_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "discovery/pool_source.h"

namespace ringcache::client {

// The nodes of `payload`, in their order: each by the name of its host, at its ip; without
// addresses if it has no ip and its host is a name. kEmpty if there is no node, kError with what is
// wrong if any node is: a pool that lacks a member whose line is broken would move its keys.
// `*version` is set for kMembers.
discovery::PoolAnswer ReadConfigMembers(absl::string_view payload, std::uint64_t* version);

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_CONFIG_CONFIG_MEMBERS_H_

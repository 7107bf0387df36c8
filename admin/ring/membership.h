// The members of a pool after a change that an admin thinks of.
//
// Thread safety: a function only.

#ifndef RINGCACHE_ADMIN_RING_MEMBERSHIP_H_
#define RINGCACHE_ADMIN_RING_MEMBERSHIP_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "admin/backend/backend.h"
#include "hashring/member.h"

namespace ringcache::admin {

// First the pool is scaled to `change.count`, as a StatefulSet is, whose highest numbers come and
// go; then `remove` leave and `add` join, as "host:port", "host:port:weight" or the path of a
// socket. INVALID_ARGUMENT says what of the change cannot be done, and what would be right.
absl::StatusOr<std::vector<hashring::Member>> MembersAfter(
    absl::Span<const hashring::Member> members, const MembershipChange& change);

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_RING_MEMBERSHIP_H_

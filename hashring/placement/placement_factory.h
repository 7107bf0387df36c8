// Makes a placement of any kind.
//
// Thread safety: pure functions.

#ifndef RINGCACHE_HASHRING_PLACEMENT_PLACEMENT_FACTORY_H_
#define RINGCACHE_HASHRING_PLACEMENT_PLACEMENT_FACTORY_H_

#include <cstddef>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hashring/member.h"
#include "hashring/placement/placement.h"
#include "hashring/placement/placement_kind.h"

namespace ringcache::hashring {

// Members that a placement may have: ten times the largest pool that is known. At this number the
// largest placement, ketama, has 2.6 million points and takes 30 MB and a second to build, and
// Maglev's largest table has 128 entries for each; a slot fits in 16 bits.
inline constexpr std::size_t kMaxMembers = 16384;

// The placement of that kind whose slots are the places in `members`. Where the kind's row says
// `by_index`, only the number of members counts, and their weights if it says `weighted`.
//
// InvalidArgument: there is no member or more than kMaxMembers, a weight is zero, or `key_hash` is
// given to a kind that takes none.
absl::StatusOr<std::unique_ptr<const Placement>> MakePlacement(PlacementKind kind, KeyHash key_hash,
                                                               absl::Span<const Member> members);

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_PLACEMENT_PLACEMENT_FACTORY_H_

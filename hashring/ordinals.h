// The ordinals that a StatefulSet writes into the names of its pods: in
// `cache-12.cache.default.svc.cluster.local` it is 12.
//
// Thread safety: a function only.

#ifndef RINGCACHE_HASHRING_ORDINALS_H_
#define RINGCACHE_HASHRING_ORDINALS_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "hashring/member.h"

namespace ringcache::hashring {

// Ordinals number the slots of a ring up to this many for a few members ...
inline constexpr std::uint32_t kSlotsForFewMembers = 64;
// ... and this many for each of many, but kMaxMembers (placement_factory.h) in all. A key whose
// slot is a gap is ranked until a present member comes, after (slots / members) steps on average,
// so these bound what a gap costs; they are wide since a ring that goes from ordinals to dense
// numbers moves almost all keys.
inline constexpr std::uint32_t kSlotsPerMember = 8;

// The ordinal of each member, or an empty list if the members do not have distinct ones: an ordinal
// is the number at the end of a name's first label, without leading zeros; apart from it the hosts
// are equal; and the highest is below the bounds above. Numeric addresses have no ordinals.
std::vector<std::uint32_t> OrdinalsOf(absl::Span<const Member> members);

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_ORDINALS_H_

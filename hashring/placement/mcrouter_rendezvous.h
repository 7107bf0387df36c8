// mcrouter's rendezvous hashing, unweighted.
//
// Source: mcrouter, lib/RendezvousHashFunc: score and tie, the score as a `double`. There each
// member is hashed by a tag that the configuration gives; here by its name, "host:port", or with
// port 0 by `host`, which may be any tag.
//
// Thread safety: as of a placement.

#ifndef RINGCACHE_HASHRING_PLACEMENT_MCROUTER_RENDEZVOUS_H_
#define RINGCACHE_HASHRING_PLACEMENT_MCROUTER_RENDEZVOUS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "hashring/member.h"
#include "hashring/placement/hash_placement.h"

namespace ringcache::hashring {

class McrouterRendezvous final : public HashPlacement {
 public:
  // REQUIRES: at least one member. Weights do not count.
  explicit McrouterRendezvous(absl::Span<const Member> members);

  // Time grows with the members.
  std::uint32_t LocateHash(std::uint64_t hash) const override;

 private:
  // By falling score; of equal ones the later slot is first.
  std::size_t RankHash(std::uint64_t hash, absl::Span<std::uint32_t> ranked) const override;

  std::vector<std::uint64_t> name_hashes_;
};

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_PLACEMENT_MCROUTER_RENDEZVOUS_H_

// pymemcache's rendezvous hashing: a key belongs to the member whose name gives the highest hash
// together with it.
//
// Source: pymemcache, client/rendezvous.py: RendezvousHash.get_node(). It hashes text, not bytes:
// keys and names beyond ASCII get other hashes there, and a key that is given as `bytes` is hashed
// as Python shows it, b'...'.
//
// Thread safety: as of a placement.

#ifndef RINGCACHE_HASHRING_PLACEMENT_RENDEZVOUS_H_
#define RINGCACHE_HASHRING_PLACEMENT_RENDEZVOUS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hashring/hash/murmur.h"
#include "hashring/member.h"
#include "hashring/placement/key_placement.h"

namespace ringcache::hashring {

class Rendezvous final : public KeyPlacement {
 public:
  // REQUIRES: at least one member. Weights do not count.
  explicit Rendezvous(absl::Span<const Member> members);

  std::uint32_t slots() const override { return static_cast<std::uint32_t>(nodes_.size()); }
  // Time grows with the members: each is hashed with the key.
  std::uint32_t Locate(absl::string_view key) const override;
  // By falling score, which is the order in which pymemcache goes on when it removes the dead.
  std::size_t Rank(absl::string_view key, absl::Span<std::uint32_t> ranked) const override;

 private:
  struct Node {
    Murmur3Prefix prefix;     // of "name-"
    std::uint32_t name_rank;  // among the sorted names: of equal scores the later name's wins
  };

  std::vector<Node> nodes_;
};

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_PLACEMENT_RENDEZVOUS_H_

// Which member of a pool owns a key. A ring is built once from all members and never changes; a
// change of the pool is a new ring, and ring_diff.h says what moves between two.
//
//   std::shared_ptr<const Ring> ring = *Ring::Create({.placement = kind}, std::move(members));
//   const Member& owner = ring->members()[ring->MemberOf(key)];
//
// Thread safety: immutable; shared between threads as std::shared_ptr<const Ring>.

#ifndef RINGCACHE_HASHRING_RING_H_
#define RINGCACHE_HASHRING_RING_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hashring/hashed_part.h"
#include "hashring/member.h"
#include "hashring/placement/placement.h"
#include "hashring/ring_options.h"

namespace ringcache::hashring {

// What the slots of a ring are.
enum class Numbering : std::uint8_t {
  kByName,      // members in natural order; the placement hashes their names
  kByOrdinal,   // the ordinals in the members' names, with gaps where one is missing
  kByPosition,  // dense numbers in natural order, since the names have no usable ordinals: a member
                // that joins or leaves in the middle shifts all after it
  kAsListed,    // dense numbers in the order given
};

class Ring {
 public:
  // Fails if the options are not valid, if there is no member or there are more than kMaxMembers
  // (placement_factory.h), if a member is not valid, if two have the same host and port, or if
  // options.weights are not as many as the members.
  static absl::StatusOr<std::shared_ptr<const Ring>> Create(RingOptions options,
                                                            std::vector<Member> members);

  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;

  const RingOptions& options() const { return options_; }
  // In natural order of host, then port, whatever order they were given in; as given if the
  // numbering is kAsListed. An index below is one into this.
  absl::Span<const Member> members() const { return members_; }
  // The member of that identity.
  std::optional<std::uint32_t> Find(absl::string_view host, std::uint16_t port) const;

  Numbering numbering() const { return numbering_; }
  // Slots whose ordinal no member has. Their keys go to the next member that the placement prefers.
  std::uint32_t gaps() const { return gaps_; }

  // What of `key` decides: see RingOptions. The salt is not in it.
  absl::string_view HashedPart(absl::string_view key) const {
    return hashring::HashedPart(key, options_.hash_stop, options_.hash_tag);
  }

  // The member that owns `key`.
  std::uint32_t MemberOf(absl::string_view key) const;

  // For those who keep the hash of a key: if LocatesByHash() then
  // MemberOf(key) == MemberOfHash(HashKey(key)). Rings with gaps need the key itself.
  bool LocatesByHash() const { return gaps_ == 0 && placement_->LocatesByHash(); }
  // REQUIRES: LocatesByHash().
  std::uint64_t HashKey(absl::string_view key) const;
  std::uint32_t MemberOfHash(std::uint64_t hash) const {
    return member_of_slot_[placement_->LocateHash(hash)];
  }

  // Fills `replicas` with the first distinct members for `key` in order of preference,
  // MemberOf(key) first, and returns how many there are: as many as asked for or as the ring has,
  // unless a member owns no key at all. Without a member, the order of the others stays.
  std::size_t Replicas(absl::string_view key, absl::Span<std::uint32_t> replicas) const;

  // The arcs of the key space, with members in place of slots; empty if the placement has none.
  KeySpace Arcs() const;

 private:
  Ring(RingOptions options, std::vector<Member> members)
      : options_(std::move(options)), members_(std::move(members)) {}

  // The steps of Create, in this order.
  absl::Status SortMembers();
  void NumberSlots();
  absl::Status Place();

  // As Replicas, of what is hashed, salt included.
  std::size_t RankPresent(absl::string_view hashed_part, absl::Span<std::uint32_t> ranked) const;

  RingOptions options_;
  std::vector<Member> members_;
  // Indices of members_ by identity, for Find.
  std::vector<std::uint32_t> by_identity_;
  Numbering numbering_ = Numbering::kByName;
  std::vector<std::uint32_t> member_of_slot_;
  std::uint32_t gaps_ = 0;
  std::unique_ptr<const Placement> placement_;
};

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_RING_H_

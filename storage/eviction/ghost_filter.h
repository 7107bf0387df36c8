// Remembers about the last `capacity` hashes put in, in 2 bytes each: a fingerprint of 16 bits, in
// a set of eight that the hash chooses. A set is a queue, newest first; what falls out of its end
// is forgotten.
//
//   segment 0 .. n-1            set 0 .. 127                     newest              oldest
//   ┌────┬────┬────┬─ ─ ─┐      ┌────┬────┬────┬─ ─ ─┐           ┌────┬────┬─ ─ ─ ─┬────┐
//   │    │    │    │     │  ──► │    │    │    │     │  ──►  put │ f0 │ f1 │       │ f7 │ ► gone
//   └────┴────┴────┴─ ─ ─┘      └────┴────┴────┴─ ─ ─┘           └────┴────┴─ ─ ─ ─┴────┘
//
// Segments are addressed by linear hashing (Litwin, 1980), so the capacity is no power of two. A
// fingerprint does not say where it would go when a segment is split; so the new segment starts as
// a copy, and in each of the two the other's half falls out in time. Memory comes as segments are
// first written.
//
// Thread safety: none; guarded by the size class's lock.

#ifndef RINGCACHE_STORAGE_EVICTION_GHOST_FILTER_H_
#define RINGCACHE_STORAGE_EVICTION_GHOST_FILTER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace ringcache::storage {

class GhostFilter {
 public:
  static constexpr std::size_t kGhostsPerSegment = 1024;

  // Makes room for at least `capacity`. One that remembers something grows by one segment a call,
  // so that no call pauses; called at each Put, it keeps up.
  void GrowTo(std::size_t capacity);
  // Gives back the last segment, and forgets what was in it, if there is room for `capacity`
  // without it.
  void ShrinkTo(std::size_t capacity);
  std::size_t capacity() const { return segments_.size() * kGhostsPerSegment; }
  // REQUIRES: capacity() > 0.
  void Put(std::uint64_t hash);
  // Whether the hash was put in recently; it is then forgotten. Wrongly true at most 8 times in
  // 65,536.
  bool Take(std::uint64_t hash);
  // Memory in use.
  std::size_t bytes() const {
    return written_segments_ * sizeof(Segment) + segments_.capacity() * sizeof(segments_[0]);
  }

 private:
  static constexpr std::size_t kWays = 8;
  static constexpr std::size_t kSetsPerSegment = kGhostsPerSegment / kWays;

  // 0: empty; those behind it are empty, too.
  using Set = std::array<std::uint16_t, kWays>;
  using Segment = std::array<Set, kSetsPerSegment>;

  // Three parts of the hash: segment, set, fingerprint.
  std::size_t SegmentOf(std::uint64_t hash) const;
  static std::size_t SetOf(std::uint64_t hash) { return (hash >> 32) % kSetsPerSegment; }
  static std::uint16_t FingerprintOf(std::uint64_t hash) {
    const auto bits = static_cast<std::uint16_t>(hash >> 48);
    return bits != 0 ? bits : 1;
  }

  std::vector<std::unique_ptr<Segment>> segments_;
  std::size_t written_segments_ = 0;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_EVICTION_GHOST_FILTER_H_

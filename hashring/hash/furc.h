// furc, mcrouter's consistent hash from keys to 0 .. slots - 1, which it calls Ch3: a walk down a
// binary tree, by bits that are drawn from the key's hash by hashing it again.
//
// Source: mcrouter, lib/fbi/hash.c: furc_hash(). Adding slot n moves 1 / (n + 1) of the keys, all
// of them to it; a slot can only be added or taken away at the end.
//
// Thread safety: pure functions.

#ifndef RINGCACHE_HASHRING_HASH_FURC_H_
#define RINGCACHE_HASHRING_HASH_FURC_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "hashring/hash/murmur.h"

namespace ringcache::hashring {

// Each drawing is this many bits from the last, which bounds the slots.
inline constexpr std::uint32_t kFurcShift = 23;
inline constexpr std::uint32_t kFurcMaxSlots = 1u << kFurcShift;

// mcrouter chose it for how well hashes of hashes spread.
inline constexpr std::uint64_t kFurcSeed = 4193360111;

// The first 64 bits for a key; the rest follow from them.
inline std::uint64_t FurcHash(absl::string_view key) { return Murmur64A(key, kFurcSeed); }

// REQUIRES: slots <= kFurcMaxSlots. No slots are as one.
std::uint32_t Furc(std::uint64_t furc_hash, std::uint32_t slots);

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_HASH_FURC_H_

// The placements by name: which algorithm decides who owns a key, bit for bit as the clients that
// are in use decide it.
//
// Thread safety: values only.

#ifndef RINGCACHE_HASHRING_PLACEMENT_PLACEMENT_KIND_H_
#define RINGCACHE_HASHRING_PLACEMENT_PLACEMENT_KIND_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ringcache::hashring {

enum class PlacementKind : std::uint8_t {
  kKetama,              // libmemcached's weighted form: pylibmc, php-memcached, twemproxy
  kRendezvous,          // pymemcache's HashClient
  kCh3,                 // mcrouter's default
  kWeightedCh3,         // mcrouter
  kCrc32,               // mcrouter
  kMcrouterRendezvous,  // mcrouter, unweighted
  kModulo,              // libmemcached's default
  kJump,                // Lamping and Veach, "A Fast, Minimal Memory, Consistent Hash Algorithm"
  kMaglev,  // Eisenbud et al., "Maglev: A Fast and Reliable Software Network Load Balancer"
};

// How a key becomes the number that kKetama, kModulo, kJump and kMaglev place.
enum class KeyHash : std::uint8_t {
  kDefault,     // the placement's own: md5 for ketama, one_at_a_time for modulo, ...
  kMd5,         // the first four bytes of the digest, little endian
  kOneAtATime,  // Jenkins
  kCrc32,       // libmemcached's: bits 16 to 30 of the CRC
  kCrc32a,      // the whole CRC
  kCrc16,
  kFnv1_64,  // the low 32 bits, as are the next one's
  kFnv1a_64,
  kFnv1_32,
  kFnv1a_32,
  kHsieh,
  kMurmur,
  kJenkins,
};

struct PlacementRow {
  PlacementKind kind;
  absl::string_view name;  // in flags and configuration
  bool weighted;           // members' weights count
  bool by_index;           // slots are numbers, not names: see Ring's Ordering
  bool takes_key_hash;     // a KeyHash other than kDefault may be chosen
};

inline constexpr std::array<PlacementRow, 9> kPlacements = {{
    {PlacementKind::kKetama, "ketama", true, false, true},
    {PlacementKind::kRendezvous, "rendezvous", false, false, false},
    {PlacementKind::kCh3, "ch3", false, true, false},
    {PlacementKind::kWeightedCh3, "weighted_ch3", true, true, false},
    {PlacementKind::kCrc32, "crc32", false, true, false},
    {PlacementKind::kMcrouterRendezvous, "mcrouter_rendezvous", false, false, false},
    {PlacementKind::kModulo, "modulo", false, true, true},
    {PlacementKind::kJump, "jump", false, true, true},
    {PlacementKind::kMaglev, "maglev", true, false, true},
}};

constexpr const PlacementRow& RowOf(PlacementKind kind) {
  return kPlacements[static_cast<std::size_t>(kind)];
}

// The placement, or the key hash, of that name ("md5", "fnv1a_64", ...); the error lists the names.
absl::StatusOr<PlacementKind> PlacementOfName(absl::string_view name);
absl::StatusOr<KeyHash> KeyHashOfName(absl::string_view name);
absl::string_view NameOf(KeyHash hash);

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_PLACEMENT_PLACEMENT_KIND_H_

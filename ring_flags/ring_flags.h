// Rows of a table of flags for a ring's options, so that every tool calls them the same.
//
//   using R = RingFlags<Options, &Options::ring>;
//   constexpr F::Row kRows[] = {R::Placement(), R::KeyHash(), ...};
//
// The options are named by a pointer to a member, or by a function from Options& to a reference.
//
// Thread safety: functions only.

#ifndef RINGCACHE_RING_FLAGS_RING_FLAGS_H_
#define RINGCACHE_RING_FLAGS_RING_FLAGS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "flags/flag_table.h"
#include "hashring/placement/placement_kind.h"
#include "hashring/ring_options.h"

namespace ringcache::ring_flags {

inline constexpr absl::string_view kPlacementHelp =
    "ketama, rendezvous, ch3, weighted_ch3, crc32, mcrouter_rendezvous, modulo, jump, maglev";

template <typename Options, auto kRing>
struct RingFlags {
  using F = flags::Of<Options>;
  using Row = typename F::Row;

  static hashring::RingOptions& Ring(Options& options) {
    return F::template Member<kRing>(options);
  }
  static const hashring::RingOptions& Ring(const Options& options) {
    return F::template Member<kRing>(options);
  }
  static hashring::Ordering& OrderingOf(Options& options) { return Ring(options).ordering; }
  static std::string& HashStopOf(Options& options) { return Ring(options).hash_stop; }
  static std::string& HashTagOf(Options& options) { return Ring(options).hash_tag; }

  static constexpr Row Placement() {
    const auto read = [](absl::string_view text, Options* options) {
      const absl::StatusOr<hashring::PlacementKind> kind = hashring::PlacementOfName(text);
      if (kind.ok()) Ring(*options).placement = *kind;
      return kind.status();
    };
    const auto spell = [](const Options& options) {
      return std::string(RowOf(Ring(options).placement).name);
    };
    return {"placement", "NAME", "", kPlacementHelp, read, spell};
  }

  static constexpr Row KeyHash() {
    const auto read = [](absl::string_view text, Options* options) {
      const absl::StatusOr<hashring::KeyHash> hash = hashring::KeyHashOfName(text);
      if (hash.ok()) Ring(*options).key_hash = *hash;
      return hash.status();
    };
    const auto spell = [](const Options& options) {
      return std::string(NameOf(Ring(options).key_hash));
    };
    return {
        "key-hash", "NAME",
        "",         "md5, one_at_a_time, crc32, fnv1a_64, ...; for ketama, modulo, jump and maglev",
        read,       spell};
  }

  static constexpr Row Ordering() {
    return F::template Word<&OrderingOf, hashring::kOrderingNames>(
        "ordering", "ordinal|listed", "",
        "what numbers members where names do not count: the number in a name, or the place"
        " in the list");
  }

  static constexpr Row HashStop() {
    return F::template Text<&HashStopOf>("hash-stop", "TEXT",
                                         "hash of a key what stands before it; mcrouter has |#|");
  }

  static constexpr Row HashTag() {
    return F::template Text<&HashTagOf>(
        "hash-tag", "PAIR", "hash of a key what stands between the two characters, such as {}");
  }
};

}  // namespace ringcache::ring_flags

#endif  // RINGCACHE_RING_FLAGS_RING_FLAGS_H_

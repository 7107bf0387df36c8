// The flags of the meta requests, one row each: the letter, what its token is, and which commands
// act on it. As in memcached a known flag is accepted by every meta command and ignored where it
// means nothing. The parser, the request writer and docs/protocol.md follow this table.
//
// Thread safety: constants and pure functions.

#ifndef RINGCACHE_PROTOCOL_META_FLAG_TABLE_H_
#define RINGCACHE_PROTOCOL_META_FLAG_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace ringcache::protocol {

// Where the token of a flag goes. kNone: the flag has no token (bytes after it are ignored).
enum class MetaField : std::uint8_t {
  kNone,
  kOpaque,
  kCompareCas,
  kNewCas,
  kClientFlags,
  kTtl,
  kVivifyTtl,
  kRecacheBelow,
  kInitial,
  kDelta,
  kMode,
};

// Commands, as bits of MetaFlagRow::commands.
inline constexpr std::uint8_t kOnMetaGet = 1;
inline constexpr std::uint8_t kOnMetaSet = 2;
inline constexpr std::uint8_t kOnMetaDelete = 4;
inline constexpr std::uint8_t kOnMetaArithmetic = 8;
inline constexpr std::uint8_t kOnAllMeta = 15;

struct MetaFlagRow {
  char letter;
  MetaField field;
  std::uint8_t commands;
};

inline constexpr std::array<MetaFlagRow, 25> kMetaFlags = {{
    {'C', MetaField::kCompareCas, kOnAllMeta},
    {'D', MetaField::kDelta, kOnMetaArithmetic},
    {'E', MetaField::kNewCas, kOnAllMeta},
    {'F', MetaField::kClientFlags, kOnMetaSet},
    {'I', MetaField::kNone, kOnMetaSet | kOnMetaDelete},
    {'J', MetaField::kInitial, kOnMetaArithmetic},
    {'L', MetaField::kNone, 0},  // reserved for proxies
    {'M', MetaField::kMode, kOnMetaSet | kOnMetaArithmetic},
    {'N', MetaField::kVivifyTtl, kOnMetaGet | kOnMetaSet | kOnMetaArithmetic},
    {'O', MetaField::kOpaque, kOnAllMeta},
    {'P', MetaField::kNone, 0},  // reserved for proxies
    {'R', MetaField::kRecacheBelow, kOnMetaGet},
    {'T', MetaField::kTtl, kOnAllMeta},
    {'b', MetaField::kNone, kOnAllMeta},
    {'c', MetaField::kNone, kOnMetaGet | kOnMetaSet | kOnMetaArithmetic},
    {'f', MetaField::kNone, kOnMetaGet},
    {'h', MetaField::kNone, kOnMetaGet},
    {'k', MetaField::kNone, kOnAllMeta},
    {'l', MetaField::kNone, kOnMetaGet},
    {'q', MetaField::kNone, kOnAllMeta},
    {'s', MetaField::kNone, kOnMetaGet | kOnMetaSet},
    {'t', MetaField::kNone, kOnMetaGet | kOnMetaArithmetic},
    {'u', MetaField::kNone, kOnMetaGet},
    {'v', MetaField::kNone, kOnMetaGet | kOnMetaArithmetic},
    {'x', MetaField::kNone, kOnMetaDelete},
}};

// kMetaFlagIndex[letter] is one more than the row of `letter`, or 0 if there is none.
inline constexpr std::array<std::uint8_t, 256> kMetaFlagIndex = [] {
  std::array<std::uint8_t, 256> index{};
  for (std::size_t i = 0; i < kMetaFlags.size(); ++i) {
    index[static_cast<unsigned char>(kMetaFlags[i].letter)] = static_cast<std::uint8_t>(i + 1);
  }
  return index;
}();

constexpr bool MetaFlagsAreInOrder() {
  for (std::size_t i = 1; i < kMetaFlags.size(); ++i) {
    if (kMetaFlags[i - 1].letter >= kMetaFlags[i].letter) return false;
  }
  return true;
}
static_assert(MetaFlagsAreInOrder(), "kMetaFlags is sorted by letter, each letter once");

}  // namespace ringcache::protocol

#endif  // RINGCACHE_PROTOCOL_META_FLAG_TABLE_H_

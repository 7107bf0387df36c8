// A value that says whose it is: its key and version, then letters that follow from both, so that a
// value of another key, of another version in part, or cut short is known for what it is.
//
// Thread safety: functions.

#ifndef RINGCACHE_TOOLS_PROOF_VERSIONED_VALUE_H_
#define RINGCACHE_TOOLS_PROOF_VERSIONED_VALUE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace ringcache::proof {

// Of the letters; how many there are follows from the key and the version, too.
inline constexpr std::size_t kMaxLetters = 3000;

std::string SpellValue(absl::string_view key, std::uint64_t version);

// The version of a whole value of `key`; nothing if it is anything else.
std::optional<std::uint64_t> ReadVersion(absl::string_view key, absl::string_view value);

}  // namespace ringcache::proof

#endif  // RINGCACHE_TOOLS_PROOF_VERSIONED_VALUE_H_

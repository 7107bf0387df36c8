// Which of the names that are known a person may have meant.
//
// Thread safety: a pure function.

#ifndef RINGCACHE_FLAGS_NEAREST_NAME_H_
#define RINGCACHE_FLAGS_NEAREST_NAME_H_

#include <cstddef>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ringcache::flags {

// Longer ones are near to nothing, so that the time of a comparison is bounded.
inline constexpr std::size_t kMaxNearBytes = 64;

// The name of `known` that takes the fewest letters changed, added, left out or exchanged with
// their neighbour, whatever their case; empty if none takes less than half of the letters of
// `name`. Of equally near ones the first.
absl::string_view NearestName(absl::string_view name, absl::Span<const absl::string_view> known);

}  // namespace ringcache::flags

#endif  // RINGCACHE_FLAGS_NEAREST_NAME_H_

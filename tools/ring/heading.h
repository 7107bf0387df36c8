// What stands above and below every report: who the members are, and how far to trust the figures.
//
// Thread safety: functions only.

#ifndef RINGCACHE_TOOLS_RING_HEADING_H_
#define RINGCACHE_TOOLS_RING_HEADING_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "hashring/ring.h"

namespace ringcache::ring {

// Every report fits in a terminal of this width, but for keys that are longer.
inline constexpr std::size_t kColumns = 100;

// "ketama, 3 members by name: *.cache.default.svc.cluster.local:11211".
std::string Heading(const hashring::Ring& ring, absl::string_view suffix);
// "by name", "by ordinal", ...
absl::string_view HowNumbered(const hashring::Ring& ring);
// "exact" or "of 1,000,000 keys".
std::string HowMeasured(std::uint64_t measured_keys);
// A line for each thing that a person should know of the ring; mostly none.
std::string Notes(const hashring::Ring& ring);

}  // namespace ringcache::ring

#endif  // RINGCACHE_TOOLS_RING_HEADING_H_

// Names of members for a terminal that is narrower than they are.
//
// Thread safety: a plain value, a function only.

#ifndef RINGCACHE_TOOLS_RING_SHORT_NAMES_H_
#define RINGCACHE_TOOLS_RING_SHORT_NAMES_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "hashring/member.h"

namespace ringcache::ring {

struct ShortNames {
  // Of each member, without `suffix`.
  std::vector<std::string> names;
  // What all names end with, from the dot after the first label on; else their common port, or
  // nothing.
  std::string suffix;
};

// REQUIRES: no name is empty.
ShortNames Shorten(std::vector<std::string> names);
ShortNames ShortNamesOf(absl::Span<const hashring::Member> members);

}  // namespace ringcache::ring

#endif  // RINGCACHE_TOOLS_RING_SHORT_NAMES_H_

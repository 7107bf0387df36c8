// A share as a bar, beside what would be fair.
//
// Thread safety: a function only.

#ifndef RINGCACHE_TOOLS_TABLE_SHARE_BAR_H_
#define RINGCACHE_TOOLS_TABLE_SHARE_BAR_H_

#include <string>

namespace ringcache::table {

// A bar of `share`, with a mark where it would be fair; `full` is the length of the longest, which
// has thirty columns. REQUIRES: 0 <= share, fair <= full, and full > 0.
std::string ShareBar(double share, double fair, double full);

}  // namespace ringcache::table

#endif  // RINGCACHE_TOOLS_TABLE_SHARE_BAR_H_

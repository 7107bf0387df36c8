// Sizes, times and shares as people read them.
//
// Thread safety: functions only.

#ifndef RINGCACHE_TOOLS_TABLE_SPELLING_H_
#define RINGCACHE_TOOLS_TABLE_SPELLING_H_

#include <cstdint>
#include <string>

namespace ringcache::table {

// "1.5 GiB".
std::string SpellBytes(double bytes);
// "3d 04h".
std::string SpellUptime(std::uint64_t seconds);
// "97.5 %", or "-" of nothing.
std::string SpellShare(std::uint64_t part, std::uint64_t whole);

}  // namespace ringcache::table

#endif  // RINGCACHE_TOOLS_TABLE_SPELLING_H_

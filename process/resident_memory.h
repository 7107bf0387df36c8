// How much memory this process holds.
//
// Thread safety: any thread.

#ifndef RINGCACHE_PROCESS_RESIDENT_MEMORY_H_
#define RINGCACHE_PROCESS_RESIDENT_MEMORY_H_

#include <cstdint>

namespace ringcache::process {

// From /proc/self/statm; 0 where that cannot be read.
std::uint64_t ResidentBytes();

}  // namespace ringcache::process

#endif  // RINGCACHE_PROCESS_RESIDENT_MEMORY_H_

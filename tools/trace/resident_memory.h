// Memory that a process occupies.
//
// Thread safety: functions only.

#ifndef RINGCACHE_TOOLS_TRACE_RESIDENT_MEMORY_H_
#define RINGCACHE_TOOLS_TRACE_RESIDENT_MEMORY_H_

#include <cstddef>
#include <optional>

namespace ringcache::trace {

// VmRSS of the process, in bytes; of this one for 0. Empty if there is no such process.
std::optional<std::size_t> ResidentBytes(int pid);

}  // namespace ringcache::trace

#endif  // RINGCACHE_TOOLS_TRACE_RESIDENT_MEMORY_H_

// How log lines look.
//
// Thread safety: values only.

#ifndef RINGCACHE_PROCESS_LOG_FORMAT_H_
#define RINGCACHE_PROCESS_LOG_FORMAT_H_

#include <cstdint>

namespace ringcache::process {

// For people, or for programs that collect them.
enum class LogFormat : std::uint8_t { kText, kJson };

}  // namespace ringcache::process

#endif  // RINGCACHE_PROCESS_LOG_FORMAT_H_

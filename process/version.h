// What the program calls itself.
//
// Thread safety: constants only.

#ifndef RINGCACHE_PROCESS_VERSION_H_
#define RINGCACHE_PROCESS_VERSION_H_

namespace ringcache::process {

// The answer to `version`. Clients look for \d+\.\d+\.\d+ and switch features on by it (meta
// commands from 1.6.0 on), so it starts with the version of memcached whose commands are spoken
// here.
inline constexpr char kProtocolVersion[] = "1.6.45-ringcache";
// What `-V` prints.
inline constexpr char kProgramVersion[] = "ringcache 0.1.0 (speaks memcached 1.6.45)";

}  // namespace ringcache::process

#endif  // RINGCACHE_PROCESS_VERSION_H_

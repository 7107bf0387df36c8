// What became of the items that a memory file kept, for a person to read.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_STORAGE_RESTART_RESTART_REPORT_H_
#define RINGCACHE_STORAGE_RESTART_RESTART_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace ringcache::storage {

struct RestartReport {
  bool has_file = false;  // items live in a memory file
  bool warm = false;      // it was taken over with what is in it
  std::string reason;     // has_file and not warm: why
  // Taken over; and those left behind because they have died since, or were damaged.
  std::size_t items = 0;
  std::size_t dropped = 0;
  std::int64_t milliseconds = 0;
  // When the file was closed, in Unix seconds.
  std::uint32_t stopped_at = 0;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_RESTART_RESTART_REPORT_H_

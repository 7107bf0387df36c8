// Where a spool lies and how much it may hold.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_ROUTER_SPOOL_SPOOL_OPTIONS_H_
#define RINGCACHE_ROUTER_SPOOL_SPOOL_OPTIONS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace ringcache::router {

struct SpoolOptions {
  std::string folder;
  // On disk and queued. 64 MiB are a million deletes of keys of 50 bytes.
  std::uint64_t max_member_bytes = std::uint64_t{64} << 20;
  std::uint64_t max_total_bytes = std::uint64_t{256} << 20;
  // Queued for the disk, of all members: what a disk that is stuck may cost in memory.
  std::uint64_t max_queue_bytes = std::uint64_t{8} << 20;
  // A file is removed when all of it is acknowledged.
  std::uint64_t segment_bytes = std::uint64_t{1} << 20;
  static constexpr std::uint64_t kMinSegmentBytes = 512;  // a record at least
  // Files are synced to the disk this often while there is something new in them.
  absl::Duration sync_interval = absl::Seconds(1);

  // Says which value is wrong and what would be right.
  absl::Status Validate() const;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_SPOOL_SPOOL_OPTIONS_H_

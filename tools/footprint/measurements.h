// What a cache server's memory holds: each measurement starts the server with one thread on a unix
// socket of its own, loads it, measures and ends it.
//
// Thread safety: one measurement at a time.

#ifndef RINGCACHE_TOOLS_FOOTPRINT_MEASUREMENTS_H_
#define RINGCACHE_TOOLS_FOOTPRINT_MEASUREMENTS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace ringcache::footprint {

inline constexpr std::size_t kKeyBytes = 32;

struct Scale {
  int memory_mib = 256;
  int idle_connections = 5000;
  // Sets into a full cache, and by how many connections at once.
  std::uint64_t sets = 2'600'000;
  int connections = 8;
};

// Resident bytes of the process for each live item: keys of 32 bytes, values of `value_bytes`, the
// cache full.
absl::StatusOr<double> BytesPerItem(const std::string& program, const Scale& scale,
                                    std::size_t value_bytes);

// Bytes of keys and values of the live items, as a share of the limit: lognormal sizes
// (value_sizes.h), the cache full.
absl::StatusOr<double> PayloadShare(const std::string& program, const Scale& scale);

// Resident bytes that one more connection costs which has had one request answered.
absl::StatusOr<double> BytesPerIdleConnection(const std::string& program, const Scale& scale);

// How many of the sets were answered "out of memory": a third of them are small, then a third are
// large, then a third are mixed, so that classes want their first page when all pages are taken.
absl::StatusOr<double> OutOfMemoryErrors(const std::string& program, const Scale& scale);

}  // namespace ringcache::footprint

#endif  // RINGCACHE_TOOLS_FOOTPRINT_MEASUREMENTS_H_

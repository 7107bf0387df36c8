// What a trace is replayed against: the library in this process, or a server.
//
// Thread safety: a target belongs to one thread.

#ifndef RINGCACHE_TOOLS_TRACE_REPLAY_TARGET_H_
#define RINGCACHE_TOOLS_TRACE_REPLAY_TARGET_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "tools/trace/trace_request.h"

namespace ringcache::trace {

// Largest value that is stored; a larger one counts as too large and is not even sent.
inline constexpr std::uint32_t kMaxStoredBytes = 1u << 20;
// Longest lifetime that the protocol counts from now; longer ones are cut to it, for all targets.
inline constexpr std::uint32_t kMaxTtlSeconds = 30 * 24 * 60 * 60;

// What became of the stores: by the trace's own sets, and by the player after a miss.
struct StoreCounts {
  std::uint64_t stored = 0;
  std::uint64_t not_stored = 0;  // add of a key that is there, replace of one that is not
  std::uint64_t too_large = 0;
  std::uint64_t out_of_memory = 0;
  std::uint64_t other_errors = 0;
};

struct TargetFigures {
  std::size_t limit_bytes = 0;
  std::uint64_t items = 0;  // held at the end
  // Bytes of keys and values held at the end, if the target tells.
  std::optional<double> payload_bytes;
  // VmRSS of the server; for the library, what this process grew by. Unknown for a process
  // elsewhere.
  std::optional<std::size_t> resident_bytes;
  std::uint64_t evictions = 0;
  StoreCounts stores;
};

class ReplayTarget {
 public:
  virtual ~ReplayTarget() = default;
  // For tables, such as "memcached 1.6.18".
  virtual std::string name() const = 0;
  // Does the requests of `batch` in order; `(*hits)[i]` becomes 1 if request i is a read that hit.
  // Of each key all operations take effect in the trace's order, with what a miss stores directly
  // after the miss. REQUIRES: hits->size() >= batch.size().
  virtual absl::Status Replay(absl::Span<const TraceRequest> batch,
                              std::vector<std::uint8_t>* hits) = 0;
  virtual absl::StatusOr<TargetFigures> Figures() = 0;
};

}  // namespace ringcache::trace

#endif  // RINGCACHE_TOOLS_TRACE_REPLAY_TARGET_H_

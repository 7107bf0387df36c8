// One request of a trace, and where requests come from.
//
// Thread safety: a request is a plain value; a source belongs to one thread.

#ifndef RINGCACHE_TOOLS_TRACE_TRACE_REQUEST_H_
#define RINGCACHE_TOOLS_TRACE_TRACE_REQUEST_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace ringcache::trace {

enum class TraceOperation : std::uint8_t {
  kRead,  // a get; on a miss the player stores the key with the request's size and lifetime
  kSet,
  kAdd,
  kReplace,
  kDelete,
};

// Longest key that servers take, in bytes.
inline constexpr std::size_t kMaxKeyBytes = 250;

struct TraceRequest {
  std::string key;                // 1 .. kMaxKeyBytes bytes without space or control character
  std::uint32_t value_bytes = 0;  // of what is stored; 0 for a delete
  std::uint32_t ttl_s = 0;        // of what is stored; 0: for ever
  std::uint32_t time_s = 0;       // since the trace's start; never decreases
  TraceOperation operation = TraceOperation::kRead;
};

class TraceSource {
 public:
  virtual ~TraceSource() = default;
  // Fills `*request`, whose key's memory is used again. False at the end, and on an error that
  // status() then tells.
  virtual bool Next(TraceRequest* request) = 0;
  virtual absl::Status status() const { return absl::OkStatus(); }
  // Requests of operations that the player does not know how to replay, left out so far.
  virtual std::uint64_t skipped() const { return 0; }
};

}  // namespace ringcache::trace

#endif  // RINGCACHE_TOOLS_TRACE_TRACE_REQUEST_H_

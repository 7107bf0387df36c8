// What a trace consists of, from one pass over it: totals, and which key each request asks for, as
// small numbers that the reference policies run on.
//
// Thread safety: a plain value once it is taken.

#ifndef RINGCACHE_TOOLS_TRACE_TRACE_CENSUS_H_
#define RINGCACHE_TOOLS_TRACE_TRACE_CENSUS_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/trace/trace_request.h"

namespace ringcache::trace {

class TraceCensus {
 public:
  // A request takes 4 bytes, a key about 20 while it is counted: 1 GiB of requests at most.
  static constexpr std::uint64_t kMaxRequests = std::uint64_t{1} << 28;
  static constexpr int kOperationBits = 3;
  static constexpr std::uint64_t kMaxKeys = std::uint64_t{1} << (32 - kOperationBits);

  // Reads `source` to its end. Fails as the source does, if there is no request, or if it has more
  // than the limits.
  static absl::StatusOr<TraceCensus> Take(TraceSource* source);

  std::uint64_t requests() const { return operations_.size(); }
  std::uint64_t keys() const { return keys_; }
  std::uint64_t reads() const { return reads_; }
  std::uint64_t skipped() const { return skipped_; }
  bool has_lifetimes() const { return has_lifetimes_; }
  // Mean bytes of key and value over all requests but deletes.
  double mean_item_bytes() const { return mean_item_bytes_; }

  TraceOperation OperationAt(std::uint64_t index) const {
    return static_cast<TraceOperation>(operations_[index] & ((1u << kOperationBits) - 1));
  }
  // Keys are numbered from 0 in the order of their first request. Two keys are taken for one if
  // their 64-bit hashes are equal.
  std::uint32_t KeyAt(std::uint64_t index) const { return operations_[index] >> kOperationBits; }

 private:
  std::vector<std::uint32_t> operations_;  // key above, operation below
  std::uint64_t keys_ = 0;
  std::uint64_t reads_ = 0;
  std::uint64_t skipped_ = 0;
  bool has_lifetimes_ = false;
  double mean_item_bytes_ = 0;
};

}  // namespace ringcache::trace

#endif  // RINGCACHE_TOOLS_TRACE_TRACE_CENSUS_H_

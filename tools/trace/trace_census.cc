#include "tools/trace/trace_census.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace ringcache::trace {
namespace {

absl::Status TooMany(const char* what, std::uint64_t most) {
  return absl::ResourceExhaustedError(
      absl::StrCat("the trace has more than ", most, " ", what, "; --requests plays a part of it"));
}

}  // namespace

absl::StatusOr<TraceCensus> TraceCensus::Take(TraceSource* source) {
  TraceCensus census;
  absl::flat_hash_map<std::uint64_t, std::uint32_t> numbers;
  TraceRequest request;
  std::uint64_t stores = 0;
  double item_bytes = 0;
  while (source->Next(&request)) {
    if (census.operations_.size() == kMaxRequests) return TooMany("requests", kMaxRequests);
    const std::uint64_t hash = absl::Hash<std::string>()(request.key);
    const std::uint32_t number =
        numbers.try_emplace(hash, static_cast<std::uint32_t>(numbers.size())).first->second;
    if (number == kMaxKeys) return TooMany("keys", kMaxKeys);
    census.operations_.push_back(number << kOperationBits |
                                 static_cast<std::uint32_t>(request.operation));
    if (request.operation == TraceOperation::kRead) ++census.reads_;
    if (request.operation != TraceOperation::kDelete) {
      ++stores;
      item_bytes += static_cast<double>(request.key.size() + request.value_bytes);
    }
    census.has_lifetimes_ |= request.ttl_s > 0;
  }
  if (!source->status().ok()) return source->status();
  if (census.operations_.empty()) return absl::InvalidArgumentError("the trace has no request");
  census.keys_ = numbers.size();
  census.skipped_ = source->skipped();
  census.mean_item_bytes_ = item_bytes / static_cast<double>(std::max<std::uint64_t>(stores, 1));
  return census;
}

}  // namespace ringcache::trace

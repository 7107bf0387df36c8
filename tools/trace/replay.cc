#include "tools/trace/replay.h"

#include <chrono>
#include <vector>

#include "absl/types/span.h"

namespace ringcache::trace {

absl::StatusOr<ReplayResult> ReplayTrace(TraceSource* source, std::uint64_t requests,
                                         std::size_t batch, ReplayTarget* target,
                                         const std::function<void(double)>& progress) {
  constexpr auto kProgressInterval = std::chrono::seconds(1);
  const auto start = std::chrono::steady_clock::now();
  auto next_progress = start + kProgressInterval;
  ReplayResult result;
  std::vector<TraceRequest> pending(batch);
  std::vector<std::uint8_t> hits(batch);
  for (bool more = true; more;) {
    std::size_t count = 0;
    while (count < batch && (more = source->Next(&pending[count]))) ++count;
    const absl::Status status =
        target->Replay(absl::MakeConstSpan(pending).subspan(0, count), &hits);
    if (!status.ok()) return status;
    for (std::size_t i = 0; i < count; ++i, ++result.requests) {
      if (pending[i].operation != TraceOperation::kRead) continue;
      result.hits.Add(hits[i] != 0, result.requests >= requests / 2);
    }
    const auto now = std::chrono::steady_clock::now();
    if (progress && now >= next_progress) {
      progress(static_cast<double>(result.requests) / static_cast<double>(requests));
      next_progress = now + kProgressInterval;
    }
  }
  if (!source->status().ok()) return source->status();
  const auto elapsed = std::chrono::steady_clock::now() - start;
  result.seconds = std::chrono::duration<double>(elapsed).count();
  return result;
}

}  // namespace ringcache::trace

#include "server/latency/command_latencies.h"

#include <algorithm>
#include <utility>

namespace ringcache::server {

void CommandLatencies::Record(std::int64_t took_ns) {
  const std::uint64_t wanted = wanted_reset_.load(std::memory_order_relaxed);
  if (wanted != done_reset_.load(std::memory_order_relaxed)) [[unlikely]] {
    Clear(wanted);
  }
  const auto ns = static_cast<std::uint64_t>(std::max<std::int64_t>(took_ns, 0));
  for (std::size_t i = 0; i < protocol::kCommandClassCount; ++i) {
    if (counted_[i] == 0) continue;
    histograms_[i].RecordMany(ns, std::exchange(counted_[i], 0));
  }
  any_ = false;
}

void CommandLatencies::Clear(std::uint64_t wanted) {
  for (metrics::LatencyHistogram& histogram : histograms_) histogram.Clear();
  done_reset_.store(wanted, std::memory_order_release);
}

std::uint64_t CommandLatencies::CountOf(protocol::CommandClass command_class) const {
  return is_stale() ? 0 : histograms_[static_cast<std::size_t>(command_class)].Count();
}

void CommandLatencies::AddTo(protocol::CommandClass command_class,
                             metrics::LatencyHistogram* histogram) const {
  if (!is_stale()) histogram->Merge(histograms_[static_cast<std::size_t>(command_class)]);
}

}  // namespace ringcache::server

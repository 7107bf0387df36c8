#include "admin/backend/hottest_keys.h"

#include <algorithm>
#include <cstdint>

#include "absl/time/time.h"
#include "metrics/hot_keys.h"

namespace ringcache::admin {
namespace {

double PerSecond(std::uint64_t thousandths) { return static_cast<double>(thousandths) * 1e-3; }

void AddKeys(bool writes, const std::vector<metrics::HotKeys>& parts, std::size_t count,
             double window_s, std::uint32_t sample_one_of, std::vector<HotKey>* keys) {
  for (const metrics::HotKey& key : metrics::MergeHotKeys(parts, count).keys) {
    const double rate = PerSecond(key.requests);
    const double error =
        PerSecond(key.error) + metrics::HotKeySketch::SamplingError(rate, window_s, sample_one_of);
    keys->push_back({key.key, rate, error, writes});
  }
}

}  // namespace

std::vector<HotKey> HottestKeys(absl::Span<const metrics::HotKeyRates> workers, std::size_t count) {
  std::vector<metrics::HotKeys> reads;
  std::vector<metrics::HotKeys> writes;
  absl::Duration window =
      workers.empty() ? metrics::HotKeySketch::kLeastWindow : workers.front().window;
  std::uint32_t sample_one_of = 1;
  for (const metrics::HotKeyRates& worker : workers) {
    sample_one_of = std::max(sample_one_of, worker.sample_one_of);
    reads.push_back(worker.reads);
    writes.push_back(worker.writes);
    window = std::min(window, worker.window);
  }
  const double window_s = absl::ToDoubleSeconds(window);
  std::vector<HotKey> keys;
  AddKeys(false, reads, count, window_s, sample_one_of, &keys);
  AddKeys(true, writes, count, window_s, sample_one_of, &keys);
  return keys;
}

}  // namespace ringcache::admin

// The hottest keys of a worker's requests at a cost of a few nanoseconds each: one request of many
// is sampled, by chance, and counted in a Space-Saving sketch (space_saving.h) for all of them. A
// key of f requests among n then shows `requests` of f, give or take
//
//   n / capacity (only above f, and told as `error`)  and  3 sqrt(f sample_one_of) (of 997 in 1000)
//
// Thread safety: one thread records, never waiting; any thread may call the rest.

#ifndef RINGCACHE_METRICS_HEAVY_HITTERS_H_
#define RINGCACHE_METRICS_HEAVY_HITTERS_H_

#include <cstddef>
#include <cstdint>
#include <mutex>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "metrics/counter.h"
#include "metrics/hot_keys.h"
#include "metrics/space_saving.h"

namespace ringcache::metrics {

struct HeavyHittersOptions {
  // Counters, of 300 bytes each. 512 tell all keys that have 0.2 % of the requests.
  std::size_t capacity = 512;
  static constexpr std::size_t kMaxCapacity = std::size_t{1} << 16;  // 19 MiB
  // 1: all. At 64, 100,000 requests of a key are told to 8 %, and a request costs 1.3 ns, as a
  // sample takes 50 (heavy_hitters_benchmark).
  std::uint32_t sample_one_of = 64;
  static constexpr std::uint32_t kMaxSampleOneOf = std::uint32_t{1} << 20;
  // Which requests are sampled. Workers get different ones.
  std::uint64_t seed = 1;

  // Says which value is wrong and what would be right.
  absl::Status Validate() const;
};

class alignas(128) HeavyHitters {
 public:
  // REQUIRES: options.Validate().ok().
  explicit HeavyHitters(const HeavyHittersOptions& options);

  // Keys longer than SpaceSaving::kMaxKeyBytes are no keys and are left out.
  void Record(absl::string_view key) {
    if (--until_sample_ == 0) [[unlikely]] {
      RecordSample(key);
    }
  }

  // Halves all counts, so that what is no longer hot sinks: called every minute, a key that had a
  // million requests and gets no more is gone after 20 minutes.
  void Decay();

  // As of now. The merge of several workers' is MergeHotKeys.
  HotKeys Report() const;

  // Samples that were left out as a Report or Decay was at it, which takes microseconds.
  std::uint64_t missed_samples() const { return missed_samples_.value(); }

 private:
  void RecordSample(absl::string_view key);
  std::uint64_t NextGap();

  // The writer's own.
  std::uint64_t until_sample_;
  const std::uint32_t sample_one_of_;
  const double log_of_passing_;  // of the probability that a request is not sampled
  std::uint64_t random_;
  Counter missed_samples_;

  mutable std::mutex mutex_;  // guards sketch_; the writer only tries it
  SpaceSaving sketch_;
};

}  // namespace ringcache::metrics

#endif  // RINGCACHE_METRICS_HEAVY_HITTERS_H_

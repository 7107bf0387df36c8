// The hottest keys of one worker's requests, those that read and those that change, as rates: what
// is old counts less, so that the rates are those of the last seconds.
//
// Thread safety: one thread records and decays; any thread may ask for the rates, and delays the
// former for microseconds at most.

#ifndef RINGCACHE_METRICS_HOT_KEY_SKETCH_H_
#define RINGCACHE_METRICS_HOT_KEY_SKETCH_H_

#include <cmath>
#include <cstdint>
#include <mutex>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "metrics/heavy_hitters.h"
#include "metrics/hot_keys.h"

namespace ringcache::metrics {

// `requests`, `error` and `others_at_most` are thousandths of a request in a second.
struct HotKeyRates {
  HotKeys reads;
  HotKeys writes;
  absl::Duration window;  // that the rates are means of
  std::uint32_t sample_one_of = 1;
  std::uint64_t missed_samples = 0;
};

class HotKeySketch {
 public:
  // Before that, rates are told as if so much had passed: a few requests are not many a second.
  static constexpr absl::Duration kLeastWindow = absl::Seconds(1);
  // Of the requests of one worker one of so many is looked at.
  static constexpr std::uint32_t kSampleOneOf = 64;
  // Keys that are counted, of each kind: 300 bytes each.
  static constexpr std::size_t kCounters = 512;

  // `now`, here and below: of the monotonic clock. `seed`: workers get different ones. Of the
  // requests only one of `shown_one_of` is recorded, by chance: rates are of all.
  HotKeySketch(std::uint64_t seed, absl::Duration now, std::uint32_t shown_one_of = 1);

  void RecordRead(absl::string_view key) { reads_.Record(key); }
  void RecordWrite(absl::string_view key) { writes_.Record(key); }

  // Halves what was counted and the time in which it was, so that rates stay what they are.
  void Decay(absl::Duration now);

  HotKeyRates Rates(absl::Duration now) const;

  // Three standard deviations of a rate that was told by samples.
  static double SamplingError(double per_second, double window_s,
                              std::uint32_t sample_one_of = kSampleOneOf) {
    return 3 * std::sqrt(per_second * sample_one_of / window_s);
  }

 private:
  // REQUIRES: mutex_ is held.
  absl::Duration Window(absl::Duration now) const;

  const std::uint32_t shown_one_of_;
  HeavyHitters reads_;
  HeavyHitters writes_;
  // Keeps the times and the counts together; recording does not take it.
  mutable std::mutex mutex_;  // guards the times
  absl::Duration halved_;     // the window before since_
  absl::Duration since_;
};

}  // namespace ringcache::metrics

#endif  // RINGCACHE_METRICS_HOT_KEY_SKETCH_H_

#include "metrics/hot_key_sketch.h"

#include <algorithm>
#include <cmath>

namespace ringcache::metrics {
namespace {

HeavyHittersOptions SketchOptions(std::uint64_t seed) {
  HeavyHittersOptions options;
  options.capacity = HotKeySketch::kCounters;
  options.sample_one_of = HotKeySketch::kSampleOneOf;
  options.seed = seed;
  return options;
}

// Counts, each of which stands for `weight`, to thousandths in a second.
void Scale(std::uint32_t weight, absl::Duration window, HotKeys* keys) {
  const double factor = 1000.0 * weight / absl::ToDoubleSeconds(window);
  const auto scaled = [factor](std::uint64_t count) {
    return static_cast<std::uint64_t>(std::llround(static_cast<double>(count) * factor));
  };
  keys->requests = scaled(keys->requests);
  keys->others_at_most = scaled(keys->others_at_most);
  for (HotKey& key : keys->keys) {
    key.requests = scaled(key.requests);
    key.error = scaled(key.error);
  }
}

}  // namespace

HotKeySketch::HotKeySketch(std::uint64_t seed, absl::Duration now, std::uint32_t shown_one_of)
    : shown_one_of_(shown_one_of),
      // The generator steps by a constant, so seeds may lie as near to each other as they like.
      reads_(SketchOptions(2 * seed)),
      writes_(SketchOptions(2 * seed + 1)),
      since_(now) {}

absl::Duration HotKeySketch::Window(absl::Duration now) const {
  // Whoever asks may have read the clock before the last decay.
  return halved_ + std::max(now - since_, absl::ZeroDuration());
}

void HotKeySketch::Decay(absl::Duration now) {
  const std::lock_guard lock(mutex_);
  halved_ = Window(now) / 2;
  since_ = now;
  reads_.Decay();
  writes_.Decay();
}

HotKeyRates HotKeySketch::Rates(absl::Duration now) const {
  HotKeyRates rates;
  {
    const std::lock_guard lock(mutex_);
    rates.window = std::max(Window(now), kLeastWindow);
    rates.reads = reads_.Report();
    rates.writes = writes_.Report();
  }
  rates.missed_samples = reads_.missed_samples() + writes_.missed_samples();
  rates.sample_one_of = shown_one_of_ * kSampleOneOf;
  Scale(shown_one_of_, rates.window, &rates.reads);
  Scale(shown_one_of_, rates.window, &rates.writes);
  return rates;
}

}  // namespace ringcache::metrics

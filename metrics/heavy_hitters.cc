#include "metrics/heavy_hitters.h"

#include <cmath>

#include "absl/strings/str_cat.h"

namespace ringcache::metrics {

absl::Status HeavyHittersOptions::Validate() const {
  if (capacity < 1 || capacity > kMaxCapacity) {
    return absl::InvalidArgumentError(
        absl::StrCat("capacity is ", capacity, "; it is a number from 1 to ", kMaxCapacity));
  }
  if (sample_one_of < 1 || sample_one_of > kMaxSampleOneOf) {
    return absl::InvalidArgumentError(absl::StrCat("sample_one_of is ", sample_one_of,
                                                   "; it is a number from 1 to ", kMaxSampleOneOf));
  }
  return absl::OkStatus();
}

HeavyHitters::HeavyHitters(const HeavyHittersOptions& options)
    : sample_one_of_(options.sample_one_of),
      log_of_passing_(std::log1p(-1.0 / options.sample_one_of)),
      random_(options.seed),
      sketch_(options.capacity) {
  until_sample_ = NextGap();
}

void HeavyHitters::RecordSample(absl::string_view key) {
  until_sample_ = NextGap();
  if (key.size() > SpaceSaving::kMaxKeyBytes) return;
  const std::unique_lock<std::mutex> lock(mutex_, std::try_to_lock);
  if (!lock.owns_lock()) return missed_samples_.Add();
  sketch_.Add(key, sample_one_of_);
}

// Requests are independent trials, so gaps are geometric: a period in the requests, such as every
// 64th being of one key, does not meet one in the samples.
std::uint64_t HeavyHitters::NextGap() {
  if (sample_one_of_ == 1) return 1;
  // SplitMix64 (Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, 2014).
  random_ += 0x9e3779b97f4a7c15;
  std::uint64_t mixed = random_;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  mixed ^= mixed >> 31;
  // In (0, 1], of 53 bits.
  const double chance = static_cast<double>((mixed >> 11) + 1) * 0x1p-53;
  return 1 + static_cast<std::uint64_t>(std::log(chance) / log_of_passing_);
}

void HeavyHitters::Decay() {
  const std::lock_guard<std::mutex> lock(mutex_);
  sketch_.Halve();
}

HotKeys HeavyHitters::Report() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return sketch_.Report();
}

}  // namespace ringcache::metrics

// Requests as of Zipf's law with exponent 0.99: key 0 is the hottest, and a key of rank r (from 1)
// is asked for in proportion to 1 / r^0.99. For tests and benchmarks.
//
// Thread safety: none.

#ifndef RINGCACHE_METRICS_ZIPF_STREAM_H_
#define RINGCACHE_METRICS_ZIPF_STREAM_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace ringcache::metrics {

class ZipfStream {
 public:
  static constexpr double kExponent = 0.99;

  ZipfStream(std::size_t keys, std::uint64_t seed) : random_(seed) {
    double sum = 0;
    for (std::size_t rank = 1; rank <= keys; ++rank) {
      sum += 1 / std::pow(static_cast<double>(rank), kExponent);
      sums_.push_back(sum);
    }
  }

  std::size_t Next() {
    const double point = std::uniform_real_distribution<double>(0, sums_.back())(random_);
    const auto at = std::upper_bound(sums_.begin(), sums_.end() - 1, point);
    return static_cast<std::size_t>(at - sums_.begin());
  }

  static std::string KeyOf(std::size_t number) { return absl::StrCat("user:", number, ":profile"); }

 private:
  std::mt19937_64 random_;
  std::vector<double> sums_;
};

}  // namespace ringcache::metrics

#endif  // RINGCACHE_METRICS_ZIPF_STREAM_H_

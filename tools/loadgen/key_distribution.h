// Which key is asked for next: uniform, or Zipf's law, where rank r (from 1) is drawn with a
// probability proportional to r^-exponent.
//
// Thread safety: immutable after construction; the random source is the caller's.

#ifndef RINGCACHE_TOOLS_LOADGEN_KEY_DISTRIBUTION_H_
#define RINGCACHE_TOOLS_LOADGEN_KEY_DISTRIBUTION_H_

#include <cstdint>

#include "tools/loadgen/random_source.h"

namespace ringcache::loadgen {

// Exact, in constant expected time and memory, by rejection-inversion: W. Hoermann and
// G. Derflinger, "Rejection-inversion to generate variates from monotone discrete distributions",
// ACM TOMACS 6(3), 1996. Less than 1.1 tries per draw for any exponent.
class ZipfDistribution {
 public:
  // REQUIRES: count >= 1, 0 <= exponent <= kMaxExponent.
  ZipfDistribution(std::uint32_t count, double exponent);
  static constexpr double kMaxExponent = 10;

  // A rank from 0, the most popular, to count - 1.
  std::uint32_t Next(RandomSource* random) const;

 private:
  double Integral(double x) const;
  double InverseIntegral(double x) const;
  double Density(double x) const;

  double count_;
  double exponent_;
  double integral_first_;  // Integral(1.5) - 1
  double integral_last_;   // Integral(count + 0.5)
  double accept_below_;
};

class KeyDistribution {
 public:
  enum class Kind : std::uint8_t { kUniform, kZipf };

  KeyDistribution(Kind kind, std::uint32_t count, double exponent)
      : kind_(kind), count_(count), zipf_(count, exponent) {}

  std::uint32_t Next(RandomSource* random) const {
    if (kind_ == Kind::kUniform) return static_cast<std::uint32_t>(random->NextBelow(count_));
    return zipf_.Next(random);
  }

 private:
  Kind kind_;
  std::uint32_t count_;
  ZipfDistribution zipf_;
};

}  // namespace ringcache::loadgen

#endif  // RINGCACHE_TOOLS_LOADGEN_KEY_DISTRIBUTION_H_

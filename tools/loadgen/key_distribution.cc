#include "tools/loadgen/key_distribution.h"

#include <algorithm>
#include <cmath>

namespace ringcache::loadgen {
namespace {

// Below this the quotients are replaced by their Taylor series, as both terms vanish.
constexpr double kSmall = 1e-8;

// log(1 + x) / x, continuous at 0.
double Log1pOverX(double x) {
  return std::abs(x) > kSmall ? std::log1p(x) / x : 1 - x * (0.5 - x / 3);
}

// (exp(x) - 1) / x, continuous at 0.
double Expm1OverX(double x) {
  return std::abs(x) > kSmall ? std::expm1(x) / x : 1 + x * 0.5 * (1 + x / 3);
}

}  // namespace

ZipfDistribution::ZipfDistribution(std::uint32_t count, double exponent)
    : count_(count),
      exponent_(exponent),
      integral_first_(Integral(1.5) - 1),
      integral_last_(Integral(count + 0.5)),
      accept_below_(2 - InverseIntegral(Integral(2.5) - Density(2))) {}

// The integral of x^-exponent, up to a constant: (x^(1-e) - 1) / (1-e), and log x for e = 1.
double ZipfDistribution::Integral(double x) const {
  const double log_x = std::log(x);
  return Expm1OverX((1 - exponent_) * log_x) * log_x;
}

double ZipfDistribution::InverseIntegral(double x) const {
  const double t = std::max(x * (1 - exponent_), -1.0);  // rounding may fall below the domain
  return std::exp(Log1pOverX(t) * x);
}

double ZipfDistribution::Density(double x) const { return std::exp(-exponent_ * std::log(x)); }

std::uint32_t ZipfDistribution::Next(RandomSource* random) const {
  while (true) {
    const double u = integral_last_ + random->NextUnit() * (integral_first_ - integral_last_);
    const double x = InverseIntegral(u);
    const double rank = std::clamp(std::floor(x + 0.5), 1.0, count_);
    // The first test is implied by the second and spares its two logarithms nearly always.
    if (rank - x <= accept_below_ || u >= Integral(rank + 0.5) - Density(rank)) {
      return static_cast<std::uint32_t>(rank) - 1;
    }
  }
}

}  // namespace ringcache::loadgen

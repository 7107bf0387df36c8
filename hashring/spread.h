// How even a distribution is, in three figures.
//
// Thread safety: a plain value, a function only.

#ifndef RINGCACHE_HASHRING_SPREAD_H_
#define RINGCACHE_HASHRING_SPREAD_H_

#include "absl/types/span.h"

namespace ringcache::hashring {

// Of the members' loads, each as a multiple of what is fair for it: 1 is fair. The fullest member
// decides how much memory a pool needs, the deviation tells chance from design.
struct Spread {
  double most = 0;
  double least = 0;
  double deviation = 0;  // standard deviation
};

// REQUIRES: as many shares as fair ones, at least one, and no fair one is 0.
Spread SpreadOf(absl::Span<const double> shares, absl::Span<const double> fair);

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_SPREAD_H_

#include "hashring/spread.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace ringcache::hashring {

Spread SpreadOf(absl::Span<const double> shares, absl::Span<const double> fair) {
  Spread spread{.most = shares[0] / fair[0], .least = shares[0] / fair[0]};
  double squares = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double load = shares[i] / fair[i];
    spread.most = std::max(spread.most, load);
    spread.least = std::min(spread.least, load);
    squares += (load - 1) * (load - 1);
  }
  spread.deviation = std::sqrt(squares / static_cast<double>(shares.size()));
  return spread;
}

}  // namespace ringcache::hashring

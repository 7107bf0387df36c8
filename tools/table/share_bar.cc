#include "tools/table/share_bar.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace ringcache::table {
namespace {

constexpr std::size_t kColumns = 30;

}  // namespace

std::string ShareBar(double share, double fair, double full) {
  const double columns = static_cast<double>(kColumns - 1) / full;
  const auto filled = static_cast<std::size_t>(std::lround(share * columns));
  const auto mark = static_cast<std::size_t>(std::lround(fair * columns));
  std::string bar;
  for (std::size_t i = 0; i < std::max(filled, mark + 1); ++i) {
    bar += i == mark ? "│" : i < filled ? "█" : " ";
  }
  return bar;
}

}  // namespace ringcache::table

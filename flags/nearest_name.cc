#include "flags/nearest_name.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/ascii.h"

namespace ringcache::flags {
namespace {

// The optimal string alignment distance: Levenshtein's, and neighbours may change places.
std::size_t Distance(absl::string_view a, absl::string_view b) {
  using Row = std::array<std::size_t, kMaxNearBytes + 1>;
  Row before_last = {}, last = {}, row = {};
  const auto same = [&](std::size_t i, std::size_t j) {
    return absl::ascii_tolower(a[i]) == absl::ascii_tolower(b[j]);
  };
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = last[j - 1] + (same(i - 1, j - 1) ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, changed});
      if (i > 1 && j > 1 && same(i - 1, j - 2) && same(i - 2, j - 1)) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    before_last = last;
    last = row;
  }
  return last[b.size()];
}

}  // namespace

absl::string_view NearestName(absl::string_view name, absl::Span<const absl::string_view> known) {
  if (name.size() > kMaxNearBytes) return {};
  absl::string_view nearest;
  std::size_t least = (name.size() + 1) / 2;
  for (const absl::string_view one : known) {
    const std::size_t longer = std::max(one.size(), name.size());
    if (longer > kMaxNearBytes || longer - std::min(one.size(), name.size()) >= least) continue;
    const std::size_t distance = Distance(name, one);
    if (distance >= least) continue;
    least = distance;
    nearest = one;
  }
  return nearest;
}

}  // namespace ringcache::flags

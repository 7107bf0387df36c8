#include "tools/table/spelling.h"

#include <array>
#include <cstddef>

#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"

namespace ringcache::table {

std::string SpellBytes(double bytes) {
  constexpr std::array<absl::string_view, 5> kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  // What would be rounded to 1024.0 is 1.0 of the next unit.
  for (; bytes >= 1023.95 && unit + 1 < kUnits.size(); ++unit) bytes /= 1024;
  return absl::StrFormat("%.*f %s", unit == 0 ? 0 : 1, bytes, kUnits[unit]);
}

std::string SpellUptime(std::uint64_t seconds) {
  constexpr std::uint64_t kMinute = 60, kHour = 60 * kMinute, kDay = 24 * kHour;
  if (seconds < kMinute) return absl::StrFormat("%ds", seconds);
  if (seconds < kHour) return absl::StrFormat("%dm %02ds", seconds / kMinute, seconds % kMinute);
  if (seconds < kDay) {
    return absl::StrFormat("%dh %02dm", seconds / kHour, seconds % kHour / kMinute);
  }
  return absl::StrFormat("%dd %02dh", seconds / kDay, seconds % kDay / kHour);
}

std::string SpellShare(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "-";
  return absl::StrFormat("%.1f %%", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

}  // namespace ringcache::table

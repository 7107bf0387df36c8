// Figures that a process tells of itself: numbers, each named by a row of a table.
//
// A group is an enumeration and its table, in the order of the enumerators; figures.h has them.
// Whoever shows figures (gRPC, /metrics, ringctl) goes through the table.
//
// Thread safety: plain values.

#ifndef RINGCACHE_ADMIN_BACKEND_FIGURE_TABLE_H_
#define RINGCACHE_ADMIN_BACKEND_FIGURE_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace ringcache::admin {

// What one of a figure is. Figures are whole numbers; a fraction of a second is microseconds, any
// other fraction millionths.
enum class Unit : std::uint8_t { kCount, kBytes, kSeconds, kMicroseconds, kMillionths };

template <typename Id>
struct FigureRow {
  Id id;
  // The field of the group's message in admin.proto.
  absl::string_view field;
  // memcached's name in `stats` or one of its groups; empty: it has none.
  absl::string_view stat;
  Unit unit = Unit::kCount;
  // What was counted since the start, or since a reset: it only rises in between.
  bool counts = false;
};

// The figures of a group, those that are known. `Id` ends with kCount.
template <typename Id>
class FigureSet {
 public:
  static constexpr std::size_t kSize = static_cast<std::size_t>(Id::kCount);

  std::optional<std::uint64_t>& operator[](Id id) { return values_[static_cast<std::size_t>(id)]; }
  const std::optional<std::uint64_t>& operator[](Id id) const {
    return values_[static_cast<std::size_t>(id)];
  }

  friend bool operator==(const FigureSet&, const FigureSet&) = default;

 private:
  std::array<std::optional<std::uint64_t>, kSize> values_{};
};

template <typename Id, std::size_t kRows>
constexpr bool IsInOrder(const FigureRow<Id> (&rows)[kRows]) {
  if (kRows != static_cast<std::size_t>(Id::kCount)) return false;
  for (std::size_t i = 0; i < kRows; ++i) {
    if (rows[i].id != static_cast<Id>(i)) return false;
  }
  return true;
}

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_BACKEND_FIGURE_TABLE_H_

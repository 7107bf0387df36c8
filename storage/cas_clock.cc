#include "storage/cas_clock.h"

#include <chrono>

namespace ringcache::storage {

std::uint64_t CasClock::TicksNow() {
  constexpr std::int64_t k2020 = 1'577'836'800;  // 2020-01-01T00:00:00Z
  using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, kTicksPerSecond>>;
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  const auto since_2020 = since_1970 - std::chrono::seconds(k2020);
  const std::int64_t ticks = std::chrono::duration_cast<Ticks>(since_2020).count();
  return ticks > 0 ? static_cast<std::uint64_t>(ticks) : 1;
}

}  // namespace ringcache::storage

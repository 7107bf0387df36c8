#include "net/clock/tick_clock.h"

#include <time.h>

#include <cstdint>
#include <cstdlib>

#include "gtest/gtest.h"

namespace ringcache::net {
namespace {

constexpr std::int64_t kMillisecond = 1'000'000;

std::int64_t KernelNs() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
}

// Over `ns`: the clock never goes back, and what it tells lies between what the kernel tells before
// and after it, give or take `slack_ns`.
void ExpectAgreement(TickClock* clock, std::int64_t ns, std::int64_t slack_ns) {
  const std::int64_t start = KernelNs();
  std::int64_t last = 0;
  std::int64_t after = start;
  while (after - start < ns) {
    const std::int64_t before = KernelNs();
    const std::int64_t now = clock->NowNs();
    after = KernelNs();
    ASSERT_GE(now, last);
    ASSERT_GE(now, before - slack_ns);
    ASSERT_LE(now, after + slack_ns);
    last = now;
  }
}

// Longer than an anchor holds.
TEST(TickClockTest, AgreesWithTheKernelOverSeveralAnchors) {
  TickClock clock;
  ExpectAgreement(&clock, 700 * kMillisecond, kMillisecond / 10);
}

TEST(TickClockTest, WithoutACounterItIsTheKernelsClock) {
  TickClock clock(TickClock::Source::kKernel);
  ExpectAgreement(&clock, 20 * kMillisecond, 0);
}

TEST(TickClockTest, TwoClocksAgreeAfterOneOfThemWasNotAsked) {
  TickClock idle;
  TickClock busy;
  (void)idle.NowNs();
  const std::int64_t start = KernelNs();
  while (KernelNs() - start < 400 * kMillisecond) (void)busy.NowNs();
  const std::int64_t first = busy.NowNs();
  const std::int64_t second = idle.NowNs();
  EXPECT_LT(std::abs(second - first), kMillisecond / 10 + (KernelNs() - first));
}

}  // namespace
}  // namespace ringcache::net

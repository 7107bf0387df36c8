#include "process/call_gate.h"

#include <atomic>
#include <optional>
#include <thread>

#include "gtest/gtest.h"

namespace ringcache::process {
namespace {

TEST(CallGateTest, LetsInUntilItIsClosed) {
  CallGate gate;
  {
    const CallGate::Pass one(&gate);
    const CallGate::Pass another(&gate);
    EXPECT_TRUE(one);
    EXPECT_TRUE(another);
  }
  gate.Close();
  EXPECT_FALSE(CallGate::Pass(&gate));
  gate.Close();
}

TEST(CallGateTest, ClosingWaitsForThoseInside) {
  CallGate gate;
  std::atomic<bool> left{false};
  std::optional<CallGate::Pass> pass(&gate);
  std::thread closer([&] {
    gate.Close();
    EXPECT_TRUE(left);
  });
  // Until it begins to close.
  while (CallGate::Pass(&gate)) std::this_thread::yield();
  left = true;
  pass.reset();
  closer.join();
}

}  // namespace
}  // namespace ringcache::process

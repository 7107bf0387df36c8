#include "admin/service/call_pool.h"

#include <atomic>
#include <future>
#include <memory>

#include "gtest/gtest.h"

namespace ringcache::admin {
namespace {

class CallPoolTest : public testing::Test {
 protected:
  std::unique_ptr<CallPool> pool_ = std::make_unique<CallPool>();
};

TEST_F(CallPoolTest, ACallThatWaitsHoldsUpNoOther) {
  std::promise<void> open;
  std::shared_future<void> gate = open.get_future().share();
  ASSERT_TRUE(pool_->Run([gate] { gate.wait(); }));
  std::promise<void> done;
  ASSERT_TRUE(pool_->Run([&done] { done.set_value(); }));
  done.get_future().wait();
  open.set_value();
}

TEST_F(CallPoolTest, CallsPastTheBoundAreRefusedAndTheOthersAreRun) {
  std::promise<void> open;
  std::shared_future<void> gate = open.get_future().share();
  for (int i = 0; i < CallPool::kThreads; ++i) {
    const auto begun = std::make_shared<std::promise<void>>();
    ASSERT_TRUE(pool_->Run([begun, gate] {
      begun->set_value();
      gate.wait();
    }));
    begun->get_future().wait();
  }
  std::atomic<std::size_t> run{0};
  for (std::size_t i = 0; i < CallPool::kMaxWaiting; ++i) {
    ASSERT_TRUE(pool_->Run([&run] { ++run; }));
  }
  EXPECT_FALSE(pool_->Run([&run] { ++run; }));
  open.set_value();
  pool_.reset();
  EXPECT_EQ(run, CallPool::kMaxWaiting);
}

}  // namespace
}  // namespace ringcache::admin

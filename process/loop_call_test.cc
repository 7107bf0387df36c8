#include "process/loop_call.h"

#include <memory>
#include <thread>

#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "net/epoll_event_loop.h"

namespace ringcache::process {
namespace {

class LoopCallTest : public testing::Test {
 protected:
  LoopCallTest() : loop_(*net::EpollEventLoop::Create()) {}

  std::unique_ptr<net::EpollEventLoop> loop_;
};

TEST_F(LoopCallTest, TellsHowItWent) {
  std::thread thread([this] { loop_->Run(); });
  std::thread::id ran_by;
  EXPECT_TRUE(CallOnLoop(loop_.get(), absl::Minutes(1), [&] {
                ran_by = std::this_thread::get_id();
                return absl::OkStatus();
              }).ok());
  EXPECT_EQ(ran_by, thread.get_id());
  EXPECT_EQ(CallOnLoop(loop_.get(), absl::Minutes(1), [] { return absl::NotFoundError("no"); }),
            absl::NotFoundError("no"));
  loop_->Stop();
  thread.join();
}

TEST_F(LoopCallTest, WhatWasGivenUpIsNotBegun) {
  bool begun = false;
  const absl::Status status = CallOnLoop(loop_.get(), absl::Milliseconds(1), [&] {
    begun = true;
    return absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_TRUE(absl::StrContains(status.message(), "within 1ms")) << status;
  loop_->Stop();
  loop_->Run();
  EXPECT_FALSE(begun);
}

}  // namespace
}  // namespace ringcache::process

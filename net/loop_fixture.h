// Base of tests that run a real event loop until something has happened.
//
// Thread safety: none.

#ifndef RINGCACHE_NET_LOOP_FIXTURE_H_
#define RINGCACHE_NET_LOOP_FIXTURE_H_

#include <functional>
#include <memory>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "net/epoll_event_loop.h"
#include "net/event_loop.h"

namespace ringcache::net {

class LoopFixture : public testing::Test {
 protected:
  // Ends what hangs; nothing takes this long by itself on a machine that does many other things.
  static constexpr absl::Duration kTooLong = absl::Seconds(120);

  // Runs wake-ups until `done`, which each of them asks once.
  void RunUntil(const std::function<bool()>& done) {
    const absl::Time give_up = absl::Now() + kTooLong;
    bool happened = false;
    std::function<void()> check = [&] {
      happened = done();
      if (happened || absl::Now() > give_up) {
        loop_->Stop();
      } else {
        loop_->RunAfter(absl::ZeroDuration(), check);
      }
    };
    loop_->RunAfter(absl::ZeroDuration(), check);
    loop_->Run();
    ASSERT_TRUE(happened) << "did not happen in time";
  }
  void RunWakeUps(int count) {
    RunUntil([&count] { return count-- <= 0; });
  }

  const std::unique_ptr<EventLoop> loop_ = EpollEventLoop::Create().value();
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_LOOP_FIXTURE_H_

// Whether a member is taken for alive: it is marked down at once when a connection is refused or
// what it says is no reply, and after some timeouts in a row; an answered probe brings it back.
//
// Thread safety: none.

#ifndef RINGCACHE_CLIENT_MEMBER_HEALTH_H_
#define RINGCACHE_CLIENT_MEMBER_HEALTH_H_

#include <cstdint>
#include <utility>

#include "client/call_failure.h"

namespace ringcache::client {

class MemberHealth {
 public:
  // mcrouter's figure for a soft TKO: fewer would mark a member down for a hiccup.
  static constexpr int kTimeoutsToDown = 3;

  // 0: timeouts never mark it down.
  explicit MemberHealth(int timeouts_to_down = kTimeoutsToDown)
      : timeouts_to_down_(timeouts_to_down) {}

  bool is_up() const { return up_; }
  // How often it was marked down.
  std::uint64_t times_down() const { return times_down_; }

  // Returns whether this marked it down.
  bool OnTimeout() {
    return ++timeouts_in_a_row_ >= timeouts_to_down_ && timeouts_to_down_ > 0 && MarkDown();
  }
  bool OnLost(CallFailure failure) {
    switch (failure) {
      case CallFailure::kNotConnected:
      case CallFailure::kProtocolError:
        return MarkDown();
      case CallFailure::kTimedOut:
      case CallFailure::kConnectionLost:  // the next attempt shows whether it is alive
      case CallFailure::kQueueFull:
      case CallFailure::kMemberDown:
      case CallFailure::kNoMembers:
      case CallFailure::kClosed:
        return false;
    }
    return false;
  }
  void OnReplied() { timeouts_in_a_row_ = 0; }
  // Returns whether it was down.
  bool OnProbeAnswered() {
    timeouts_in_a_row_ = 0;
    return !std::exchange(up_, true);
  }

 private:
  bool MarkDown() {
    if (!up_) return false;
    up_ = false;
    ++times_down_;
    return true;
  }

  const int timeouts_to_down_;
  bool up_ = true;
  int timeouts_in_a_row_ = 0;
  std::uint64_t times_down_ = 0;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_MEMBER_HEALTH_H_

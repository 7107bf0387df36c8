// The calls of a connection that await their replies, oldest first: a ring that grows to a bound.
// A call whose time has run out keeps its place, without a receiver, as its reply may still come.
//
// Thread safety: none; belongs to one connection.

#ifndef RINGCACHE_CLIENT_PENDING_CALLS_H_
#define RINGCACHE_CLIENT_PENDING_CALLS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "client/reply_receiver.h"
#include "protocol/operation.h"

namespace ringcache::client {

struct PendingCall {
  ReplyReceiver* receiver = nullptr;  // null: given up
  std::uint64_t tag = 0;
  absl::Duration deadline;  // of the loop's monotonic clock
  protocol::Operation operation = protocol::Operation::kVersion;
  std::int64_t began_ns = 0;  // of the loop's monotonic clock
};

class PendingCalls {
 public:
  explicit PendingCalls(std::size_t bound) : bound_(bound) {}

  bool empty() const { return first_ == end_; }
  bool full() const { return size() >= bound_; }
  std::size_t size() const { return end_ - first_; }
  // Numbers, which count up for ever, of the first of them and of the next one to come.
  std::size_t first() const { return first_; }
  std::size_t end() const { return end_; }
  // How many of them are given up.
  std::size_t given_up() const { return given_up_; }

  // REQUIRES: !full().
  void PushBack(const PendingCall& call) {
    if (size() == calls_.size()) Grow();
    calls_[end_++ & mask()] = call;
  }
  // REQUIRES: !empty().
  const PendingCall& front() const { return calls_[first_ & mask()]; }
  void PostponeFront(absl::Duration deadline) { calls_[first_ & mask()].deadline = deadline; }
  void PopFront() {
    if (front().receiver == nullptr) --given_up_;
    ++first_;
  }

  // Gives up every call whose deadline is at or before `now`, oldest first, and calls
  // `gave_up(call)` for each; that may push more calls. Returns the earliest deadline of the
  // others.
  template <typename Function>
  absl::Duration GiveUpUntil(absl::Duration now, Function gave_up) {
    absl::Duration earliest = absl::InfiniteDuration();
    const std::size_t end = end_;  // what is pushed meanwhile is not due
    for (std::size_t i = first_; i != end; ++i) {
      const PendingCall call = calls_[i & mask()];
      if (call.receiver == nullptr) continue;
      if (call.deadline > now) {
        earliest = std::min(earliest, call.deadline);
        continue;
      }
      calls_[i & mask()].receiver = nullptr;
      ++given_up_;
      gave_up(call);
    }
    for (std::size_t i = end; i != end_; ++i) {
      earliest = std::min(earliest, calls_[i & mask()].deadline);
    }
    return earliest;
  }

 private:
  static constexpr std::size_t kFirstCapacity = 16;

  std::size_t mask() const { return calls_.size() - 1; }
  void Grow() {
    std::vector<PendingCall> larger(std::max(kFirstCapacity, 2 * calls_.size()));
    for (std::size_t i = first_; i != end_; ++i)
      larger[i & (larger.size() - 1)] = calls_[i & mask()];
    calls_ = std::move(larger);
  }

  const std::size_t bound_;
  std::vector<PendingCall> calls_;  // a power of two
  // Counting up and wrapping around.
  std::size_t first_ = 0;
  std::size_t end_ = 0;
  std::size_t given_up_ = 0;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_PENDING_CALLS_H_

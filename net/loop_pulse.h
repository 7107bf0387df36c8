// Whether an event loop still turns. It is asked by a posted task, so that a loop that nobody asks
// pays nothing, and one that is stuck owes the answer.
//
// Ownership: the loop outlives this, and may stop before it. Thread safety: Ask and SilentFor from
// any thread.

#ifndef RINGCACHE_NET_LOOP_PULSE_H_
#define RINGCACHE_NET_LOOP_PULSE_H_

#include <atomic>
#include <cstdint>
#include <memory>

#include "absl/time/time.h"
#include "net/event_loop.h"

namespace ringcache::net {

class LoopPulse {
 public:
  explicit LoopPulse(EventLoop* loop) : loop_(*loop), state_(std::make_shared<State>()) {}

  // Posts a question, unless the last one is not answered. `now`: any clock that never goes back,
  // the same as for SilentFor.
  void Ask(absl::Duration now) {
    const std::int64_t now_ns = absl::ToInt64Nanoseconds(now);
    std::int64_t answered = kAnswered;
    // Relaxed: one number, which orders nothing else.
    if (!state_->asked_ns.compare_exchange_strong(answered, now_ns, std::memory_order_relaxed)) {
      return;
    }
    loop_.Post([state = state_] { state->asked_ns.store(kAnswered, std::memory_order_relaxed); });
  }

  // For how long the loop has owed an answer; zero if it owes none.
  absl::Duration SilentFor(absl::Duration now) const {
    const std::int64_t asked_ns = state_->asked_ns.load(std::memory_order_relaxed);
    if (asked_ns == kAnswered) return absl::ZeroDuration();
    return now - absl::Nanoseconds(asked_ns);
  }

 private:
  static constexpr std::int64_t kAnswered = -1;

  // Outlives a question that a stopped loop never answers.
  struct State {
    std::atomic<std::int64_t> asked_ns{kAnswered};
  };

  EventLoop& loop_;
  const std::shared_ptr<State> state_;
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_LOOP_PULSE_H_

// What is no more called but still owes replies: kept until it owes none.
//
// Thread safety: belongs to the loop's thread.

#ifndef RINGCACHE_CLIENT_RETIRED_H_
#define RINGCACHE_CLIENT_RETIRED_H_

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "net/event_loop.h"

namespace ringcache::client {

// `Owing` has pending_calls(). One that owes nothing is destroyed from the loop, never from within
// a callback of its own.
template <typename Owing>
class Retired {
 public:
  // How often it is looked.
  static constexpr absl::Duration kCheck = absl::Milliseconds(100);

  // `loop` outlives this.
  explicit Retired(net::EventLoop* loop) : loop_(*loop) {}
  ~Retired() {
    if (timer_ != 0) loop_.CancelTimer(timer_);
  }
  Retired(const Retired&) = delete;
  Retired& operator=(const Retired&) = delete;

  void Add(std::unique_ptr<Owing> one) {
    kept_.push_back(std::move(one));
    if (timer_ == 0) CheckAfter(absl::ZeroDuration());
  }
  // Calls `function(one)` for each of them; it may add none.
  template <typename Function>
  void ForEach(Function function) const {
    for (const auto& one : kept_) function(one.get());
  }
  // Destroys all at once.
  void Clear() { kept_.clear(); }

  // Of all together.
  std::size_t pending_calls() const {
    std::size_t calls = 0;
    for (const auto& one : kept_) calls += one->pending_calls();
    return calls;
  }

 private:
  void CheckAfter(absl::Duration delay) {
    timer_ = loop_.RunAfter(delay, [this] {
      timer_ = 0;
      const auto owes_nothing = [](const auto& one) { return one->pending_calls() == 0; };
      kept_.erase(std::remove_if(kept_.begin(), kept_.end(), owes_nothing), kept_.end());
      if (!kept_.empty()) CheckAfter(kCheck);
    });
  }

  net::EventLoop& loop_;
  net::EventLoop::TimerId timer_ = 0;
  std::vector<std::unique_ptr<Owing>> kept_;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_RETIRED_H_

// One request of a client on its way through routes: owns what the routes need while they work on
// it, and lives until all of them are done, also those that nobody waits for.
//
// Ownership: a CallPool's; given back by the last coroutine that ends.
// Thread safety: belongs to the loop's thread.

#ifndef RINGCACHE_ROUTER_ROUTE_CALL_H_
#define RINGCACHE_ROUTER_ROUTE_CALL_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "net/event_loop.h"
#include "router/route/arena.h"
#include "router/route/reply.h"
#include "router/route/route_request.h"
#include "router/route/task.h"

namespace ringcache::router {

class CallPool;

// Told of the reply to a call. It may make further calls.
class CallObserver {
 public:
  virtual ~CallObserver() = default;
  virtual void OnCallDone(Call* call, Reply reply) = 0;
};

class Call {
 public:
  // Most coroutines that may run by themselves in one call, so that a configuration that fans out
  // again and again is bounded: past it Spawn drops the task.
  static constexpr std::size_t kMaxSpawned = 256;

  net::EventLoop& loop() const { return loop_; }
  absl::Duration now() const { return loop_.MonotonicNow(); }
  Arena& arena() { return arena_; }
  // Who asked, so that routes may keep one client's requests together. 0: nobody in particular.
  std::uint64_t client_id() const { return client_id_; }

  // A request that lives as long as the call. The texts that it points to have to, too: string
  // literals, texts of this or another request of the call, or Keep().
  const RouteRequest& Make(RouteRequest request) {
    requests_.push_back(std::move(request));
    return requests_.back();
  }
  absl::string_view Keep(absl::string_view text) { return arena_.Copy(text); }
  // The key as the client spelled it, with its routing prefix, for whoever answers the client.
  absl::string_view client_key() const { return requests_.front().key(); }
  // `request`, whose texts are copied; a value that is not owned is copied, too.
  const RouteRequest& Copy(const protocol::Request& request, const client::OutgoingValue& value);

  // Runs `task`, for whose reply nobody waits, as far as it gets, and goes on with it from the
  // loop. Returns false, and drops the task, if kMaxSpawned are running.
  bool Spawn(Task<Reply> task);

  // Runs `task` likewise and tells `observer` of its reply, perhaps before this returns. The call
  // is over after that, once what was spawned is done. REQUIRES: once, as the last use by its
  // maker.
  void Run(Task<Reply> task, CallObserver* observer);
  // Nobody wants the reply any more.
  void Abandon() { observer_ = nullptr; }

  // co_await call.Sleep(duration): goes on from the loop after it.
  class Sleeper;
  Sleeper Sleep(absl::Duration duration);

 private:
  friend class CallPool;
  struct Detached;

  explicit Call(net::EventLoop* loop, CallPool* home) : loop_(*loop), home_(*home) {}
  Detached RunDetached(Call& call, Task<Reply> task);
  Detached RunAndTell(Call& call, Task<Reply> task);
  void Release();
  void Clear();

  net::EventLoop& loop_;
  CallPool& home_;
  Arena arena_;
  std::deque<RouteRequest> requests_;
  CallObserver* observer_ = nullptr;
  std::uint64_t client_id_ = 0;
  std::size_t running_ = 0;
};

// Calls that are over, kept for the next ones.
class CallPool {
 public:
  static constexpr std::size_t kMaxFree = 1024;

  // `loop` outlives this.
  explicit CallPool(net::EventLoop* loop) : loop_(loop) {}
  // REQUIRES: no call runs: whoever answers them, such as pools and their connections, has gone and
  // told so. Calls that sleep are dropped.
  ~CallPool();

  Call* Take(std::uint64_t client_id);
  // Calls that were taken and are not over.
  std::size_t running() const { return running_; }

 private:
  friend class Call;
  void GiveBack(Call* call);

  net::EventLoop* const loop_;
  std::size_t running_ = 0;
  std::vector<std::unique_ptr<Call>> free_;
};

// See Call::Sleep.
class [[nodiscard]] Call::Sleeper {
 public:
  Sleeper(net::EventLoop* loop, absl::Duration duration) : loop_(*loop), duration_(duration) {}
  Sleeper(Sleeper&&) = delete;
  ~Sleeper() {
    if (timer_ != 0) loop_.CancelTimer(timer_);
  }

  bool await_ready() const { return duration_ <= absl::ZeroDuration(); }
  void await_suspend(std::coroutine_handle<> sleeping) {
    timer_ = loop_.RunAfter(duration_, [this, sleeping] {
      timer_ = 0;
      sleeping.resume();
    });
  }
  void await_resume() const {}

 private:
  net::EventLoop& loop_;
  const absl::Duration duration_;
  net::EventLoop::TimerId timer_ = 0;
};

inline Call::Sleeper Call::Sleep(absl::Duration duration) { return {&loop_, duration}; }

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_CALL_H_

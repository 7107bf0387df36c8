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
#include "router/route/unreached.h"

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
  class Sleeper;

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
  // loop. Returns false, and drops the task, if kMaxSpawned are running. REQUIRES: from a coroutine
  // of the call, which is over when none of them is left.
  bool Spawn(Task<Reply> task);

  // Runs `task` likewise and tells `observer` of its reply, perhaps before this returns. The call
  // is over after that, once what was spawned is done. REQUIRES: once, as the last use by its
  // maker.
  void Run(Task<Reply> task, CallObserver* observer);
  // `what`, such as the tree of the routes, outlives the call.
  void KeepAlive(std::shared_ptr<const void> what) { kept_alive_ = std::move(what); }

  // What members did not carry out.
  Unreached& unreached() { return unreached_; }

  // co_await call.Sleep(duration): goes on from the loop after it, at once when the pool closes.
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
  std::shared_ptr<const void> kept_alive_;
  CallObserver* observer_ = nullptr;
  Unreached unreached_;
  std::uint64_t client_id_ = 0;
  std::size_t running_ = 0;
};

// Calls that are over, kept for the next ones.
class CallPool {
 public:
  static constexpr std::size_t kMaxFree = 1024;

  // `loop` outlives this.
  explicit CallPool(net::EventLoop* loop) : loop_(loop) {}
  // REQUIRES: no call runs, as after Close().
  ~CallPool();
  // Nobody sleeps any more. Once members take no more calls and have failed those that were
  // pending, every call is over after this.
  void Close();

  Call* Take(std::uint64_t client_id);
  // Calls that were taken and are not over.
  std::size_t running() const { return running_; }

 private:
  friend class Call;
  void GiveBack(Call* call);

  net::EventLoop* const loop_;
  std::size_t running_ = 0;
  bool closing_ = false;
  std::vector<Call::Sleeper*> sleepers_;
  std::vector<std::unique_ptr<Call>> free_;
};

// See Call::Sleep.
class [[nodiscard]] Call::Sleeper {
 public:
  Sleeper(CallPool* pool, absl::Duration duration) : pool_(*pool), duration_(duration) {}
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;

  bool await_ready() const;
  void await_suspend(std::coroutine_handle<> sleeping);
  void await_resume() const {}

 private:
  friend class CallPool;
  void Wake();

  CallPool& pool_;
  const absl::Duration duration_;
  net::EventLoop::TimerId timer_ = 0;
  std::coroutine_handle<> sleeping_;
};

inline Call::Sleeper Call::Sleep(absl::Duration duration) { return {&home_, duration}; }

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_CALL_H_

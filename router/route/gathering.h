// Several tasks at once: their replies, in the order in which they come. Those that are still at
// work when the gathering ends go on by themselves, and nobody hears of their replies.
//
// Ownership: a coroutine's of the same call, in whose arena a word of it stays behind.
// Thread safety: none; belongs to its call.

#ifndef RINGCACHE_ROUTER_ROUTE_GATHERING_H_
#define RINGCACHE_ROUTER_ROUTE_GATHERING_H_

#include <coroutine>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "router/route/call.h"
#include "router/route/reply.h"
#include "router/route/task.h"

namespace ringcache::router {

class Gathering {
 public:
  struct Part {
    std::size_t index = 0;  // in the order of Start
    Reply reply;
  };
  // The reply in place of a task that would be one too many for the call (Call::kMaxSpawned).
  static constexpr absl::string_view kTooMany = "SERVER_ERROR too much at once";

  // `call` outlives this.
  explicit Gathering(Call* call);
  ~Gathering() { *home_ = nullptr; }
  Gathering(const Gathering&) = delete;
  Gathering& operator=(const Gathering&) = delete;

  // Runs `task` as far as it gets.
  void Start(Task<Reply> task);
  // Started, and its reply not taken.
  std::size_t left() const { return started_ - taken_; }

  // co_await gathering.Next(): waits for the next reply. REQUIRES: left() > 0.
  class [[nodiscard]] Awaiter {
   public:
    explicit Awaiter(Gathering* gathering) : gathering_(*gathering) {}
    bool await_ready() const { return gathering_.taken_ < gathering_.came_.size(); }
    void await_suspend(std::coroutine_handle<> waiting) { gathering_.waiting_ = waiting; }
    Part await_resume() { return std::move(gathering_.came_[gathering_.taken_++]); }

   private:
    Gathering& gathering_;
  };
  Awaiter Next() { return Awaiter(this); }

 private:
  static Task<Reply> Deliver(Call& call, Gathering** home, std::size_t index, Task<Reply> task);
  void Put(std::size_t index, Reply reply);

  Call& call_;
  // In the arena: null once this has ended.
  Gathering** const home_;
  std::vector<Part> came_;
  std::size_t started_ = 0;
  std::size_t taken_ = 0;
  std::coroutine_handle<> waiting_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_GATHERING_H_

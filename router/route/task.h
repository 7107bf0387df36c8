// A coroutine that gives one result to the coroutine that awaits it. It begins when it is awaited
// and is destroyed with its Task. Its frame lies in the arena of the call that it works for, which
// is the first argument of a function, the second of a member function.
//
// Thread safety: none; all of it runs on one loop.

#ifndef RINGCACHE_ROUTER_ROUTE_TASK_H_
#define RINGCACHE_ROUTER_ROUTE_TASK_H_

#include <coroutine>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <utility>

namespace ringcache::router {

class Call;
// Defined in call.h's library: memory of that call's arena.
void* AllocateFrame(Call& call, std::size_t bytes);

template <typename Result>
class [[nodiscard]] Task {
 public:
  class promise_type {
   public:
    // Of a free function, and of a member function.
    template <typename... Arguments>
    static void* operator new(std::size_t bytes, Call& call, Arguments&...) {
      return AllocateFrame(call, bytes);
    }
    template <typename Object, typename... Arguments>
    static void* operator new(std::size_t bytes, Object&, Call& call, Arguments&...) {
      return AllocateFrame(call, bytes);
    }
    static void operator delete(void*, std::size_t) {}

    Task get_return_object() {
      return Task(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept {
      struct Awaiter {
        bool await_ready() noexcept { return false; }
        std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> done) noexcept {
          return done.promise().awaiting_;
        }
        void await_resume() noexcept {}
      };
      return Awaiter();
    }
    void return_value(Result result) { result_.emplace(std::move(result)); }
    // Nothing here throws.
    void unhandled_exception() noexcept { std::abort(); }

   private:
    friend class Task;
    std::coroutine_handle<> awaiting_;
    std::optional<Result> result_;
  };

  Task(Task&& other) noexcept : coroutine_(std::exchange(other.coroutine_, {})) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      if (coroutine_) coroutine_.destroy();
      coroutine_ = std::exchange(other.coroutine_, {});
    }
    return *this;
  }
  ~Task() {
    if (coroutine_) coroutine_.destroy();
  }

  // co_await task: runs it and gives its result. REQUIRES: once.
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
    coroutine_.promise().awaiting_ = awaiting;
    return coroutine_;
  }
  Result await_resume() { return std::move(*coroutine_.promise().result_); }

 private:
  explicit Task(std::coroutine_handle<promise_type> coroutine) : coroutine_(coroutine) {}

  std::coroutine_handle<promise_type> coroutine_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_TASK_H_

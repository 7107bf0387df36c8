#include "router/route/call.h"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <utility>

namespace ringcache::router {

// A coroutine that nobody awaits: it lives from its start to its end, and then lets go of its call,
// in whose arena its frame lies.
struct Call::Detached {
  class promise_type {
   public:
    explicit promise_type(Call&, Call& call, const Task<Reply>&) : call_(call) { ++call.running_; }

    template <typename... Arguments>
    static void* operator new(std::size_t bytes, Call&, Call& call, Arguments&...) {
      return AllocateFrame(call, bytes);
    }
    static void operator delete(void*, std::size_t) {}

    Detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept {
      struct Awaiter {
        bool await_ready() noexcept { return false; }
        void await_suspend(std::coroutine_handle<promise_type> done) noexcept {
          Call& call = done.promise().call_;
          done.destroy();
          call.Release();
        }
        void await_resume() noexcept {}
      };
      return Awaiter();
    }
    void return_void() {}
    void unhandled_exception() noexcept { std::abort(); }

   private:
    Call& call_;
  };
};

void* AllocateFrame(Call& call, std::size_t bytes) { return call.arena().Allocate(bytes); }

const RouteRequest& Call::Copy(const protocol::Request& request,
                               const client::OutgoingValue& value) {
  RouteRequest copy = {request, value};
  copy.request.quiet = false;
  copy.request.key = Keep(request.key);
  copy.request.keys = copy.request.arguments = {};
  // What a parser did not set is of the request before, whose texts may be gone.
  if (IsMeta(request.operation) || request.operation == protocol::Operation::kMetaDebug) {
    const bool has_opaque = request.meta.has.Has('O');
    copy.request.meta.text = Keep(request.meta.text);
    copy.request.meta.opaque = has_opaque ? Keep(request.meta.opaque) : absl::string_view();
  } else {
    copy.request.meta = {};
  }
  if (value.owner == nullptr) {
    copy.value = client::OutgoingValue::Owned(std::string(value.bytes));
  }
  return Make(std::move(copy));
}

Call::Detached Call::RunDetached(Call&, Task<Reply> task) { (void)co_await task; }

Call::Detached Call::RunAndTell(Call&, Task<Reply> task) {
  Reply reply = co_await task;
  reply = unreached_.Settle(requests_.front().operation(), std::move(reply));
  observer_->OnCallDone(this, std::move(reply));
}

bool Call::Spawn(Task<Reply> task) {
  assert(running_ > 0);
  if (running_ > kMaxSpawned) return false;
  RunDetached(*this, std::move(task));
  return true;
}

void Call::Run(Task<Reply> task, CallObserver* observer) {
  observer_ = observer;
  RunAndTell(*this, std::move(task));
}

void Call::Release() {
  if (--running_ == 0) home_.GiveBack(this);
}

void Call::Clear() {
  requests_.clear();
  kept_alive_.reset();
  arena_.Clear();
  unreached_.Clear();
  observer_ = nullptr;
}

bool Call::Sleeper::await_ready() const {
  return duration_ <= absl::ZeroDuration() || pool_.closing_;
}

void Call::Sleeper::await_suspend(std::coroutine_handle<> sleeping) {
  sleeping_ = sleeping;
  pool_.sleepers_.push_back(this);
  timer_ = pool_.loop_->RunAfter(duration_, [this] { Wake(); });
}

// After it, this may be gone.
void Call::Sleeper::Wake() {
  auto& sleepers = pool_.sleepers_;
  sleepers.erase(std::find(sleepers.begin(), sleepers.end(), this));
  sleeping_.resume();
}

CallPool::~CallPool() = default;

void CallPool::Close() {
  closing_ = true;
  while (!sleepers_.empty()) {
    loop_->CancelTimer(sleepers_.back()->timer_);
    sleepers_.back()->Wake();
  }
}

Call* CallPool::Take(std::uint64_t client_id) {
  ++running_;
  Call* call = nullptr;
  if (free_.empty()) {
    call = new Call(loop_, this);
  } else {
    call = free_.back().release();
    free_.pop_back();
  }
  call->client_id_ = client_id;
  return call;
}

void CallPool::GiveBack(Call* call) {
  --running_;
  call->Clear();
  if (free_.size() < kMaxFree) {
    free_.emplace_back(call);
  } else {
    delete call;
  }
}

}  // namespace ringcache::router

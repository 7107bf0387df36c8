#include "router/route/gathering.h"

#include <new>

namespace ringcache::router {

Gathering::Gathering(Call* call)
    : call_(*call), home_(new (call->arena().Allocate(sizeof(Gathering*))) Gathering*(this)) {}

void Gathering::Start(Task<Reply> task) {
  const std::size_t index = started_++;
  if (!call_.Spawn(Deliver(call_, home_, index, std::move(task)))) {
    Put(index, ErrorReply(kTooMany));
  }
}

Task<Reply> Gathering::Deliver(Call&, Gathering** home, std::size_t index, Task<Reply> task) {
  Reply reply = co_await task;
  if (*home != nullptr) (*home)->Put(index, std::move(reply));
  co_return Reply();
}

void Gathering::Put(std::size_t index, Reply reply) {
  came_.push_back({index, std::move(reply)});
  // After it, this may be gone.
  if (waiting_) std::exchange(waiting_, {}).resume();
}

}  // namespace ringcache::router

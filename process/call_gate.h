// Lets threads from outside look at what will be taken down some day: they enter before they look
// and leave afterwards; whoever takes it down closes the gate first, which waits until all have
// left.
//
//   const CallGate::Pass pass(&gate_);
//   if (!pass) return absl::UnavailableError("the server ends");
//
// Thread safety: any thread.

#ifndef RINGCACHE_PROCESS_CALL_GATE_H_
#define RINGCACHE_PROCESS_CALL_GATE_H_

#include <cstddef>

#include "absl/base/thread_annotations.h"
#include "net/mutex.h"

namespace ringcache::process {

class CallGate {
 public:
  class Pass {
   public:
    explicit Pass(CallGate* gate) : gate_(gate->Enter() ? gate : nullptr) {}
    ~Pass() {
      if (gate_ != nullptr) gate_->Leave();
    }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;

    // False: the gate is closed.
    explicit operator bool() const { return gate_ != nullptr; }

   private:
    CallGate* const gate_;
  };

  // For good. REQUIRES: the calling thread holds no pass.
  void Close() {
    net::MutexLock lock(&mutex_);
    closed_ = true;
    while (inside_ > 0) left_.Wait(&mutex_);
  }

 private:
  bool Enter() {
    net::MutexLock lock(&mutex_);
    if (!closed_) ++inside_;
    return !closed_;
  }
  void Leave() {
    net::MutexLock lock(&mutex_);
    if (--inside_ == 0) left_.NotifyAll();
  }

  net::Mutex mutex_;
  net::CondVar left_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::size_t inside_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace ringcache::process

#endif  // RINGCACHE_PROCESS_CALL_GATE_H_

// A call that sends messages again and again. There is one message at a time: the next is made when
// the client has taken the last, so a slow reader gets fewer and never makes memory grow.
//
// Thread safety: any thread. Ownership: gRPC's until OnDone, and that of whoever holds a pointer.

#ifndef RINGCACHE_ADMIN_SERVICE_WATCH_STREAM_H_
#define RINGCACHE_ADMIN_SERVICE_WATCH_STREAM_H_

#include <memory>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "admin/service/ticker.h"
#include "grpcpp/grpcpp.h"
#include "net/mutex.h"

namespace ringcache::admin {

template <typename Message>
class WatchStream : public grpc::ServerWriteReactor<Message>,
                    public Ticker::Sleeper,
                    public std::enable_shared_from_this<WatchStream<Message>> {
 public:
  // Begins the call's life: it is ticked by `ticker`, which outlives it, or ends at once.
  grpc::ServerWriteReactor<Message>* Start(Ticker* ticker) {
    self_ = this->shared_from_this();
    ticker_ = ticker;
    if (ticker->Add(self_)) {
      this->Tick();
    } else {
      End({grpc::StatusCode::RESOURCE_EXHAUSTED, "there are too many watches; try again later"});
    }
    return this;
  }

  // When what is being sent is sent, or cannot be.
  void End(grpc::Status status) {
    net::MutexLock lock(&mutex_);
    if (ended_.has_value()) return;
    ended_ = std::move(status);
    if (!writing_) this->Finish(*ended_);
  }

  void Close() override { End({grpc::StatusCode::UNAVAILABLE, "the program ends"}); }

 protected:
  // Whether a message is wanted now. Then nobody else is told so until Send or Skip.
  bool Begin() {
    net::MutexLock lock(&mutex_);
    if (busy_ || ended_.has_value()) return false;
    busy_ = true;
    return true;
  }
  // REQUIRES: Begin was true.
  void Send(Message message) {
    net::MutexLock lock(&mutex_);
    if (ended_.has_value()) return;
    message_ = std::move(message);
    writing_ = true;
    this->StartWrite(&message_);
  }
  // There is nothing to send. REQUIRES: Begin was true.
  void Skip() {
    net::MutexLock lock(&mutex_);
    busy_ = false;
  }

 private:
  void OnWriteDone(bool ok) override {
    net::MutexLock lock(&mutex_);
    writing_ = false;
    busy_ = false;
    if (!ended_.has_value() && !ok) ended_ = grpc::Status::CANCELLED;
    if (ended_.has_value()) this->Finish(*ended_);
  }
  void OnCancel() override { End(grpc::Status::CANCELLED); }
  void OnDone() override {
    ticker_->Remove(this);
    // The last thing that is touched, unless a tick holds it.
    const auto self = std::move(self_);
  }

  Ticker* ticker_ = nullptr;
  std::shared_ptr<WatchStream> self_;
  net::Mutex mutex_;
  // From Begin until the message is sent.
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<grpc::Status> ended_ ABSL_GUARDED_BY(mutex_);
  // gRPC reads it while `writing_`.
  Message message_;
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_SERVICE_WATCH_STREAM_H_

// A WatchStream whose messages are read from a backend by a thread of a CallPool.
//
// Thread safety and ownership: WatchStream's. The pool outlives it.

#ifndef RINGCACHE_ADMIN_SERVICE_POLLED_STREAM_H_
#define RINGCACHE_ADMIN_SERVICE_POLLED_STREAM_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "admin/service/call_pool.h"
#include "admin/service/grpc_status.h"
#include "admin/service/watch_stream.h"

namespace ringcache::admin {

template <typename Message>
class PolledStream final : public WatchStream<Message> {
 public:
  struct Options {
    // Between two readings, as near as the ticker's period allows.
    absl::Duration interval;
    // A message that is as the last one is not sent.
    bool changes_only = false;
    // What is to be sent; an error ends the call.
    std::function<absl::Status(Message*)> read;
  };

  PolledStream(Options options, CallPool* pool) : options_(std::move(options)), pool_(*pool) {}

  void Tick() override {
    if (!this->Begin()) return;
    const absl::Time now = absl::Now();
    if (now < next_) return this->Skip();
    next_ = now + options_.interval - Ticker::kPeriod / 2;
    const auto self = std::static_pointer_cast<PolledStream>(this->shared_from_this());
    // Where the pool has no room, the next tick tries again.
    if (!pool_.Run([self] { self->Read(); })) {
      next_ = absl::InfinitePast();
      this->Skip();
    }
  }

 private:
  void Read() {
    Message message;
    const absl::Status status = options_.read(&message);
    if (!status.ok()) return this->End(ToGrpcStatus(status));
    if (options_.changes_only) {
      std::string bytes = message.SerializeAsString();
      if (sent_any_ && bytes == last_) return this->Skip();
      last_ = std::move(bytes);
      sent_any_ = true;
    }
    this->Send(std::move(message));
  }

  const Options options_;
  CallPool& pool_;
  // Of whom Begin told that a message is wanted.
  absl::Time next_ = absl::InfinitePast();
  std::string last_;
  bool sent_any_ = false;
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_SERVICE_POLLED_STREAM_H_

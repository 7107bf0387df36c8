#include "router/exchange.h"

#include <utility>

#include "router/client_session.h"
#include "router/worker_context.h"

namespace ringcache::router {

void Exchange::MoveTo(OutputBuffer* output) {
  AppendReply(output);
  session_->ReleaseKept(kept_bytes_);
  touched_ = false;
  Recycle();
}

void Exchange::KeepReply() {
  if (!touched_) return;
  touched_ = false;
  const std::size_t before = std::exchange(kept_bytes_, Keep());
  if (session_ != nullptr) session_->AddKept(kept_bytes_ - before);
}

void Exchange::Touch() {
  if (touched_) return;
  touched_ = true;
  worker_.wake_up.AddTouched(this);
}

void Exchange::Finish() {
  done_ = true;
  if (session_ == nullptr) {
    Recycle();
  } else {
    worker_.wake_up.AddReady(session_);
  }
}

}  // namespace ringcache::router

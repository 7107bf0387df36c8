#include "net/simulated_connection.h"

#include <algorithm>
#include <array>
#include <utility>

#include "net/simulated_link.h"

namespace ringcache::net {
namespace {

std::size_t TotalBytes(absl::Span<const iovec> spans) {
  std::size_t bytes = 0;
  for (const iovec& span : spans) bytes += span.iov_len;
  return bytes;
}

}  // namespace

SimulatedConnection::SimulatedConnection(ConnectionContext* context, SimulatedSocket socket,
                                         Session* session)
    : context_(context), session_(session), loop_(socket.loop()), socket_(std::move(socket)) {
  context_->opened.Add(1);
  socket_.set_on_change([this] {
    if (ready_ == 0) OnReady();
  });
  AwaitReady();
}

SimulatedConnection::~SimulatedConnection() {
  ClearTimer();
  StopAwaiting();
  if (socket_.valid()) context_->closed.Add(1);
}

bool SimulatedConnection::Send(absl::Span<const iovec> spans) {
  if (state_ >= State::kLingering) return true;
  if (!pending_.empty()) return Enqueue(spans, 0);
  const std::ptrdiff_t sent = socket_.Send(spans);
  if (sent < 0) {
    FinishSoon(CloseReason::kPeerError);
    return true;
  }
  context_->bytes_sent.Add(static_cast<std::uint64_t>(sent));
  if (static_cast<std::size_t>(sent) == TotalBytes(spans)) return true;
  context_->blocked_sends.Add(1);
  return Enqueue(spans, static_cast<std::size_t>(sent));
}

std::size_t SimulatedConnection::pending_bytes() const { return TotalBytes(pending_); }

Handshake SimulatedConnection::handshake() const {
  return socket_.valid() ? socket_.handshake() : Handshake::kFailed;
}

void SimulatedConnection::ResumeReceiving() {
  if (!paused_ || state_ != State::kOpen) return;
  paused_ = false;
  if (timer_use_ == TimerUse::kNone) SetTimer(TimerUse::kYield, absl::ZeroDuration());
  AwaitReady();
}

void SimulatedConnection::Drain() {
  if (state_ != State::kOpen) return;
  state_ = State::kFlushing;
  reason_ = peer_ended_ ? CloseReason::kPeerClosed : CloseReason::kDrained;
  if (in_callback_) return;  // Follow goes on: the callback may have more to send
  if (peer_ended_ && pending_.empty()) {
    FinishSoon(reason_);
  } else {
    ContinueClosing();
  }
}

void SimulatedConnection::Close(CloseReason reason) {
  if (in_callback_) {
    FinishSoon(reason);
  } else if (socket_.valid()) {
    Finish(reason);
  }
}

void SimulatedConnection::Reset() {
  resets_ = true;
  Close(CloseReason::kLocal);
}

void SimulatedConnection::AwaitReady() {
  if (ready_ != 0 || state_ == State::kDead) return;
  const bool reads = !peer_ended_ && (!paused_ || state_ != State::kOpen);
  const bool is_ready = socket_.failed() || (reads && socket_.readable()) ||
                        (!pending_.empty() && socket_.writable());
  if (is_ready) ready_ = loop_.ArriveAfter(absl::ZeroDuration(), [this] { OnReady(); });
}

void SimulatedConnection::OnReady() {
  ready_ = 0;
  if (state_ == State::kDead) return;
  if (!pending_.empty() && socket_.writable() && !Flush()) return;
  if (socket_.readable()) {
    if (!(state_ == State::kOpen ? Receive() : Discard())) return;
  }
  AwaitReady();
}

void SimulatedConnection::OnTimer() {
  switch (std::exchange(timer_use_, TimerUse::kNone)) {
    case TimerUse::kNone:
      break;
    case TimerUse::kYield:
      in_callback_ = true;
      if (Follow(session_->OnReceived(0))) AwaitReady();
      break;
    case TimerUse::kClose:
      Finish(reason_);
      break;
    case TimerUse::kLinger:
      Finish(pending_.empty() ? reason_ : CloseReason::kPeerError);
      break;
  }
}

bool SimulatedConnection::Flush() {
  std::ptrdiff_t sent = socket_.Send(pending_);
  if (sent < 0) return Finish(CloseReason::kPeerError);
  context_->bytes_sent.Add(static_cast<std::uint64_t>(sent));
  std::size_t gone = 0;
  for (iovec& span : pending_) {
    const std::size_t taken = std::min(span.iov_len, static_cast<std::size_t>(sent));
    span.iov_base = static_cast<char*>(span.iov_base) + taken;
    span.iov_len -= taken;
    sent -= static_cast<std::ptrdiff_t>(taken);
    if (span.iov_len > 0) break;
    ++gone;
  }
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(gone));
  if (!pending_.empty()) return true;
  in_callback_ = true;
  return Follow(session_->OnSent());
}

bool SimulatedConnection::Receive() {
  if (timer_use_ == TimerUse::kYield) return true;  // it is the session's turn first
  if (paused_ || peer_ended_) return !socket_.failed() || Finish(CloseReason::kPeerError);
  const std::ptrdiff_t received = socket_.Receive(session_->LendReceiveBuffer());
  if (received <= 0) return ReceiveEnd(received);
  context_->bytes_received.Add(static_cast<std::uint64_t>(received));
  in_callback_ = true;
  return Follow(session_->OnReceived(static_cast<std::size_t>(received)));
}

bool SimulatedConnection::ReceiveEnd(std::ptrdiff_t received) {
  if (received == SimulatedLink::kFailed) return Finish(CloseReason::kPeerError);
  in_callback_ = true;
  if (!Follow(session_->OnReceived(0))) return false;
  const bool receiving = state_ == State::kOpen && !paused_ && timer_use_ == TimerUse::kNone;
  if (received == SimulatedLink::kNothingYet || !receiving) return true;
  peer_ended_ = true;
  in_callback_ = true;
  return Follow(session_->OnPeerEnded());
}

bool SimulatedConnection::Discard() {
  if (peer_ended_) return !socket_.failed() || Finish(CloseReason::kPeerError);
  std::array<char, 4096> discarded;
  const std::ptrdiff_t received = socket_.Receive(absl::MakeSpan(discarded));
  if (received > 0 || received == SimulatedLink::kNothingYet) return true;
  if (state_ == State::kLingering) return Finish(reason_);
  if (received == SimulatedLink::kFailed) return Finish(CloseReason::kPeerError);
  peer_ended_ = true;
  return true;
}

// Ends a callback of the session's.
bool SimulatedConnection::Follow(Progress progress) {
  in_callback_ = false;
  if (state_ == State::kDead) return Finish(reason_);
  if (progress == Progress::kAbort) return Finish(CloseReason::kLocal);
  if (state_ != State::kOpen) return ContinueClosing();
  switch (progress) {
    case Progress::kAbort:  // handled above
    case Progress::kContinue:
      break;
    case Progress::kYield:
      context_->yields.Add(1);
      if (timer_use_ == TimerUse::kNone) SetTimer(TimerUse::kYield, absl::ZeroDuration());
      break;
    case Progress::kPause:
      paused_ = true;
      return true;
    case Progress::kClose:
      state_ = State::kFlushing;
      reason_ = peer_ended_ ? CloseReason::kPeerClosed : CloseReason::kLocal;
      return ContinueClosing();
  }
  paused_ = false;
  return true;
}

// Goes as far towards the end as can be gone now.
bool SimulatedConnection::ContinueClosing() {
  if (state_ == State::kFlushing && pending_.empty()) {
    if (peer_ended_) return Finish(reason_);
    socket_.EndSending();
    state_ = State::kLingering;
  }
  if (timer_use_ != TimerUse::kLinger) SetTimer(TimerUse::kLinger, context_->options.linger);
  AwaitReady();
  return true;
}

bool SimulatedConnection::Finish(CloseReason reason) {
  ClearTimer();
  StopAwaiting();
  pending_.clear();
  if (socket_.valid()) context_->closed.Add(1);
  if (resets_) socket_.Reset();
  socket_.Close();
  state_ = State::kDead;
  in_callback_ = true;  // and for ever: nothing starts again
  session_->OnClosed(reason);
  return false;
}

// As Finish, but from the loop, or from Follow when a callback is in progress.
void SimulatedConnection::FinishSoon(CloseReason reason) {
  if (state_ == State::kDead) return;
  state_ = State::kDead;
  reason_ = reason;
  if (in_callback_) return;
  StopAwaiting();
  SetTimer(TimerUse::kClose, absl::ZeroDuration());
}

// Queues `spans` without their first `skip_bytes`. Returns what Send returns.
bool SimulatedConnection::Enqueue(absl::Span<const iovec> spans, std::size_t skip_bytes) {
  if (pending_.size() + spans.size() > kMaxSpans) {
    FinishSoon(CloseReason::kLocal);
    return true;
  }
  for (const iovec& span : spans) {
    const std::size_t skipped = std::min(skip_bytes, span.iov_len);
    skip_bytes -= skipped;
    if (skipped == span.iov_len) continue;
    pending_.push_back({static_cast<char*>(span.iov_base) + skipped, span.iov_len - skipped});
  }
  AwaitReady();
  return false;
}

void SimulatedConnection::StopAwaiting() {
  if (ready_ != 0) loop_.CancelArrival(std::exchange(ready_, 0));
}

void SimulatedConnection::SetTimer(TimerUse use, absl::Duration delay) {
  ClearTimer();
  timer_use_ = use;
  timer_ = loop_.RunAfter(delay, [this] { OnTimer(); });
}

void SimulatedConnection::ClearTimer() {
  if (timer_use_ == TimerUse::kNone) return;
  loop_.CancelTimer(timer_);
  timer_use_ = TimerUse::kNone;
}

}  // namespace ringcache::net

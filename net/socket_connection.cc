#include "net/socket_connection.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/base/optimization.h"

namespace ringcache::net {
namespace {

// Read at once from a peer that is no longer listened to; on the stack, as it is seldom.
constexpr std::size_t kDiscardBytes = 16 * 1024;

std::size_t TotalBytes(absl::Span<const iovec> spans) {
  std::size_t bytes = 0;
  for (const iovec& span : spans) bytes += span.iov_len;
  return bytes;
}

bool IsTransient(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

SocketConnection::SocketConnection(ConnectionContext* context, Descriptor socket, Session* session)
    : context_(context), session_(session), socket_(std::move(socket)) {
  const int flags = fcntl(socket_.get(), F_GETFL);
  if ((flags & O_NONBLOCK) == 0) fcntl(socket_.get(), F_SETFL, flags | O_NONBLOCK);
  const int on = 1;
  // Fails on a unix socket, which has no such delay.
  setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  context_->opened.Add(1);
  SetInterest(/*read=*/true, /*write=*/false);
}

SocketConnection::~SocketConnection() {
  ClearTimer();
  Unwatch();
  if (socket_.valid()) context_->closed.Add(1);
}

bool SocketConnection::Send(absl::Span<const iovec> spans) {
  if (ABSL_PREDICT_FALSE(state_ >= State::kLingering)) return true;
  if (ABSL_PREDICT_FALSE(pending_ != nullptr)) return Enqueue(spans, 0);
  const std::ptrdiff_t sent = SendNow(spans);
  if (ABSL_PREDICT_FALSE(sent < 0)) {
    FinishSoon(CloseReason::kPeerError);
    return true;
  }
  if (ABSL_PREDICT_TRUE(static_cast<std::size_t>(sent) == TotalBytes(spans))) return true;
  context_->blocked_sends.Add(1);
  return Enqueue(spans, static_cast<std::size_t>(sent));
}

std::size_t SocketConnection::pending_bytes() const {
  return pending_ == nullptr ? 0 : pending_->bytes;
}

Handshake SocketConnection::handshake() const {
  if (!socket_.valid()) return Handshake::kFailed;
  tcp_info info{};
  socklen_t size = sizeof(info);
  const bool is_tcp = getsockopt(socket_.get(), IPPROTO_TCP, TCP_INFO, &info, &size) == 0;
  if (!is_tcp) return Handshake::kStands;
  if (info.tcpi_state == TCP_SYN_SENT) return Handshake::kUnderWay;
  return info.tcpi_state == TCP_CLOSE ? Handshake::kFailed : Handshake::kStands;
}

void SocketConnection::ResumeReceiving() {
  if (!paused_ || state_ != State::kOpen) return;
  paused_ = false;
  SetInterest(/*read=*/!peer_ended_, watch_write_);
  if (timer_use_ == TimerUse::kNone) SetTimer(TimerUse::kYield, absl::ZeroDuration());
}

void SocketConnection::Drain() {
  if (state_ != State::kOpen) return;
  state_ = State::kFlushing;
  reason_ = peer_ended_ ? CloseReason::kPeerClosed : CloseReason::kDrained;
  if (in_callback_) return;  // Follow goes on: the callback may have more to send
  if (peer_ended_ && pending_ == nullptr) {
    FinishSoon(reason_);
  } else {
    ContinueClosing();
  }
}

void SocketConnection::Close(CloseReason reason) {
  if (in_callback_) {
    FinishSoon(reason);
  } else if (socket_.valid()) {
    Finish(reason);
  }
}

void SocketConnection::OnReady(bool readable, bool writable) {
  if (ABSL_PREDICT_FALSE(writable) && pending_ != nullptr && !Flush()) return;
  if (!readable) return;
  if (ABSL_PREDICT_TRUE(state_ == State::kOpen)) {
    Receive();
  } else {
    Discard();
  }
}

void SocketConnection::OnTimer() {
  switch (std::exchange(timer_use_, TimerUse::kNone)) {
    case TimerUse::kNone:
      break;
    case TimerUse::kYield:
      in_callback_ = true;
      Follow(session_->OnReceived(0));
      break;
    case TimerUse::kClose:
      Finish(reason_);
      break;
    case TimerUse::kLinger:
      Finish(pending_ != nullptr ? CloseReason::kPeerError : reason_);
      break;
  }
}

// Sends what is pending, once.
bool SocketConnection::Flush() {
  PendingSpans& queue = *pending_;
  std::ptrdiff_t sent =
      SendNow(absl::MakeConstSpan(&queue.spans[queue.first], queue.end - queue.first));
  if (sent < 0) return Finish(CloseReason::kPeerError);
  queue.bytes -= static_cast<std::size_t>(sent);
  while (queue.first < queue.end) {
    iovec& span = queue.spans[queue.first];
    const std::size_t taken = std::min(span.iov_len, static_cast<std::size_t>(sent));
    span.iov_base = static_cast<char*>(span.iov_base) + taken;
    span.iov_len -= taken;
    sent -= static_cast<std::ptrdiff_t>(taken);
    if (span.iov_len > 0) return true;  // still blocked
    ++queue.first;
  }
  pending_.reset();
  SetInterest(watch_read_, /*write=*/false);
  in_callback_ = true;
  return Follow(session_->OnSent());
}

// One recv.
bool SocketConnection::Receive() {
  if (timer_use_ == TimerUse::kYield) return true;  // it is the session's turn first
  if (ABSL_PREDICT_FALSE(paused_ || peer_ended_)) {
    if (!watch_read_) return ReceiveTrouble();
    // Pausing disarms only now that something came: a short pause costs no system call.
    SetInterest(/*read=*/false, watch_write_);
    return true;
  }
  const absl::Span<char> buffer = session_->LendReceiveBuffer();
  const ssize_t received = recv(socket_.get(), buffer.data(), buffer.size(), 0);
  if (ABSL_PREDICT_TRUE(received > 0)) {
    context_->bytes_received.Add(static_cast<std::uint64_t>(received));
    in_callback_ = true;
    return Follow(session_->OnReceived(static_cast<std::size_t>(received)));
  }
  if (received < 0 && !IsTransient(errno)) return Finish(CloseReason::kPeerError);
  in_callback_ = true;
  if (!Follow(session_->OnReceived(0))) return false;
  // A session that asked for something else meets the end of the stream at its next recv.
  const bool receiving = state_ == State::kOpen && !paused_ && timer_use_ == TimerUse::kNone;
  if (received < 0 || !receiving) return true;
  peer_ended_ = true;
  in_callback_ = true;
  if (!Follow(session_->OnPeerEnded())) return false;
  SetInterest(/*read=*/false, watch_write_);  // the end would be reported for ever
  return true;
}

// An error or hang-up, though nothing is waited for.
bool SocketConnection::ReceiveTrouble() {
  int error = 0;
  socklen_t size = sizeof(error);
  getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  // A peer that is gone takes no replies either. A unix socket hangs up without an error, and what
  // its peer sent before is still to be read after the pause: until then it must not be reported
  // for ever.
  if (error != 0 || pending_ != nullptr || peer_ended_) return Finish(CloseReason::kPeerError);
  Unwatch();
  return true;
}

// Closing: what comes is nobody's, but leaving it unread would turn the close into a reset, which
// may destroy the last replies on their way.
bool SocketConnection::Discard() {
  if (peer_ended_) return Finish(CloseReason::kPeerError);  // not waited for: an error or hang-up
  char discarded[kDiscardBytes];
  const ssize_t received = recv(socket_.get(), discarded, sizeof(discarded), 0);
  if (received > 0 || (received < 0 && IsTransient(errno))) return true;
  if (state_ == State::kLingering) return Finish(reason_);
  if (received < 0) return Finish(CloseReason::kPeerError);
  peer_ended_ = true;
  SetInterest(/*read=*/false, watch_write_);
  return true;
}

// Ends a callback of the session's.
bool SocketConnection::Follow(Progress progress) {
  in_callback_ = false;
  if (ABSL_PREDICT_TRUE(progress == Progress::kContinue && state_ == State::kOpen && !paused_)) {
    return true;
  }
  return FollowUnusual(progress);
}

bool SocketConnection::FollowUnusual(Progress progress) {
  if (state_ == State::kDead) return Finish(reason_);
  if (progress == Progress::kAbort) return Finish(CloseReason::kLocal);
  if (state_ != State::kOpen) return ContinueClosing();
  switch (progress) {
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
    case Progress::kAbort:
      break;  // handled above
  }
  if (paused_) {
    paused_ = false;
    SetInterest(/*read=*/!peer_ended_, watch_write_);
  }
  return true;
}

// Goes as far towards the end as can be gone now.
bool SocketConnection::ContinueClosing() {
  if (state_ == State::kFlushing && pending_ == nullptr) {
    if (peer_ended_) return Finish(reason_);
    shutdown(socket_.get(), SHUT_WR);
    state_ = State::kLingering;
  }
  if (timer_use_ != TimerUse::kLinger) SetTimer(TimerUse::kLinger, context_->options.linger);
  SetInterest(/*read=*/!peer_ended_, /*write=*/pending_ != nullptr);
  return true;
}

bool SocketConnection::Finish(CloseReason reason) {
  ClearTimer();
  Unwatch();
  pending_.reset();
  socket_.Reset();
  state_ = State::kDead;
  context_->closed.Add(1);
  in_callback_ = true;  // and for ever: nothing starts again
  session_->OnClosed(reason);
  return false;
}

// As Finish, but from the loop, or from Follow when a callback is in progress.
void SocketConnection::FinishSoon(CloseReason reason) {
  if (state_ == State::kDead) return;
  state_ = State::kDead;
  reason_ = reason;
  if (in_callback_) return;
  Unwatch();
  SetTimer(TimerUse::kClose, absl::ZeroDuration());
}

// Returns the bytes that the kernel took, negative after an error.
std::ptrdiff_t SocketConnection::SendNow(absl::Span<const iovec> spans) {
  ssize_t sent;
  if (spans.size() == 1) {
    sent = send(socket_.get(), spans[0].iov_base, spans[0].iov_len, MSG_NOSIGNAL);
  } else {
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(spans.data());
    message.msg_iovlen = spans.size();
    sent = sendmsg(socket_.get(), &message, MSG_NOSIGNAL);
  }
  if (ABSL_PREDICT_FALSE(sent < 0)) return IsTransient(errno) ? 0 : -1;
  context_->bytes_sent.Add(static_cast<std::uint64_t>(sent));
  return sent;
}

// Queues `spans` without their first `skip_bytes`. Returns what Send returns.
bool SocketConnection::Enqueue(absl::Span<const iovec> spans, std::size_t skip_bytes) {
  if (pending_ == nullptr) pending_ = std::make_unique<PendingSpans>();
  PendingSpans& queue = *pending_;
  if (queue.end + spans.size() > kMaxSpans) {
    std::copy(queue.spans.begin() + queue.first, queue.spans.begin() + queue.end,
              queue.spans.begin());
    queue.end -= std::exchange(queue.first, 0);
  }
  if (queue.end + spans.size() > kMaxSpans) {
    FinishSoon(CloseReason::kLocal);
    return true;
  }
  for (const iovec& span : spans) {
    const std::size_t skipped = std::min(skip_bytes, span.iov_len);
    skip_bytes -= skipped;
    if (skipped == span.iov_len) continue;
    iovec& rest = queue.spans[queue.end++];
    rest.iov_base = static_cast<char*>(span.iov_base) + skipped;
    rest.iov_len = span.iov_len - skipped;
    queue.bytes += rest.iov_len;
  }
  SetInterest(watch_read_, /*write=*/true);
  return false;
}

void SocketConnection::SetInterest(bool read, bool write) {
  if (!watched_) {
    // Without a watch it would never hear again.
    if (!context_->loop->Watch(socket_.get(), read, write, this)) {
      return FinishSoon(CloseReason::kLocal);
    }
  } else if (read != watch_read_ || write != watch_write_) {
    context_->loop->Update(socket_.get(), read, write, this);
  }
  watched_ = true;
  watch_read_ = read;
  watch_write_ = write;
}

void SocketConnection::Unwatch() {
  if (!watched_) return;
  context_->loop->Unwatch(socket_.get(), this);
  watched_ = watch_read_ = watch_write_ = false;
}

void SocketConnection::SetTimer(TimerUse use, absl::Duration delay) {
  ClearTimer();
  timer_use_ = use;
  timer_ = context_->loop->RunAfter(delay, [this] { OnTimer(); });
}

void SocketConnection::ClearTimer() {
  if (timer_use_ == TimerUse::kNone) return;
  context_->loop->CancelTimer(timer_);
  timer_use_ = TimerUse::kNone;
}

}  // namespace ringcache::net

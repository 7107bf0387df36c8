#include "client/stream/value_upload.h"

#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "protocol/reply_parser.h"
#include "protocol/request_writer.h"

namespace ringcache::client {
namespace {

constexpr std::size_t kNewlineBytes = 2;

}  // namespace

ValueUpload::ValueUpload(ConnectionResources* resources, const UploadTimes& times,
                         Receiver* receiver, ServerConnection::Observer* observer)
    : resources_(*resources),
      times_(times),
      receiver_(receiver),
      observer_(*observer),
      reader_(&resources->receive_buffers, {}) {}

ValueUpload::~ValueUpload() {
  if (timer_ != 0) resources_.loop->CancelTimer(timer_);
  connection_.reset();
  if (receiver_ != nullptr) {
    std::exchange(receiver_, nullptr)->OnUploadFailure(CallFailure::kClosed);
  }
}

std::optional<CallFailure> ValueUpload::Start(const net::SocketAddress& address,
                                              const protocol::Request& request) {
  operation_ = request.operation;
  missing_bytes_ = request.value_bytes + kNewlineBytes;
  line_.resize(protocol::MaxRequestBytes(request));
  line_.resize(
      static_cast<std::size_t>(protocol::WriteRequest(line_.data(), request) - line_.data()));
  address_ = address.ToString();
  auto connection = resources_.dialer->Dial(address, &resources_.context, this);
  if (!connection.ok()) {
    receiver_ = nullptr;
    return CallFailure::kNotConnected;
  }
  connection_ = *std::move(connection);
  last_step_ = resources_.loop->MonotonicNow();
  sending_ = !connection_->Send(line_.data(), line_.size());
  NoteHandshake();
  SetTimer();
  return std::nullopt;
}

bool ValueUpload::has_room() const {
  const std::size_t blocks = sending_blocks_.size() + waiting_blocks_.size();
  return (blocks + 1) * resources_.receive_buffers.buffer_bytes() <= kMaxUnsentBytes;
}

absl::Span<char> ValueUpload::Lend() {
  if (!filling_.buffer) filling_ = {resources_.receive_buffers.Take(), 0};
  return filling_.buffer.span().subspan(filling_.bytes).subspan(0, missing_bytes_);
}

void ValueUpload::Give(std::size_t bytes) {
  if (bytes == 0) return;
  last_step_ = resources_.loop->MonotonicNow();
  missing_bytes_ -= bytes;
  filling_.bytes += bytes;
  if (!sending_ || filling_.bytes == filling_.buffer.size() || missing_bytes_ == 0) {
    waiting_blocks_.push_back(std::exchange(filling_, {}));
  }
  SendWaiting();
}

void ValueUpload::SendWaiting() {
  if (sending_ || connection_ == nullptr || waiting_blocks_.empty()) return;
  static_assert(kMaxUnsentBytes / net::BufferPool::Options().buffer_bytes <
                net::Connection::kMaxSpans);
  std::array<iovec, net::Connection::kMaxSpans> spans;
  std::size_t count = 0;
  for (const Block& block : waiting_blocks_) spans[count++] = {block.buffer.data(), block.bytes};
  sending_ = !connection_->Send(absl::MakeConstSpan(spans.data(), count));
  NoteHandshake();
  if (sending_) sending_blocks_.swap(waiting_blocks_);
  waiting_blocks_.clear();
}

// After a Send, which also returns true when there is nobody to send to.
void ValueUpload::NoteHandshake() {
  if (connected_ || sending_) return;
  connected_ = connection_->handshake() == net::Handshake::kStands;
}

net::Progress ValueUpload::OnSent() {
  sending_ = false;
  connected_ = true;
  last_step_ = resources_.loop->MonotonicNow();
  const bool was_full = !has_room();
  sending_blocks_.clear();
  if (filling_.bytes > 0) waiting_blocks_.push_back(std::exchange(filling_, {}));
  SendWaiting();
  if (was_full && has_room() && receiver_ != nullptr) receiver_->OnUploadRoom();
  return net::Progress::kContinue;
}

net::Progress ValueUpload::OnReceived(std::size_t bytes) {
  reader_.Received(bytes);
  if (receiver_ == nullptr) return net::Progress::kAbort;
  protocol::Reply reply;
  ReceivedValue value;
  switch (reader_.Next(operation_, &reply, &value)) {
    case ReadStatus::kNeedMore:
      reader_.ReleaseIfEmpty();
      return net::Progress::kContinue;
    case ReadStatus::kReply:
      // How long it took is its client's doing, too.
      observer_.OnReplied(operation_, ServerConnection::Observer::kNotTimed);
      std::exchange(receiver_, nullptr)->OnUploadReply(reply, value.wire);
      return net::Progress::kAbort;
    case ReadStatus::kLongValue:
    case ReadStatus::kPart:
    case ReadStatus::kInvalid:
      break;
  }
  observer_.OnLost(CallFailure::kProtocolError,
                   absl::StrCat(address_, " sent what answers no storage request"));
  std::exchange(receiver_, nullptr)->OnUploadFailure(CallFailure::kProtocolError);
  return net::Progress::kAbort;
}

void ValueUpload::OnClosed(net::CloseReason) {
  if (timer_ != 0) resources_.loop->CancelTimer(std::exchange(timer_, 0));
  connection_.reset();
  sending_blocks_.clear();
  waiting_blocks_.clear();
  filling_ = {};
  reader_.Reset();
  if (receiver_ == nullptr) return;
  const CallFailure failure =
      connected_ ? CallFailure::kConnectionLost : CallFailure::kNotConnected;
  observer_.OnLost(failure, absl::StrCat(address_, connected_ ? " closed the connection"
                                                              : " cannot be connected to"));
  std::exchange(receiver_, nullptr)->OnUploadFailure(failure);
}

void ValueUpload::Cancel() {
  receiver_ = nullptr;
  if (connection_ != nullptr) connection_->Close(net::CloseReason::kLocal);
}

void ValueUpload::Fail(CallFailure failure) {
  Receiver* const receiver = receiver_;
  Cancel();
  if (receiver != nullptr) receiver->OnUploadFailure(failure);
}

void ValueUpload::SetTimer() {
  const absl::Duration shortest = std::min({times_.connect, times_.server, times_.source});
  timer_ = resources_.loop->RunAfter(shortest / 2, [this] { OnTimer(); });
}

void ValueUpload::OnTimer() {
  timer_ = 0;
  const absl::Duration now = resources_.loop->MonotonicNow();
  const std::size_t pending_bytes = connection_->pending_bytes();
  if (connected_ && pending_bytes != std::exchange(pending_bytes_, pending_bytes)) last_step_ = now;
  const absl::Duration idle = now - last_step_;
  if (!connected_ && connection_->handshake() == net::Handshake::kUnderWay) {
    if (idle < times_.connect) return SetTimer();
    observer_.OnLost(CallFailure::kNotConnected, absl::StrCat(address_, " did not accept"));
    return Fail(CallFailure::kNotConnected);
  }
  const bool for_server = sending_ || missing_bytes_ == 0;
  if (idle < (for_server ? times_.server : times_.source)) return SetTimer();
  if (for_server) observer_.OnTimeout();
  Fail(CallFailure::kTimedOut);
}

}  // namespace ringcache::client

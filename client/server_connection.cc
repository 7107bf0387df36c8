#include "client/server_connection.h"

#include <algorithm>
#include <utility>

#include "absl/base/optimization.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "protocol/request_writer.h"

namespace ringcache::client {
namespace {

// Of what is no reply, this much is quoted.
constexpr std::size_t kQuotedBytes = 60;

}  // namespace

ServerConnection::ServerConnection(ConnectionResources* resources, Endpoint endpoint,
                                   const ConnectionOptions& options, Observer* observer)
    : resources_(resources),
      endpoint_(std::move(endpoint)),
      options_(options),
      observer_(observer),
      pending_(options.max_pending_calls),
      reader_(&resources->receive_buffers,
              {options.max_value_bytes, resources->max_held_value_bytes},
              resources->keep_received ? &resources->received : nullptr),
      backoff_(options.first_backoff, options.max_backoff, resources->NextSeed()) {
  batches_.push_back(std::make_unique<SendBatch>());
}

ServerConnection::~ServerConnection() {
  if (in_flush_queue_) resources_->flush_queue.Remove(this);
  if (deadline_timer_ != 0) resources_->loop->CancelTimer(deadline_timer_);
  connection_.reset();
  destroyed_ = true;
  FailPending(CallFailure::kClosed);
}

std::optional<CallFailure> ServerConnection::Call(const protocol::Request& request,
                                                  const OutgoingValue& value,
                                                  absl::Duration timeout, ReplyReceiver* receiver,
                                                  std::uint64_t tag, RequestPlace* place) {
  if (const auto failure = PrepareToCall()) return failure;
  SendBatch* const batch = OpenBatch();
  const std::size_t bytes_before = batch->bytes();
  if (place != nullptr) *place = {batch, batch->text_bytes(), this};
  batch->Commit(protocol::WriteRequest(batch->Extend(protocol::MaxRequestBytes(request)), request));
  if (protocol::HasDataBlock(request.operation)) batch->AppendValue(value);
  if (!request.quiet) Await(request.operation, timeout, receiver, tag);
  Queued(batch->bytes() - bytes_before);
  return std::nullopt;
}

std::optional<CallFailure> ServerConnection::CallLine(
    protocol::Operation operation, std::size_t max_bytes, absl::FunctionRef<char*(char*)> write,
    absl::Duration timeout, ReplyReceiver* receiver, std::uint64_t tag, RequestPlace* place) {
  if (const auto failure = PrepareToCall()) return failure;
  SendBatch* const batch = OpenBatch();
  const std::size_t bytes_before = batch->bytes();
  if (place != nullptr) *place = {batch, batch->text_bytes(), this};
  batch->Commit(write(batch->Extend(max_bytes)));
  Await(operation, timeout, receiver, tag);
  Queued(batch->bytes() - bytes_before);
  return std::nullopt;
}

std::optional<CallFailure> ServerConnection::PrepareToCall() {
  if (destroyed_ || resources_->closing) return CallFailure::kClosed;
  if (pending_.full() || queued_bytes_ >= options_.max_queued_bytes) {
    return CallFailure::kQueueFull;
  }
  if (connection_ != nullptr && !close_when_told_) return std::nullopt;
  return Connect();
}

std::optional<CallFailure> ServerConnection::Connect() {
  const absl::Duration now = resources_->loop->MonotonicNow();
  // Also from within a callback of a connection that is closed after it.
  if (connection_ != nullptr || now < retry_at_) return CallFailure::kNotConnected;
  auto connection = resources_->dialer->Dial(address(), &resources_->context, this);
  if (!connection.ok()) {
    last_problem_ = std::string(connection.status().message());
    retry_at_ = now + backoff_.Next();
    return CallFailure::kNotConnected;
  }
  handed_over_ = answering_ = false;
  connection_ = *std::move(connection);
  handshake_deadline_ = now + options_.connect_timeout;
  SetDeadlineTimer(handshake_deadline_);
  return std::nullopt;
}

SendBatch* ServerConnection::OpenBatch() {
  // While one is being sent, it must not move or grow.
  if ((sending_ && batches_.size() == 1) || batches_.back()->full()) {
    batches_.push_back(std::make_unique<SendBatch>());
  }
  return batches_.back().get();
}

void ServerConnection::Await(protocol::Operation operation, absl::Duration timeout,
                             ReplyReceiver* receiver, std::uint64_t tag) {
  const std::int64_t now_ns = resources_->loop->MonotonicNowNs();
  const absl::Duration deadline = absl::Nanoseconds(now_ns) + timeout;
  pending_.PushBack({receiver, tag, deadline, operation, now_ns});
  if (options_.keep_requests) batches_.back()->set_end_call(pending_.end());
  SetDeadlineTimer(deadline);
}

void ServerConnection::Queued(std::size_t bytes) {
  queued_bytes_ += bytes;
  if (in_flush_queue_ || delivering_ || sending_) return;
  in_flush_queue_ = true;
  resources_->flush_queue.Add(this);
}

void ServerConnection::Flush() {
  in_flush_queue_ = false;
  if (sending_ || connection_ == nullptr) return;
  // A refusal that has come but was not told yet: nothing will be sent.
  const bool refused = !handed_over_ && connection_->handshake() == net::Handshake::kFailed;
  SendBatch::Spans spans;
  while (!batches_.front()->empty()) {
    if (!connection_->Send(batches_.front()->Fill(&spans))) {
      sending_ = true;
      return;
    }
    handed_over_ = !refused;
    FrontSent();
  }
}

void ServerConnection::FrontSent() {
  queued_bytes_ -= batches_.front()->bytes();
  if (batches_.front()->end_call() > pending_.first()) {
    sent_.push_back(std::move(batches_.front()));
    if (batches_.size() == 1) {
      batches_.front() =
          spare_batch_ != nullptr ? std::move(spare_batch_) : std::make_unique<SendBatch>();
      return;
    }
  } else {
    batches_.front()->Clear();
  }
  if (batches_.size() > 1) batches_.pop_front();
}

// Gives up batches that were kept for calls all of which are answered by now.
void ServerConnection::ForgetAnswered() {
  while (!sent_.empty() && sent_.front()->end_call() <= pending_.first()) {
    sent_.front()->Clear();
    spare_batch_ = std::move(sent_.front());
    sent_.pop_front();
  }
}

net::Progress ServerConnection::OnSent() {
  sending_ = false;
  handed_over_ = true;
  FrontSent();
  Flush();
  return net::Progress::kContinue;
}

absl::Span<char> ServerConnection::LendReceiveBuffer() { return reader_.Lend(); }

net::Progress ServerConnection::OnReceived(std::size_t bytes) {
  reader_.Received(bytes);
  delivering_ = true;
  if (bytes > 0 && !answering_) {
    answering_ = true;
    backoff_.Reset();
    if (observer_ != nullptr) observer_->OnAnswering();
  }
  const bool in_step = DeliverReplies();
  delivering_ = false;
  ForgetAnswered();
  if (!in_step && !close_when_told_) close_when_told_ = CallFailure::kProtocolError;
  if (close_when_told_) return net::Progress::kAbort;
  reader_.ReleaseIfEmpty();
  if (resources_->on_received && !resources_->received.empty()) resources_->on_received();
  if (!sending_ && !batches_.front()->empty()) Flush();
  return net::Progress::kContinue;
}

// Returns false on what is no reply.
bool ServerConnection::DeliverReplies() {
  protocol::Reply reply;
  ReceivedValue value;
  while (!pending_.empty() && !close_when_told_) {
    if (!reader_.HasBytes()) return true;
    const PendingCall call = pending_.front();
    const ReadStatus status = reader_.Next(call.operation, &reply, &value);
    if (ABSL_PREDICT_FALSE(status != ReadStatus::kReply)) {
      if (status == ReadStatus::kNeedMore) return true;
      if (status == ReadStatus::kInvalid) break;
      if (status == ReadStatus::kLongValue) BeginParts(call, reply, value.wire);
      if (status == ReadStatus::kPart) DeliverPart(call, value.bytes);
      continue;
    }
    const bool last = protocol::EndsReplies(call.operation, reply.kind);
    if (last) {
      pending_.PopFront();
      if (observer_ != nullptr) observer_->OnReplied(call.operation, TimeOf(call));
    }
    if (call.receiver != nullptr) call.receiver->OnReply(call.tag, reply, value, last);
  }
  if (close_when_told_ || !reader_.HasBytes()) return true;
  last_problem_ = absl::StrCat(address().ToString(), " sent what answers no request: \"",
                               absl::CHexEscape(reader_.Front().substr(0, kQuotedBytes)), "\"");
  return false;
}

std::int64_t ServerConnection::TimeOf(const PendingCall& call) const {
  if (call.receiver == nullptr) return Observer::kNotTimed;
  return resources_->loop->MonotonicNowNs() - call.began_ns;
}

void ServerConnection::BeginParts(const PendingCall& call, const protocol::Reply& reply,
                                  absl::string_view line) {
  part_timeout_ = absl::ZeroDuration();
  if (call.receiver == nullptr) return;
  part_timeout_ = call.receiver->OnLongValue(call.tag, reply, line);
  PostponeFront();
}

void ServerConnection::DeliverPart(const PendingCall& call, absl::string_view bytes) {
  PostponeFront();
  if (call.receiver != nullptr) call.receiver->OnPart(call.tag, bytes);
}

void ServerConnection::PostponeFront() {
  const absl::Duration deadline = resources_->loop->MonotonicNow() + part_timeout_;
  if (deadline > pending_.front().deadline) pending_.PostponeFront(deadline);
}

void ServerConnection::Close(CallFailure failure) {
  if (connection_ == nullptr) return;
  if (delivering_ || giving_up_) {
    close_when_told_ = failure;
    return;
  }
  connection_.reset();
  Lose(failure, "closed by this client");
}

void ServerConnection::Distrust() {
  last_problem_ = absl::StrCat(address().ToString(), " answered another request than was sent");
  Close(CallFailure::kProtocolError);
}

void ServerConnection::OnClosed(net::CloseReason reason) {
  connection_.reset();
  if (close_when_told_) {
    const CallFailure failure = *std::exchange(close_when_told_, std::nullopt);
    Lose(failure, failure == CallFailure::kProtocolError ? last_problem_ : "closed by this client");
  } else if (!handed_over_) {
    Lose(CallFailure::kNotConnected, absl::StrCat("cannot connect to ", address().ToString()));
  } else {
    Lose(CallFailure::kConnectionLost,
         absl::StrCat(address().ToString(), reason == net::CloseReason::kPeerError
                                                ? " reset the connection"
                                                : " closed the connection"));
  }
}

// The connection is gone.
void ServerConnection::Lose(CallFailure failure, std::string problem) {
  last_problem_ = std::move(problem);
  if (!answering_) retry_at_ = resources_->loop->MonotonicNow() + backoff_.Next();
  handshake_deadline_ = absl::InfiniteDuration();
  sending_ = handed_over_ = answering_ = false;
  reader_.Reset();
  // Who is told of the failure may still read the requests.
  const Batches unsent = std::exchange(batches_, {});
  const Batches unanswered = std::exchange(sent_, {});
  batches_.push_back(std::make_unique<SendBatch>());
  queued_bytes_ = 0;
  if (observer_ != nullptr) observer_->OnLost(failure, last_problem_);
  FailPending(failure);
}

// Receivers may call again meanwhile: only what is pending now fails.
void ServerConnection::FailPending(CallFailure failure) {
  for (std::size_t left = pending_.size(); left > 0; --left) {
    const PendingCall call = pending_.front();
    pending_.PopFront();
    if (call.receiver != nullptr) call.receiver->OnFailure(call.tag, failure);
  }
}

void ServerConnection::SetDeadlineTimer(absl::Duration deadline) {
  if (deadline >= timer_deadline_) return;
  net::EventLoop* const loop = resources_->loop;
  if (deadline_timer_ != 0) loop->CancelTimer(deadline_timer_);
  timer_deadline_ = deadline;
  deadline_timer_ = loop->RunAfter(deadline - loop->MonotonicNow(), [this] { OnDeadline(); });
}

void ServerConnection::OnDeadline() {
  deadline_timer_ = 0;
  timer_deadline_ = absl::InfiniteDuration();
  const absl::Duration now = resources_->loop->MonotonicNow();
  if (HandshakeOverdue(now)) {
    connection_.reset();
    return Lose(CallFailure::kNotConnected,
                absl::StrCat(address().ToString(), " did not accept within ",
                             absl::FormatDuration(options_.connect_timeout)));
  }
  giving_up_ = true;
  // A server that is in the midst of a long answer is not stuck.
  const bool flows = reader_.in_parts() && pending_.front().deadline > now;
  const absl::Duration next = pending_.GiveUpUntil(now, [this, flows](const PendingCall& call) {
    if (observer_ != nullptr && !flows) observer_->OnTimeout();
    call.receiver->OnFailure(call.tag, CallFailure::kTimedOut);
  });
  giving_up_ = false;
  SetDeadlineTimer(std::min(next, handshake_deadline_));
  if (close_when_told_) {
    Close(*std::exchange(close_when_told_, std::nullopt));
  } else if (pending_.given_up() > options_.max_given_up_calls && !flows) {
    Close(CallFailure::kTimedOut);
  }
}

// Whether the handshake's time is up; once the connection stands, it is no more looked at.
bool ServerConnection::HandshakeOverdue(absl::Duration now) {
  if (now < handshake_deadline_ || connection_ == nullptr) return false;
  handshake_deadline_ = absl::InfiniteDuration();
  return !answering_ && connection_->handshake() == net::Handshake::kUnderWay;
}

}  // namespace ringcache::client

#include "router/replay/member_replay.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/connection_options.h"
#include "protocol/reply.h"
#include "protocol/request.h"

namespace ringcache::router {

using process::LogLevel;
using protocol::Operation;
using protocol::ReplyKind;

MemberReplay::MemberReplay(ReplayContext* context, SpoolGate* gate)
    : context_(*context),
      gate_(*gate),
      retry_(context->options.first_retry, context->options.max_retry, gate->id() + 1),
      deletes_(context->resources.loop) {}

MemberReplay::~MemberReplay() = default;

void MemberReplay::Close() {
  step_ = Step::kClosed;
  StopTimer();
  connection_.reset();
}

void MemberReplay::SetEndpoint(std::optional<client::Endpoint> endpoint) {
  if (endpoint == endpoint_) return;
  endpoint_ = std::move(endpoint);
  // What was asked there fails, and is asked again at the new one.
  connection_.reset();
  if (step_ == Step::kPausing) {
    StopTimer();
    step_ = Step::kResting;
  }
  retry_.Reset();
  Wake();
}

client::ServerConnection* MemberReplay::connection() {
  if (connection_ == nullptr && endpoint_ && step_ != Step::kClosed) {
    connection_ = std::make_unique<client::ServerConnection>(&context_.resources, *endpoint_,
                                                             client::ConnectionOptions(), nullptr);
    settled_ = false;
  }
  return connection_.get();
}

void MemberReplay::Wake() {
  if (step_ == Step::kResting) Next();
}

void MemberReplay::Next() {
  step_ = Step::kResting;
  flushing_ = false;
  batch_ = SpoolBatch();
  if (connection() == nullptr) return;
  const SpoolState state = gate_.Refresh();
  if (state.must_flush) return BeginFlush();
  if (state.pending == 0) return Rest();
  ReadBatch();
}

void MemberReplay::Rest() {
  // Also what was not read because it was damaged.
  gate_.RefreshAll();
  retry_.Reset();
  if (replayed_ == 0) return;
  context_.log.Write(LogLevel::kInfo, absl::StrCat("member ", gate_.member(), ": ", replayed_,
                                                   " deletes were replayed"));
  replayed_ = 0;
}

// From here on deletes are kept again. What was lost before has happened before: the member may
// still carry out its cause until it has settled.
void MemberReplay::BeginFlush() {
  flushing_ = true;
  flush_begun_ = context_.spool.BeginFlush(gate_.id());
  SettleThenGoOn();
}

void MemberReplay::ReadBatch() {
  absl::StatusOr<SpoolBatch> batch =
      context_.spool.Read(gate_.id(), position_, context_.options.batch);
  if (!batch.ok()) {
    context_.log.Write(LogLevel::kError, absl::StrCat("spool: ", batch.status().message()));
    return Fail();
  }
  batch_ = *std::move(batch);
  if (batch_.deletes.empty()) return PauseFor(context_.options.disk_pause);
  SettleThenGoOn();
}

void MemberReplay::SettleThenGoOn() {
  if (gate_.TakeMaybeSent()) settled_ = false;
  settled_ ? GoOn() : AskFor(Operation::kVersion);
}

void MemberReplay::GoOn() { flushing_ ? AskFor(Operation::kFlushAll) : SendDeletes(); }

void MemberReplay::AskFor(Operation operation) {
  step_ = Step::kAsking;
  asked_ = operation;
  protocol::Request request;
  request.operation = operation;
  client::ReplyReceiver* const receiver = this;
  // The pauses are made here.
  connection()->EndBackoff();
  const auto refused =
      connection()->Call(request, {}, context_.options.timeout, receiver, ++question_);
  if (refused) Fail();
}

void MemberReplay::OnReply(std::uint64_t tag, const protocol::Reply& reply,
                           const client::ReceivedValue&, bool last) {
  if (step_ != Step::kAsking || tag != question_ || !last) return;
  if (asked_ == Operation::kVersion && reply.kind == ReplyKind::kVersion) return OnSettled();
  if (asked_ == Operation::kFlushAll && reply.kind == ReplyKind::kOk) return OnFlushed();
  Fail();
}

void MemberReplay::OnFailure(std::uint64_t tag, client::CallFailure) {
  if (step_ == Step::kAsking && tag == question_) Fail();
}

// It is there. What it had received before on other connections comes first.
void MemberReplay::OnSettled() {
  step_ = Step::kSettling;
  timer_ = context_.resources.loop->RunAfter(context_.options.settle, [this] {
    timer_ = 0;
    settled_ = true;
    connection() == nullptr ? Next() : GoOn();
  });
}

void MemberReplay::OnFlushed() {
  context_.spool.EndFlush(gate_.id(), flush_begun_);
  gate_.RefreshAll();
  context_.counters.flushes.fetch_add(1, std::memory_order_relaxed);
  context_.log.Write(LogLevel::kNotice,
                     absl::StrCat("member ", gate_.member(),
                                  ": flushed, as deletes that it had to be told of were lost"));
  Next();
}

void MemberReplay::SendDeletes() {
  step_ = Step::kDeleting;
  std::vector<std::string> keys;
  for (const SpooledDelete& pending : batch_.deletes) keys.push_back(pending.key);
  deletes_.Send(connection(), std::move(keys), context_.options.timeout, [this] { OnDeleted(); });
}

void MemberReplay::OnDeleted() {
  if (step_ == Step::kClosed) return;
  if (!deletes_.failed().empty()) return Fail();
  DeleteCopies();
}

// While the keys are still barred here, so that nobody has written them here who could find an
// older copy the next time that this member is away.
void MemberReplay::DeleteCopies() {
  std::map<SpoolGate*, std::vector<std::string>> keys_of;
  for (const std::string& key : deletes_.keys()) {
    SpoolGate* const stand_in = gate_.StandInOf(key);
    if (stand_in != nullptr) keys_of[stand_in].push_back(key);
  }
  open_copies_ = keys_of.size();
  if (open_copies_ == 0) return Acknowledge();
  copies_.clear();
  for (auto& [stand_in, keys] : keys_of) {
    DeleteBatch* const copies =
        copies_.emplace_back(std::make_unique<DeleteBatch>(context_.resources.loop)).get();
    copies->Send(context_.connection_to(stand_in), std::move(keys), context_.options.timeout,
                 [this, stand_in = stand_in, copies] { OnCopiesDeleted(stand_in, *copies); });
  }
}

void MemberReplay::OnCopiesDeleted(SpoolGate* stand_in, const DeleteBatch& copies) {
  if (step_ == Step::kClosed) return;
  context_.counters.copies.fetch_add(copies.keys().size() - copies.failed().size(),
                                     std::memory_order_relaxed);
  for (const std::string& key : copies.failed()) stand_in->Keep(key, false, nullptr);
  if (--open_copies_ == 0) Acknowledge();
}

void MemberReplay::Acknowledge() {
  context_.spool.Acknowledge(gate_.id(), batch_.end);
  position_ = batch_.end;
  gate_.Refresh(batch_.deletes);
  replayed_ += batch_.deletes.size();
  context_.counters.deletes.fetch_add(batch_.deletes.size(), std::memory_order_relaxed);
  retry_.Reset();
  PauseFor(context_.options.pause);
}

void MemberReplay::Fail() {
  context_.counters.failures.fetch_add(1, std::memory_order_relaxed);
  settled_ = false;
  PauseFor(retry_.Next());
  if (connection_ == nullptr) return;
  connection_->Close(client::CallFailure::kConnectionLost);
}

void MemberReplay::PauseFor(absl::Duration pause) {
  step_ = Step::kPausing;
  timer_ = context_.resources.loop->RunAfter(pause, [this] {
    timer_ = 0;
    Next();
  });
}

void MemberReplay::StopTimer() {
  if (timer_ != 0) context_.resources.loop->CancelTimer(std::exchange(timer_, 0));
}

}  // namespace ringcache::router

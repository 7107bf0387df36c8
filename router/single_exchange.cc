#include "router/single_exchange.h"

#include <memory>
#include <utility>

#include "absl/strings/strip.h"
#include "protocol/request_parser.h"
#include "router/client_session.h"
#include "router/loud_request.h"
#include "router/reply_speller.h"
#include "router/route/unreached.h"
#include "router/worker_context.h"

namespace ringcache::router {

using client::CallFailure;
using protocol::ReplyKind;
using protocol::Request;

void SingleExchange::Answer(ClientSession* session, absl::string_view text) {
  Begin(session);
  reply_.Set(text);
  Finish();
}

void SingleExchange::AnswerOwned(ClientSession* session, std::string text) {
  Begin(session);
  reply_.Own(std::move(text));
  Finish();
}

void SingleExchange::AnswerShared(ClientSession* session, client::OutgoingValue reply) {
  Begin(session);
  reply_.AppendValue(std::move(reply));
  // It is not in a receive buffer; but if it has to wait it counts.
  Touch();
  Finish();
}

void SingleExchange::SendFirst(ClientSession* session, TreeInUse* tree, const FirstStep& step,
                               const Request& request, const client::OutgoingValue& value) {
  Begin(session);
  Use(tree);
  step_ = step;
  operation_ = request.operation;
  quiet_ = request.quiet;
  has_line_ = out_of_step_ = false;
  CallFailure failure = CallFailure::kNoMembers;
  if (step.member != BackendPool::kNone) {
    client::MemberClient& member = step.pool->member(step.member);
    if (step.keeps_deletes) gate_ = member.gate();
    client::ReplyReceiver* const receiver = this;
    LoudRequest loud(request);
    const auto refused =
        member.Call(loud.request(), value, step.pool->timeout(), receiver, 0, &place_);
    if (!refused) return;
    failure = *refused;
  }
  worker_.failures[failure].Add();
  if (step_.reacts == nullptr) return FinishFailed(failure, &request);
  Resume(request, value, FailureReply(failure));
}

void SingleExchange::SendCall(ClientSession* session, TreeInUse* tree, Route* route,
                              absl::string_view key, const Request& request,
                              const client::OutgoingValue& value) {
  Begin(session);
  Use(tree);
  operation_ = request.operation;
  quiet_ = request.quiet;
  const BegunCall begun = BeginCall(request, value);
  asked_ = begun.asked;
  RouteRequest routed = *asked_;
  routed.request.key.remove_prefix(request.key.size() - key.size());
  CallObserver* const observer = this;
  worker_.counters[RouterCounter::kCalls].Add();
  begun.call->Run(route->Send(*begun.call, begun.call->Make(std::move(routed))), observer);
}

void SingleExchange::OnReply(std::uint64_t, const protocol::Reply& reply,
                             const client::ReceivedValue& value, bool last) {
  if (!IsBelievable(reply)) Distrust();
  if (!std::exchange(has_line_, true)) first_kind_ = reply.kind;
  if (!out_of_step_) AddToReply(value);
  if (!last) return;
  if (out_of_step_) {
    reply_.Clear();
    if (flow_ != nullptr) (void)TakeBack(flow_);
    worker_.failures[CallFailure::kProtocolError].Add();
    return FinishFailed(CallFailure::kProtocolError);
  }
  if (!Reacts(first_kind_)) return FinishWith(first_kind_);
  Reply first = protocol::IsError(first_kind_)
                    ? ErrorReply(absl::StripSuffix(reply_.head(), "\r\n"))
                    : DefaultReply(operation_);
  reply_.Clear();
  ResumeSent(std::move(first));
}

// What has a key has the one that was asked for; also in base64 it has one spelling.
bool SingleExchange::IsBelievable(const protocol::Reply& reply) const {
  if (reply.kind == ReplyKind::kValue) return !has_line_ && IsOfKey(reply.key);
  if (reply.kind == ReplyKind::kMetaDebug) return IsOfKey(reply.key);
  if (!IsMeta(operation_) || protocol::IsError(reply.kind)) return true;
  return reply.key.empty() || IsOfKey(reply.key);
}

void SingleExchange::Distrust() {
  out_of_step_ = true;
  place_.connection->Distrust();
}

bool SingleExchange::IsOfKey(absl::string_view key) const {
  // "get <key>", "gat <exptime> <key>", "mg <key> <flags>"
  absl::string_view line = place_.text();
  const bool has_exptime = ClassOf(operation_) == OperationClass::kTouch;
  for (int words = has_exptime ? 2 : 1; words > 0; --words) line.remove_prefix(line.find(' ') + 1);
  return line.size() > key.size() && line.substr(0, key.size()) == key &&
         (line[key.size()] == '\r' || line[key.size()] == ' ');
}

absl::Duration SingleExchange::OnLongValue(std::uint64_t, const protocol::Reply& reply,
                                           absl::string_view line) {
  if (IsBelievable(reply) && flow_ == nullptr) {
    flow_ = AddFlow();
    AddPart(flow_, line);
  } else {
    Distrust();
  }
  return step_.pool->timeout();
}

void SingleExchange::OnPart(std::uint64_t, absl::string_view bytes) {
  if (!out_of_step_) AddPart(flow_, bytes);
}

void SingleExchange::EndFlow() {
  if (out_of_step_) return;
  AddPart(flow_, "\r\n");
  flow_->Complete();
}

void SingleExchange::AddToReply(const client::ReceivedValue& value) {
  if (value.in_parts) return EndFlow();
  // Also what has memory of its own is to be counted while it waits.
  Touch();
  if (value.owned == nullptr) return reply_.Append(value.wire);
  // The reader's own line, and a value that can be had.
  reply_.Own(std::string(value.wire));
  reply_.AppendValue(client::OutgoingValue::Owned(std::move(*value.owned)));
  reply_.Append("\r\n");
}

bool SingleExchange::Reacts(ReplyKind kind) const {
  if (step_.reacts == nullptr) return false;
  if (kind == ReplyKind::kServerError) return step_.reacts_to_errors;
  return step_.reacts_to_misses &&
         (kind == ReplyKind::kEnd || kind == ReplyKind::kMetaMiss || kind == ReplyKind::kNotFound ||
          kind == ReplyKind::kMetaNotFound);
}

void SingleExchange::OnFailure(std::uint64_t, CallFailure failure) {
  reply_.Clear();
  worker_.failures[failure].Add();
  const bool was_sent = flow_ != nullptr && !TakeBack(flow_);
  if (step_.reacts == nullptr || failure == CallFailure::kClosed || was_sent) {
    return FinishFailed(failure);
  }
  ResumeSent(FailureReply(failure));
}

// With the request as it was sent.
void SingleExchange::ResumeSent(Reply first) {
  Request request;
  const absl::string_view text = place_.text();
  const protocol::ParseResult parsed = protocol::ParseRequest(text, &request);
  if (request.key.empty() && !request.keys.empty()) {
    std::swap(request.key, request.keys);
  }
  const client::OutgoingValue* const long_value = place_.long_value();
  client::OutgoingValue value;
  if (long_value != nullptr) {
    value = *long_value;
  } else if (protocol::HasDataBlock(request.operation)) {
    value = client::OutgoingValue::Borrowed(text.substr(parsed.consumed, request.value_bytes));
  }
  Resume(request, value, std::move(first));
}

void SingleExchange::Resume(const Request& request, const client::OutgoingValue& value,
                            Reply first) {
  worker_.counters[RouterCounter::kFailedFirst].Add();
  const BegunCall begun = BeginCall(request, value);
  asked_ = begun.asked;
  begun.call->unreached().Note(gate_, asked_->request, first);
  CallObserver* const observer = this;
  begun.call->Run(step_.reacts->Resume(*begun.call, *asked_, std::move(first)), observer);
}

void SingleExchange::OnCallDone(Call*, Reply reply) {
  if (reply.failure.has_value()) worker_.failures[*reply.failure].Add();
  SpellReply(asked_->request, reply, true, &reply_);
  reply_.Keep();
  Touch();
  FinishWith(reply.kind);
}

void SingleExchange::FinishFailed(CallFailure failure, const Request* unsent) {
  if (gate_ != nullptr && IsKept(failure, unsent)) return FinishWith(SetMiss(unsent), unsent);
  const absl::string_view line = FailureLine(failure);
  reply_.Own(absl::StrCat(line, "\r\n"));
  FinishWith(ReplyKind::kServerError, unsent);
}

bool SingleExchange::IsKept(CallFailure failure, const Request* unsent) {
  if (ClassOf(operation_) != OperationClass::kDelete) return false;
  Request sent;
  return KeepDelete(gate_, Asked(unsent, &sent), failure);
}

const Request& SingleExchange::Asked(const Request* unsent, Request* sent) const {
  if (unsent != nullptr) return *unsent;
  if (asked_ != nullptr) return asked_->request;
  (void)protocol::ParseRequest(place_.text(), sent);
  return *sent;
}

// A miss, which names what the client wants to be named.
ReplyKind SingleExchange::SetMiss(const Request* unsent) {
  Request sent;
  const Reply miss = DefaultReply(operation_);
  SpellReply(Asked(unsent, &sent), miss, true, &reply_);
  return miss.kind;
}

void SingleExchange::SettleCopy(ReplyKind kind) {
  LocalCache& cache = worker_.hot_keys.cache();
  if (copy_ticket_.kind == LocalCache::Ticket::Kind::kWrite) {
    cache.EndWrite(copy_ticket_);
  } else if (kind == ReplyKind::kValue && flow_ == nullptr) {
    absl::string_view head = reply_.head();
    absl::string_view tail = reply_.tail();
    if (!absl::ConsumeSuffix(tail.empty() ? &head : &tail, "END\r\n")) return;
    cache.Keep(copy_ticket_, head, reply_.value().bytes, tail);
  }
}

// Of retrievals, whose replies have these kinds; VA and HD are others', too.
void SingleExchange::CountFound(ReplyKind kind) {
  const bool is_meta_get = operation_ == protocol::Operation::kMetaGet;
  if (kind == ReplyKind::kValue ||
      (is_meta_get && (kind == ReplyKind::kMetaValue || kind == ReplyKind::kMetaDone))) {
    worker_.counters[RouterCounter::kHits].Add();
  } else if (kind == ReplyKind::kEnd || (is_meta_get && kind == ReplyKind::kMetaMiss)) {
    worker_.counters[RouterCounter::kMisses].Add();
  }
}

// reply_ is what a member or a route said. `unsent`: the request, if it reached nobody.
void SingleExchange::FinishWith(ReplyKind kind, const Request* unsent) {
  if (copy_ticket_) [[unlikely]] {
    SettleCopy(kind);
  }
  CountFound(kind);
  if (kind == ReplyKind::kServerError) {
    worker_.counters[RouterCounter::kErrors].Add();
    if (worker_.options.miss_on_get_errors && ClassOf(operation_) == OperationClass::kGet) {
      kind = SetMiss(unsent);
    }
  }
  if (quiet_ && protocol::QuietHides(operation_, kind)) reply_.Clear();
  RecordTime(operation_);
  Finish();
}

void SingleExchange::GiveBack() {
  step_ = FirstStep();
  asked_ = nullptr;
  gate_ = nullptr;
  flow_ = nullptr;
  copy_ticket_ = {};
  quiet_ = false;
  worker_.singles.GiveBack(this);
}

}  // namespace ringcache::router

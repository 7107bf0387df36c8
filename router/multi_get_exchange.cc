#include "router/multi_get_exchange.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "protocol/key_iterator.h"
#include "protocol/request_writer.h"
#include "router/client_session.h"
#include "router/reply_speller.h"
#include "router/worker_context.h"

namespace ringcache::router {

using client::CallFailure;
using protocol::ReplyKind;
using protocol::Request;

void MultiGetExchange::Send(ClientSession* session, TreeInUse* tree, const Request& request,
                            bool ends_retrieval, std::shared_ptr<bool> line_failed) {
  Begin(session);
  Use(tree);
  operation_ = request.operation;
  exptime_s_ = request.exptime_s;
  ends_retrieval_ = ends_retrieval;
  failed_ = false;
  line_failed_ = std::move(line_failed);
  open_ = 1;
  Plan(request);
  worker_.operations[operation_].Add(keys_.size());
  for (std::uint32_t part = 0; part < parts_.size(); ++part) SendPart(part, request);
  OneLess();
}

// Gives each key to a part, or to its routes.
void MultiGetExchange::Plan(const Request& request) {
  protocol::KeyIterator iterator(request.keys);
  for (absl::string_view text; iterator.Next(&text);) {
    const auto index = static_cast<std::uint32_t>(keys_.size());
    Key& key = keys_.emplace_back();
    key.text = text;
    worker_.hot_keys.Record(operation_, text);
    absl::string_view stripped;
    Route* const route = tree_->tree->For(text, &stripped);
    if (worker_.hot_keys.caches() && AnswerFromCopy(stripped)) continue;
    if (route == nullptr) {
      worker_.counters[RouterCounter::kNoRoutes].Add();
      failed_ = true;
      continue;
    }
    if (stripped.size() == text.size()) key.step = route->First(request, text);
    if (key.step.pool != nullptr && key.step.member != BackendPool::kNone) {
      AddToPart(index);
    } else {
      CallRoute(index, route, stripped);
    }
  }
}

std::uint32_t MultiGetExchange::PartOf(const FirstStep& step) {
  client::MemberClient* const member = &step.pool->member(step.member);
  for (std::uint32_t i = 0; i < parts_.size(); ++i) {
    if (parts_[i].member == member) return i;
  }
  Part& part = parts_.emplace_back();
  part.member = member;
  part.timeout = step.pool->timeout();
  part.line_bytes = protocol::kMaxRetrievalStartBytes + 2;
  return static_cast<std::uint32_t>(parts_.size() - 1);
}

void MultiGetExchange::AddToPart(std::uint32_t index) {
  Key& key = keys_[index];
  key.part = PartOf(key.step);
  Part& part = parts_[key.part];
  (part.first == kNone ? part.first : keys_[part.last].next) = index;
  part.last = index;
  part.line_bytes += key.text.size() + 1;
}

void MultiGetExchange::SendPart(std::uint32_t index, const Request& request) {
  Part& part = parts_[index];
  part.next = part.first;
  ++open_;
  client::ReplyReceiver* const receiver = this;
  const auto failure = part.member->CallLine(
      operation_, part.line_bytes, [&](char* out) { return WriteLine(out, &part, request); },
      part.timeout, receiver, index, &part.place);
  if (!failure) return;
  // The client's line is still there.
  part.place = {};
  if (part.member->is_usable() && !part.member->takes_lines()) return SendKeyByKey(&part);
  worker_.failures[*failure].Add();
  EndPart(&part, FailureReply(*failure));
}

// The member must not be asked for some keys, which may be none of these.
void MultiGetExchange::SendKeyByKey(Part* part) {
  for (std::uint32_t i = std::exchange(part->next, kNone); i != kNone; i = keys_[i].next) {
    // A key that goes the short way has no routing prefix.
    absl::string_view key;
    CallRoute(i, tree_->tree->For(keys_[i].text, &key), key);
  }
  OneLess();
}

char* MultiGetExchange::WriteLine(char* out, Part* part, const Request& request) {
  const char* const begin = out;
  out = protocol::WriteRetrievalStart(out, operation_, request.exptime_s);
  for (std::uint32_t i = part->first; i != kNone; i = keys_[i].next) {
    keys_[i].offset = static_cast<std::uint32_t>(out - begin) + 1;
    out = protocol::WriteRetrievalKey(out, keys_[i].text);
  }
  return protocol::WriteRetrievalEnd(out);
}

absl::string_view MultiGetExchange::TextOf(const Key& key, const Part& part) const {
  if (part.place.batch == nullptr) return key.text;
  return part.place.text().substr(key.offset, key.text.size());
}

void MultiGetExchange::OnReply(std::uint64_t tag, const protocol::Reply& reply,
                               const client::ReceivedValue& value, bool last) {
  Part& part = parts_[tag];
  if (reply.kind == ReplyKind::kValue) {
    if (value.in_parts) return EndFlow(&part);
    if (!SkipTo(reply.key, &part)) return;
    Found(&keys_[part.next], value);
    part.next = keys_[part.next].next;
    return;
  }
  if (!last) return;
  Reply rest = DefaultReply(operation_);
  if (protocol::IsError(reply.kind)) rest = ErrorReply(reply.text);
  EndPart(&part, rest);
}

bool MultiGetExchange::SkipTo(absl::string_view key, Part* part) {
  std::uint32_t found = part->next;
  while (found != kNone && TextOf(keys_[found], *part) != key) found = keys_[found].next;
  if (found == kNone) {
    part->place.connection->Distrust();
    return false;
  }
  // Keys that were not found are left out of the replies.
  while (part->next != found) {
    const std::uint32_t missing = part->next;
    part->next = keys_[missing].next;
    NotFound(missing, *part, DefaultReply(operation_));
  }
  return true;
}

absl::Duration MultiGetExchange::OnLongValue(std::uint64_t tag, const protocol::Reply& reply,
                                             absl::string_view line) {
  Part& part = parts_[tag];
  if (SkipTo(reply.key, &part)) {
    part.flow = AddFlow();
    AddPart(part.flow, line);
  }
  return part.timeout;
}

void MultiGetExchange::OnPart(std::uint64_t tag, absl::string_view bytes) {
  if (parts_[tag].flow != nullptr) AddPart(parts_[tag].flow, bytes);
}

void MultiGetExchange::EndFlow(Part* part) {
  if (part->flow == nullptr) return;
  worker_.counters[RouterCounter::kHits].Add();
  AddPart(part->flow, "\r\n");
  std::exchange(part->flow, nullptr)->Complete();
  part->next = keys_[part->next].next;
}

void MultiGetExchange::Found(Key* key, const client::ReceivedValue& value) {
  worker_.counters[RouterCounter::kHits].Add();
  // Also what has memory of its own is to be counted while it waits.
  Touch();
  if (value.owned == nullptr) {
    key->found = value.wire;
  } else {
    ReplyText* const reply = AddReply(key);
    reply->Own(std::string(value.wire));
    reply->AppendValue(client::OutgoingValue::Owned(std::move(*value.owned)));
    reply->Append("\r\n");
  }
  if (!copy_tickets_.empty()) KeepCopy(*key);
}

ReplyText* MultiGetExchange::AddReply(Key* key) {
  key->long_reply = static_cast<std::uint32_t>(replies_.size());
  return replies_.emplace_back(std::make_unique<ReplyText>()).get();
}

bool MultiGetExchange::AnswerFromCopy(absl::string_view text) {
  Key& key = keys_.back();
  LocalCache& cache = worker_.hot_keys.cache();
  LocalCache::Ticket& ticket = copy_tickets_.emplace_back();
  if (ClassOf(operation_) == OperationClass::kTouch) ticket = cache.BeginWrite(text);
  if (operation_ != protocol::Operation::kGet || text.size() != key.text.size()) return false;
  client::OutgoingValue copy = cache.Find(text, worker_.loop.MonotonicNow(), &ticket);
  if (copy.owner == nullptr) return false;
  worker_.counters[RouterCounter::kHits].Add();
  worker_.counters[RouterCounter::kHotKeyHits].Add();
  AddReply(&key)->AppendValue(std::move(copy));
  // If it has to wait it counts.
  Touch();
  return true;
}

void MultiGetExchange::KeepCopy(const Key& key) {
  const LocalCache::Ticket& ticket = copy_tickets_[static_cast<std::size_t>(&key - keys_.data())];
  if (ticket.kind != LocalCache::Ticket::Kind::kRead) return;
  LocalCache& cache = worker_.hot_keys.cache();
  if (key.long_reply == kNone) return cache.Keep(ticket, key.found, "", "");
  const ReplyText& reply = *replies_[key.long_reply];
  cache.Keep(ticket, reply.head(), reply.value().bytes, reply.tail());
}

void MultiGetExchange::EndWrites() {
  for (const LocalCache::Ticket& ticket : copy_tickets_) {
    if (ticket.kind == LocalCache::Ticket::Kind::kWrite) worker_.hot_keys.cache().EndWrite(ticket);
  }
}

void MultiGetExchange::OnFailure(std::uint64_t tag, CallFailure failure) {
  worker_.failures[failure].Add();
  Part& part = parts_[tag];
  if (part.flow != nullptr) (void)TakeBack(std::exchange(part.flow, nullptr));
  EndPart(&part, FailureReply(failure));
}

// Of the keys that are left, none was found: `rest` says why.
void MultiGetExchange::EndPart(Part* part, const Reply& rest) {
  for (std::uint32_t i = part->next; i != kNone; i = keys_[i].next) NotFound(i, *part, rest);
  part->next = kNone;
  OneLess();
}

void MultiGetExchange::NotFound(std::uint32_t index, const Part& part, const Reply& first) {
  const Key& key = keys_[index];
  const bool reacts =
      key.step.reacts != nullptr && first.failure != CallFailure::kClosed &&
      (first.failure.has_value() || (first.is_error() && key.step.reacts_to_errors) ||
       (first.is_miss() && key.step.reacts_to_misses));
  if (reacts) return Resume(index, TextOf(key, part), first);
  NotFoundAtLast(first);
}

void MultiGetExchange::NotFoundAtLast(const Reply& reply) {
  if (reply.is_miss()) worker_.counters[RouterCounter::kMisses].Add();
  failed_ = failed_ || reply.is_error();
}

Exchange::BegunCall MultiGetExchange::BeginKey(std::uint32_t index, absl::string_view text) {
  Request request;
  request.operation = operation_;
  request.key = text;
  request.exptime_s = exptime_s_;
  const BegunCall begun = BeginCall(request, {});
  ++open_;
  calls_.push_back({begun.call, index});
  return begun;
}

void MultiGetExchange::CallRoute(std::uint32_t index, Route* route, absl::string_view key) {
  const absl::string_view text = keys_[index].text;
  const BegunCall begun = BeginKey(index, text);
  RouteRequest routed = *begun.asked;
  routed.request.key.remove_prefix(text.size() - key.size());
  worker_.counters[RouterCounter::kCalls].Add();
  CallObserver* const observer = this;
  begun.call->Run(route->Send(*begun.call, begun.call->Make(std::move(routed))), observer);
}

void MultiGetExchange::Resume(std::uint32_t index, absl::string_view text, const Reply& first) {
  const BegunCall begun = BeginKey(index, text);
  worker_.counters[RouterCounter::kFailedFirst].Add();
  CallObserver* const observer = this;
  begun.call->Run(keys_[index].step.reacts->Resume(*begun.call, *begun.asked, first), observer);
}

void MultiGetExchange::OnCallDone(Call* call, Reply reply) {
  std::size_t i = 0;
  while (calls_[i].call != call) ++i;
  Key& key = keys_[calls_[i].key];
  calls_[i] = calls_.back();
  calls_.pop_back();
  if (reply.failure.has_value()) worker_.failures[*reply.failure].Add();
  if (reply.is_hit()) {
    worker_.counters[RouterCounter::kHits].Add();
    Request request;
    request.operation = operation_;
    request.key = call->client_key();
    SpellReply(request, reply, false, AddReply(&key));
    Touch();
    if (!copy_tickets_.empty()) KeepCopy(key);
  } else {
    NotFoundAtLast(reply);
  }
  OneLess();
}

void MultiGetExchange::OneLess() {
  if (--open_ > 0) return;
  EndWrites();
  if (failed_) worker_.counters[RouterCounter::kErrors].Add();
  if (failed_ && line_failed_ != nullptr) *line_failed_ = true;
  RecordTime(operation_);
  Finish();
}

void MultiGetExchange::AppendReply(OutputBuffer* output) {
  for (const Key& key : keys_) {
    if (key.long_reply != kNone) {
      output->Append(*replies_[key.long_reply]);
    } else {
      output->Append(key.found);
    }
  }
  if (!ends_retrieval_) return;
  // The parts of its line before this one are over by now.
  const bool failed = failed_ || (line_failed_ != nullptr && *line_failed_);
  const bool tells_error = failed && !worker_.options.miss_on_get_errors;
  output->Append(tells_error ? "SERVER_ERROR remote error\r\n" : "END\r\n");
}

std::size_t MultiGetExchange::Keep() {
  std::size_t bytes = 0;
  for (Key& key : keys_) {
    if (!key.found.empty()) AddReply(&key)->Own(std::string(std::exchange(key.found, {})));
  }
  for (const auto& reply : replies_) bytes += reply->bytes();
  return bytes;
}

void MultiGetExchange::GiveBack() {
  keys_.clear();
  parts_.clear();
  calls_.clear();
  copy_tickets_.clear();
  replies_.clear();
  line_failed_.reset();
  worker_.multi_gets.GiveBack(this);
}

}  // namespace ringcache::router

#include "router/client_session.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/base/optimization.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "protocol/base64_key.h"
#include "protocol/cluster_config.h"
#include "protocol/key_iterator.h"
#include "protocol/request_parser.h"
#include "protocol/retrieval_cut.h"
#include "protocol/standard_reply.h"
#include "router/broadcast_exchange.h"
#include "router/cluster_config_reply.h"
#include "router/multi_get_exchange.h"
#include "router/single_exchange.h"
#include "router/upload_exchange.h"

namespace ringcache::router {

using net::Progress;
using protocol::Operation;
using protocol::ParseStatus;
using protocol::Request;
using protocol::StandardReply;

namespace {

constexpr std::size_t kNewlineBytes = 2;
// A value's memory is lent to the transport while at least this much is missing.
constexpr std::size_t kDirectReceiveBytes = 16 * 1024;
constexpr absl::string_view kAdminPrefix = "__mcrouter__.";

bool HasKey(Operation operation) { return operation <= Operation::kMetaDebug; }
static_assert(static_cast<int>(Operation::kMetaDebug) + 1 ==
              static_cast<int>(Operation::kMetaNoOp));

}  // namespace

ClientSession::ClientSession(WorkerContext* worker, ClientSessionOwner* owner)
    : worker_(*worker), owner_(*owner), id_(++worker->last_client_id), input_(&worker->buffers) {}

ClientSession::~ClientSession() {
  worker_.wake_up.Remove(this);
  ReleaseKept(kept_bytes_);
  UploadExchange* const upload = std::exchange(upload_, nullptr);
  while (!exchanges_.empty()) exchanges_.PopFront()->Orphan();
  if (upload != nullptr) upload->GiveUp();
}

absl::Span<char> ClientSession::LendReceiveBuffer() {
  if (value_ != nullptr && input_.empty()) {
    const std::size_t missing = value_->block_bytes - value_->received;
    if (missing >= kDirectReceiveBytes) {
      lent_ = Lent::kValue;
      return absl::MakeSpan(value_->bytes.get() + value_->received, missing);
    }
  }
  if (upload_ != nullptr && input_.empty() && upload_->has_room()) {
    lent_ = Lent::kUpload;
    return upload_->Lend();
  }
  return input_.Lend();
}

Progress ClientSession::OnReceived(std::size_t bytes) {
  if (ABSL_PREDICT_TRUE(lent_ == Lent::kInput)) {
    input_.Received(bytes);
  } else {
    ReceivedElsewhere(bytes);
  }
  return Run();
}

void ClientSession::ReceivedElsewhere(std::size_t bytes) {
  if (std::exchange(lent_, Lent::kInput) == Lent::kValue) {
    value_->received += bytes;
  } else if (upload_ != nullptr) {
    upload_->Received(bytes);
  } else {
    discard_ -= bytes;  // it ended meanwhile
  }
}

Progress ClientSession::Run() {
  std::size_t budget = worker_.options.max_requests_per_event;
  paused_ = false;
  if (last_input_) return Progress::kPause;
  for (;;) {
    if (MustPause()) {
      worker_.counters[RouterCounter::kPauses].Add();
      paused_ = true;
      input_.Settle();
      return Progress::kPause;
    }
    if (budget-- == 0) {
      worker_.counters[RouterCounter::kYields].Add();
      return Progress::kYield;
    }
    switch (ReadRequest()) {
      case Step::kAgain:
        break;
      case Step::kNeedInput:
        input_.Settle();
        return Progress::kContinue;
      case Step::kPause:
        paused_ = true;
        input_.Settle();
        return Progress::kPause;
      case Step::kClose:
        last_input_ = true;
        if (MarkReady()) worker_.wake_up.AddReadyMarked(this);
        return Progress::kPause;
    }
  }
}

bool ClientSession::MustPause() const {
  // One whose value is being received must not wait for itself.
  const std::size_t outstanding = exchanges_.requests() - (upload_ != nullptr ? 1 : 0);
  return outstanding >= worker_.options.max_client_outstanding ||
         kept_bytes_ >= worker_.options.client_pause_bytes || sending_ != nullptr;
}

ClientSession::Step ClientSession::ReadRequest() {
  if (discard_ > 0) return Discard();
  if (value_ != nullptr) return ContinueLongValue();
  if (upload_ != nullptr) return ContinueUpload();
  if (input_.empty()) return Step::kNeedInput;
  const absl::string_view input = input_.unread();
  Request& request = worker_.request;
  const protocol::ParseResult parsed = protocol::ParseRequest(input, &request);
  switch (parsed.status) {
    case ParseStatus::kNeedMore:
      return Step::kNeedInput;
    case ParseStatus::kClose:
      return CutRetrieval();
    case ParseStatus::kInvalid:
      return RefuseInvalid(parsed);
    case ParseStatus::kOk:
      break;
  }
  if (protocol::HasDataBlock(request.operation)) return ReadValue(input.substr(parsed.consumed));
  if (request.operation == Operation::kQuit) return Step::kClose;
  Dispatch(request, {});
  input_.Consume(parsed.consumed);
  return Step::kAgain;
}

// The input may be retrieval by more keys than fit into the buffer.
ClientSession::Step ClientSession::CutRetrieval() {
  const std::optional<protocol::RetrievalCut> cut =
      protocol::CutRetrieval(input_.mutable_unread(), &worker_.request);
  if (!cut) return Step::kClose;
  if (cut_line_failed_ == nullptr) cut_line_failed_ = std::make_shared<bool>(false);
  DispatchKeys(worker_.request, false);
  input_.Consume(cut->line_bytes);
  return input_.PutBack(cut->head) ? Step::kAgain : Step::kClose;
}

ClientSession::Step ClientSession::RefuseInvalid(const protocol::ParseResult& parsed) {
  cut_line_failed_.reset();
  worker_.counters[RouterCounter::kInvalid].Add();
  if (!parsed.quiet) Answer(protocol::ErrorText(parsed.error));
  discard_ = parsed.discard_bytes;
  input_.Consume(parsed.consumed);
  return Step::kAgain;
}

// worker_.request has a data block, which begins `after_line`.
ClientSession::Step ClientSession::ReadValue(absl::string_view after_line) {
  const Request& request = worker_.request;
  const std::size_t value_bytes = request.value_bytes;
  const absl::string_view input = input_.unread();
  const absl::string_view line = input.substr(0, input.size() - after_line.size());
  if (value_bytes > worker_.options.max_held_value_bytes) return BeginUpload(line);
  if (after_line.size() < value_bytes + kNewlineBytes) {
    if (value_bytes <= kBufferedValueBytes) return Step::kNeedInput;
    BeginLongValue(line);
    return Step::kAgain;
  }
  if (after_line.substr(value_bytes, kNewlineBytes) != "\r\n") {
    Refuse(request, protocol::ReplyText(StandardReply::kBadDataChunk));
    discard_ = std::uint64_t{value_bytes} + kNewlineBytes;
    input_.Consume(line.size());
    return Step::kAgain;
  }
  Dispatch(request, client::OutgoingValue::Borrowed(after_line.substr(0, value_bytes)));
  input_.Consume(line.size() + value_bytes + kNewlineBytes);
  return Step::kAgain;
}

void ClientSession::BeginLongValue(absl::string_view line) {
  value_ = std::make_unique<LongValue>();
  value_->line = std::string(line);
  value_->block_bytes = worker_.request.value_bytes + kNewlineBytes;
  value_->bytes = std::make_shared_for_overwrite<char[]>(value_->block_bytes);
  input_.Consume(line.size());
}

ClientSession::Step ClientSession::ContinueLongValue() {
  const absl::string_view input = input_.unread();
  const std::size_t bytes = std::min(input.size(), value_->block_bytes - value_->received);
  if (bytes > 0) std::memcpy(value_->bytes.get() + value_->received, input.data(), bytes);
  input_.Consume(bytes);
  value_->received += bytes;
  if (value_->received < value_->block_bytes) return Step::kNeedInput;
  const std::unique_ptr<LongValue> value = std::move(value_);
  Request& request = worker_.request;
  (void)protocol::ParseRequest(value->line, &request);
  const absl::string_view block(value->bytes.get(), value->block_bytes);
  if (!absl::EndsWith(block, "\r\n")) {
    Refuse(request, protocol::ReplyText(StandardReply::kBadDataChunk));
    return Step::kAgain;
  }
  Dispatch(request, {block.substr(0, request.value_bytes), value->bytes});
  return Step::kAgain;
}

// worker_.request has a value that is not held whole: where one member is asked, it streams there.
ClientSession::Step ClientSession::BeginUpload(absl::string_view line) {
  const Request& request = worker_.request;
  worker_.operations[request.operation].Add();
  char scratch[protocol::kMaxKeyBytes];
  const absl::string_view key = protocol::KeyBytes(request, scratch);
  absl::string_view stripped;
  Route* const route = tree()->tree->For(key, &stripped);
  worker_.hot_keys.Record(request.operation, key);
  FirstStep step;
  if (route != nullptr && stripped.size() == key.size()) step = route->First(request, key);
  UploadExchange* const exchange = worker_.uploads.Take();
  exchanges_.PushBack(exchange);
  if (worker_.hot_keys.caches()) {
    exchange->set_copy_ticket(worker_.hot_keys.cache().BeginWrite(stripped));
  }
  if (exchange->Send(this, tree(), step, request)) {
    upload_ = exchange;
  } else {
    discard_ = std::uint64_t{request.value_bytes} + kNewlineBytes;
  }
  input_.Consume(line.size());
  return Step::kAgain;
}

ClientSession::Step ClientSession::ContinueUpload() {
  while (upload_->missing_bytes() > 0) {
    if (!upload_->has_room()) return Step::kPause;
    const absl::string_view input = input_.unread();
    if (input.empty()) return Step::kNeedInput;
    const absl::Span<char> room = upload_->Lend();
    const std::size_t bytes = std::min(input.size(), room.size());
    std::memcpy(room.data(), input.data(), bytes);
    input_.Consume(bytes);
    upload_->Received(bytes);
  }
  upload_ = nullptr;
  return Step::kAgain;
}

void ClientSession::EndUpload(const UploadExchange* exchange, std::size_t missing_bytes) {
  if (upload_ != exchange) return;
  upload_ = nullptr;
  discard_ = missing_bytes;
}

ClientSession::Step ClientSession::Discard() {
  const std::uint64_t bytes = std::min<std::uint64_t>(discard_, input_.unread().size());
  input_.Consume(bytes);
  discard_ -= bytes;
  return discard_ > 0 ? Step::kNeedInput : Step::kAgain;
}

void ClientSession::Dispatch(const Request& request, const client::OutgoingValue& value) {
  if (IsRetrieval(request.operation)) return DispatchRetrieval(&worker_.request);
  if (HasKey(request.operation)) return DispatchKey(request, value);
  DispatchLocal(request);
}

void ClientSession::DispatchRetrieval(Request* request) {
  request->quiet = request->key_is_base64 = false;
  protocol::KeyIterator keys(request->keys);
  absl::string_view key;
  (void)keys.Next(&key);
  absl::string_view another;
  if (!keys.Next(&another) && cut_line_failed_ == nullptr) {
    request->key = key;
    request->keys = {};
    return DispatchKey(*request, {});
  }
  DispatchKeys(*request, true);
}

// `ends_line`: these are its last keys; else there was no room for more.
void ClientSession::DispatchKeys(const Request& request, bool ends_line) {
  MultiGetExchange* const exchange = worker_.multi_gets.Take();
  exchange->Send(this, tree(), request, ends_line,
                 ends_line ? std::move(cut_line_failed_) : cut_line_failed_);
  exchanges_.PushBack(exchange, exchange->key_count());
}

void ClientSession::DispatchKey(const Request& request, const client::OutgoingValue& value) {
  worker_.operations[request.operation].Add();
  char scratch[protocol::kMaxKeyBytes];
  const absl::string_view key = protocol::KeyBytes(request, scratch);
  if (absl::StartsWith(key, kAdminPrefix) && DispatchAdminKey(key)) return;
  worker_.hot_keys.Record(request.operation, key);
  absl::string_view stripped;
  Route* const route = tree()->tree->For(key, &stripped);
  if (route == nullptr) {
    worker_.counters[RouterCounter::kNoRoutes].Add();
    worker_.latencies.RecordAtOnce(request.operation);
    return Refuse(request, "SERVER_ERROR RootRoute: No rh found\r\n");
  }
  LocalCache::Ticket ticket;
  if (worker_.hot_keys.caches()) [[unlikely]] {
    const bool had_prefix = stripped.size() != key.size();
    if (AnswerFromCopy(request, stripped, had_prefix, &ticket)) return;
  }
  SingleExchange* const exchange = NextSingle();
  if (ticket) exchange->set_copy_ticket(ticket);
  if (stripped.size() == key.size()) {
    const FirstStep step = route->First(request, key);
    if (step.pool != nullptr) return exchange->SendFirst(this, tree(), step, request, value);
  }
  exchange->SendCall(this, tree(), route, request.key_is_base64 ? request.key : stripped, request,
                     value);
}

bool ClientSession::AnswerFromCopy(const Request& request, absl::string_view key, bool had_prefix,
                                   LocalCache::Ticket* ticket) {
  LocalCache& cache = worker_.hot_keys.cache();
  if (ChangesItem(request)) {
    *ticket = cache.BeginWrite(key);
    return false;
  }
  if (request.operation != Operation::kGet || had_prefix) return false;
  client::OutgoingValue copy = cache.FindWithEnd(key, worker_.loop.MonotonicNow(), ticket);
  if (copy.owner == nullptr) return false;
  worker_.counters[RouterCounter::kHits].Add();
  worker_.counters[RouterCounter::kHotKeyHits].Add();
  worker_.latencies.RecordAtOnce(request.operation);
  NextSingle()->AnswerShared(this, std::move(copy));
  return true;
}

bool ClientSession::DispatchAdminKey(absl::string_view key) {
  if (!IsRetrieval(worker_.request.operation)) return false;
  worker_.latencies.RecordAtOnce(worker_.request.operation);
  const absl::StatusOr<std::string> value =
      worker_.local.AnswerKey(key.substr(kAdminPrefix.size()), *tree()->tree);
  if (!value.ok()) {
    AnswerOwned(absl::StrCat("SERVER_ERROR ", value.status().message(), "\r\n"));
  } else {
    AnswerOwned(absl::StrCat("VALUE ", key, " 0 ", value->size(), "\r\n", *value, "\r\nEND\r\n"));
  }
  return true;
}

void ClientSession::DispatchLocal(const Request& request) {
  worker_.operations[request.operation].Add();
  if (BroadcastExchange::Takes(request, worker_.options)) {
    BroadcastExchange* const exchange = worker_.broadcasts.Take();
    exchanges_.PushBack(exchange);
    return exchange->Send(this, tree(), request);
  }
  worker_.latencies.RecordAtOnce(request.operation);
  if (request.operation == Operation::kMetaNoOp) {
    return Answer(protocol::ReplyText(StandardReply::kMetaNoOp));
  }
  const bool asks_for_members = request.operation == Operation::kConfig &&
                                request.arguments == protocol::kClusterConfigArguments;
  if (asks_for_members && !tree()->tree->backend_pools().empty()) {
    return AnswerOwned(ClusterConfigReply(*tree()->tree->backend_pools().front()));
  }
  std::string reply = worker_.local.Answer(request);
  if (!(request.quiet && protocol::QuietHides(request.operation, protocol::ReplyKind::kOk))) {
    AnswerOwned(std::move(reply));
  }
}

SingleExchange* ClientSession::NextSingle() {
  SingleExchange* const exchange = worker_.singles.Take();
  exchanges_.PushBack(exchange);
  return exchange;
}

void ClientSession::Answer(absl::string_view text) { NextSingle()->Answer(this, text); }

void ClientSession::Refuse(const Request& request, absl::string_view error) {
  const bool hidden =
      request.quiet && protocol::QuietHides(request.operation, protocol::ReplyKind::kServerError);
  if (!hidden) Answer(error);
}

void ClientSession::AnswerOwned(std::string text) {
  NextSingle()->AnswerOwned(this, std::move(text));
}

void ClientSession::SendReady() {
  ready_ = false;
  while (sending_ == nullptr && !closing_) {
    OutputBuffer& output = *worker_.output;
    while (!exchanges_.empty() && !output.full()) {
      Exchange* const front = exchanges_.front();
      if (!front->done()) {
        if (!front->flows() || !front->MoveParts(&output) || output.full()) break;
      }
      exchanges_.PopFront()->MoveTo(&output);
    }
    if (output.empty()) break;
    if (SendAll(&output)) {
      output.Clear();
    } else {
      sending_ = std::exchange(worker_.output, std::make_unique<OutputBuffer>(&worker_.buffers));
      if (!AddKept(sending_->bytes())) return;
    }
  }
  CloseIfDone();
  if (paused_ && !MustPause()) {
    paused_ = false;
    connection_->ResumeReceiving();
  }
}

bool ClientSession::SendAll(OutputBuffer* output) {
  do {
    if (!connection_->Send(output->Spans())) return false;
  } while (output->Advance());
  return true;
}

Progress ClientSession::OnSent() {
  if (sending_->Advance() && !SendAll(sending_.get())) {
    return paused_ || last_input_ ? Progress::kPause : Progress::kContinue;
  }
  ReleaseKept(sending_->bytes());
  sending_.reset();
  if (MarkReady()) worker_.wake_up.AddReadyMarked(this);
  return paused_ || last_input_ ? Progress::kPause : Progress::kContinue;
}

void ClientSession::CloseIfDone() {
  if (!last_input_ || closing_ || sending_ != nullptr || !exchanges_.empty()) return;
  closing_ = true;
  connection_->Drain();
}

Progress ClientSession::OnPeerEnded() {
  if (exchanges_.empty() && sending_ == nullptr) return Progress::kClose;
  last_input_ = true;
  if (upload_ != nullptr) upload_->GiveUp();
  return Progress::kPause;
}

void ClientSession::Drain() {
  last_input_ = true;
  if (upload_ != nullptr) upload_->GiveUp();
  if (MarkReady()) worker_.wake_up.AddReadyMarked(this);
}

bool ClientSession::AddKept(std::size_t bytes) {
  kept_bytes_ += bytes;
  // Relaxed: a bound, which may be passed by what others add meanwhile.
  const std::size_t all = worker_.reply_bytes.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  const bool too_much = kept_bytes_ > worker_.options.max_client_reply_bytes ||
                        (all > worker_.options.max_reply_bytes && sending_ != nullptr);
  if (!too_much || closing_) return true;
  worker_.counters[RouterCounter::kSlowClients].Add();
  closing_ = true;
  connection_->Close(net::CloseReason::kLocal);
  return false;
}

void ClientSession::Abort() {
  if (std::exchange(closing_, true)) return;
  connection_->Close(net::CloseReason::kLocal);
}

void ClientSession::ReleaseKept(std::size_t bytes) {
  if (bytes == 0) return;
  kept_bytes_ -= bytes;
  worker_.reply_bytes.fetch_sub(bytes, std::memory_order_relaxed);
}

}  // namespace ringcache::router

#include "server/session.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/time/time.h"
#include "protocol/key_iterator.h"
#include "protocol/retrieval_cut.h"
#include "protocol/standard_reply.h"
#include "server/dump/dump_stream.h"

namespace ringcache::server {

using net::Progress;
using protocol::Operation;
using protocol::ParseStatus;
using protocol::Request;
using protocol::StandardReply;

namespace {

constexpr std::size_t kNewlineBytes = 2;
// More than a connection carries: a watcher's input.
constexpr std::uint64_t kEverything = ~std::uint64_t{0};

}  // namespace

Session::~Session() {
  if (dumping_) worker_.dumps.erase(this);
}

absl::Span<char> Session::LendReceiveBuffer() {
  // The wake-up's clock is read before what the requests in it cost: receiving is the first of it.
  worker_.loop.MonotonicNowNs();
  if (value_ != nullptr && input_.empty()) {
    const absl::Span<char> rest =
        value_->pending.RoomFrom(value_->received, worker_.executor.now());
    if (rest.size() >= kDirectReceiveBytes) {
      lent_item_ = true;
      return rest;
    }
  }
  return input_.Lend();
}

Progress Session::OnReceived(std::size_t bytes) {
  if (lent_item_) {
    value_->received += bytes;
    lent_item_ = false;
  } else {
    input_.Received(bytes);
  }
  yielded_ = false;
  return Run();
}

Progress Session::OnSent() {
  if (sending_ != nullptr && sending_->Advance() && !SendAll(sending_.get())) {
    return Progress::kPause;
  }
  sending_.reset();
  blocked_.store(false, std::memory_order_relaxed);
  if (closing_) return Progress::kClose;
  if (watch_ != nullptr) watch_->OnSent();
  return yielded_ ? Progress::kContinue : Run();
}

Progress Session::OnPeerEnded() {
  if (watch_ != nullptr) {
    watch_->Stop();
    return Progress::kClose;
  }
  if (sending_ == nullptr && !yielded_) return Progress::kClose;
  last_input_ = true;
  return sending_ != nullptr ? Progress::kPause : Progress::kContinue;
}

void Session::Drain() {
  if (watch_ != nullptr) watch_->Stop();
  if (sending_ == nullptr && !yielded_) {
    connection_->Drain();
  } else {
    last_input_ = true;
  }
}

Progress Session::Run() {
  const std::int64_t wall = absl::ToUnixSeconds(worker_.loop.WallNow());
  worker_.executor.SetWallTime(wall);
  worker_.executor.SetClient(id_);
  Touch();
  budget_ = static_cast<std::uint32_t>(worker_.max_operations_per_event);
  for (;;) {
    const Step step = RunBatch();
    if (step == Step::kAgain && budget_ > 0) continue;
    const bool taken = FlushAndTime();
    switch (step) {
      case Step::kClose:
        closing_ = true;
        // The connection sends what it has been given, which may not be all.
        return taken || !sending_->HasMore() ? Progress::kClose : Progress::kPause;
      case Step::kNeedInput:
        if (last_input_) {
          closing_ = true;
          return Progress::kClose;
        }
        input_.Settle();
        return taken ? Progress::kContinue : Progress::kPause;
      case Step::kRepliesFull:
        if (taken) continue;
        return Progress::kPause;
      case Step::kAgain:
        if (!taken) return Progress::kPause;
        worker_.executor.stats()[ServerCounter::kYields].Add();
        yielded_ = true;
        return Progress::kYield;
    }
  }
}

Session::Step Session::RunBatch() {
  if (discard_ > 0) return Discard();
  if (dumping_) return ContinueDump();
  if (value_ != nullptr) return ContinueLargeValue();
  if (input_.empty()) return Step::kNeedInput;
  RequestBatch& batch = worker_.batch;
  batch.Clear();
  Collected collected = Collect(std::min<std::size_t>(budget_, RequestBatch::kMaxCommands));
  batch.PrefetchItems(worker_.executor.store());
  const bool all = ExecuteBatch(&collected.bytes);
  input_.Consume(collected.bytes);
  if (!all) return Step::kRepliesFull;
  budget_ -= static_cast<std::uint32_t>(batch.size());
  if (collected.cut_line_ends) {
    const std::unique_ptr<std::string> head = std::move(cut_head_);
    return input_.PutBack(*head) ? Step::kAgain : Step::kClose;
  }
  if (collected.special == Special::kNone) return Step::kAgain;
  if (collected.special == Special::kIncomplete) return Step::kNeedInput;
  return HandleSpecial(collected);
}

Session::Collected Session::Collect(std::size_t max_commands) {
  const absl::string_view input = input_.unread();
  const char* at = input.data();
  const char* const end = at + input.size();
  RequestBatch& batch = worker_.batch;
  Collected collected;
  if (rest_.keys_bytes > 0) {
    RequestBatch::Line& line = batch.NextLine();
    line.request.operation = rest_.operation;
    line.request.quiet = line.request.key_is_base64 = false;
    line.request.exptime_s = rest_.exptime_s;
    line.request.keys = absl::string_view(at, rest_.keys_bytes);
    line.end = at + rest_.line_bytes;
    rest_.keys_bytes = 0;
    CollectKeys(line, line.request.keys, nullptr, max_commands, &at);
    collected.cut_line_ends = cut_head_ != nullptr && rest_.keys_bytes == 0;
  }
  while (batch.size() < max_commands && !collected.cut_line_ends) {
    if (at == end) {
      collected.special = Special::kIncomplete;
      break;
    }
    RequestBatch::Line& line = batch.NextLine();
    const absl::string_view rest(at, static_cast<std::size_t>(end - at));
    collected.parse = protocol::ParseRequest(rest, &line.request);
    if (collected.parse.status != ParseStatus::kOk) {
      collected.special = Special::kIncomplete;
      if (collected.parse.status == ParseStatus::kInvalid) collected.special = Special::kInvalid;
      if (collected.parse.status == ParseStatus::kClose) collected.special = Special::kClose;
      break;
    }
    line.end = at + collected.parse.consumed;
    if (!unrestricted_ && !Grants(line.request)) {
      collected.special = Special::kDenied;
      break;
    }
    if (IsRetrieval(line.request.operation)) {
      CollectKeys(line, line.request.keys, at, max_commands, &at);
      collected.cut_line_ends = cut_head_ != nullptr && rest_.keys_bytes == 0;
    } else {
      collected.special = CollectCommand(line, at, end, &at);
      if (collected.special != Special::kNone) break;
    }
  }
  collected.bytes = static_cast<std::size_t>(at - input.data());
  return collected;
}

Session::Special Session::CollectCommand(const RequestBatch::Line& line, const char* begin,
                                         const char* end, const char** at) {
  const Request& request = line.request;
  if (request.operation == Operation::kWatch) return Special::kWatch;
  if (request.operation == Operation::kLruCrawler && DumpStream::IsAskedFor(request.arguments)) {
    return Special::kDump;
  }
  const char* next = line.end;
  absl::string_view value;
  if (HasDataBlock(request.operation)) {
    const std::size_t value_bytes = request.value_bytes;
    if (static_cast<std::size_t>(end - next) < value_bytes + kNewlineBytes) {
      return Special::kUnfinishedValue;
    }
    value = absl::string_view(next, value_bytes);
    next += value_bytes;
    if (next[0] != '\r' || next[1] != '\n') return Special::kBadDataBlock;
    next += kNewlineBytes;
  }
  RequestBatch& batch = worker_.batch;
  batch.Add(worker_.executor.store(), line, request.key, begin).value = value;
  batch.KeepLine();
  *at = next;
  return request.operation == Operation::kQuit ? Special::kQuit : Special::kNone;
}

// Adds keys until the line or the room ends; `begin` is the line's start, null if keys before these
// were answered already. `*at` becomes the end of the line, or the first key that did not fit.
void Session::CollectKeys(const RequestBatch::Line& line, absl::string_view keys, const char* begin,
                          std::size_t max_commands, const char** at) {
  RequestBatch& batch = worker_.batch;
  const storage::Store& store = worker_.executor.store();
  protocol::KeyIterator iterator(keys);
  absl::string_view key;
  bool more = iterator.Next(&key);
  bool first = begin != nullptr;
  while (more && batch.size() < max_commands) {
    RequestBatch::Entry& entry = batch.Add(store, line, key, first ? begin : key.data());
    entry.continues_retrieval = !first;
    first = false;
    more = iterator.Next(&key);
    entry.ends_retrieval = !more && cut_head_ == nullptr;
  }
  batch.KeepLine();
  if (!more) {
    *at = line.end;
    return;
  }
  RememberRest(line, key.data());
  *at = key.data();
}

void Session::RememberRest(const RequestBatch::Line& line, const char* key) {
  const absl::string_view keys = line.request.keys;
  rest_.operation = line.request.operation;
  rest_.exptime_s = line.request.exptime_s;
  rest_.keys_bytes = static_cast<std::uint32_t>(keys.data() + keys.size() - key);
  rest_.line_bytes = static_cast<std::uint32_t>(line.end - key);
}

bool Session::ExecuteBatch(std::size_t* bytes) {
  const RequestBatch& batch = worker_.batch;
  ReplyBuffer& reply = *worker_.reply;
  const bool raw = worker_.executor.events().Wants(kRawCommands);
  const bool watched = worker_.hot_keys.LooksAtBatch();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const RequestBatch::Entry& entry = batch[i];
    if (reply.full()) {
      rest_.keys_bytes = 0;
      if (entry.continues_retrieval) RememberRest(*entry.line, entry.begin);
      *bytes = static_cast<std::size_t>(entry.begin - input_.unread().data());
      budget_ -= static_cast<std::uint32_t>(i);
      return false;
    }
    if (raw && !entry.continues_retrieval) {
      NoteRawCommand({entry.begin, static_cast<std::size_t>(entry.line->end - entry.begin)});
    }
    if (watched && !entry.key.empty()) [[unlikely]] {
      worker_.hot_keys.Record(entry.line->request.operation, entry.key);
    }
    worker_.executor.Execute(Command{entry.line->request, entry.key, entry.hash, entry.value},
                             &reply);
    if (entry.ends_retrieval) reply.Append("END\r\n");
    if (entry.ends_retrieval || !IsRetrieval(entry.line->request.operation)) {
      CountExecuted(entry.line->request);
    }
  }
  return true;
}

bool Session::CutRetrieval() {
  Request& request = worker_.batch.NextLine().request;
  std::optional<protocol::RetrievalCut> cut =
      protocol::CutRetrieval(input_.mutable_unread(), &request);
  if (!cut) return false;
  cut_head_ = std::make_unique<std::string>(std::move(cut->head));
  return true;
}

Session::Step Session::HandleSpecial(const Collected& collected) {
  if (collected.special == Special::kClose && CutRetrieval()) return Step::kAgain;
  if (collected.special == Special::kQuit || collected.special == Special::kClose) {
    return Step::kClose;
  }
  // Its line is parsed again when there is room for the answer.
  if (worker_.reply->full()) return Step::kRepliesFull;
  const Request& request = worker_.batch.NextLine().request;
  if (collected.special != Special::kUnfinishedValue || request.value_bytes > kBufferedValueBytes) {
    NoteRawCommand(input_.unread().substr(0, collected.parse.consumed));
  }
  switch (collected.special) {
    case Special::kInvalid:
      if (!collected.parse.quiet) {
        worker_.reply->Append(protocol::ErrorText(collected.parse.error));
      }
      discard_ = collected.parse.discard_bytes;
      break;
    case Special::kDenied:
      worker_.reply->Append(protocol::ReplyText(StandardReply::kUnauthenticated));
      if (HasDataBlock(request.operation)) {
        discard_ = std::uint64_t{request.value_bytes} + kNewlineBytes;
      }
      break;
    case Special::kWatch:
      BeginWatching(request);
      break;
    case Special::kDump:
      BeginDump(request);
      break;
    case Special::kBadDataBlock:
      worker_.executor.CountSet(request);
      CountExecuted(request);
      AppendUnlessQuiet(request, StandardReply::kBadDataChunk);
      discard_ = std::uint64_t{request.value_bytes} + kNewlineBytes;
      break;
    case Special::kUnfinishedValue:
      if (request.value_bytes <= kBufferedValueBytes) return Step::kNeedInput;
      BeginLargeValue(request, collected.parse.consumed);
      break;
    case Special::kNone:
    case Special::kIncomplete:
    case Special::kQuit:
    case Special::kClose:
      break;
  }
  input_.Consume(collected.parse.consumed);
  return Step::kAgain;
}

void Session::NoteRawCommand(absl::string_view line) {
  EventWriter& events = worker_.executor.events();
  if (!events.Wants(kRawCommands)) return;
  Event event;
  event.kind = EventKind::kRawCommand;
  event.client = id_;
  events.Write(event, line.substr(0, line.find_last_not_of("\r\n") + 1));
}

void Session::BeginWatching(const Request& request) {
  CommandExecutor& executor = worker_.executor;
  const EventStreams streams = ParseEventStreams(request.arguments);
  StandardReply answer = StandardReply::kOk;
  if (!executor.options().allow_watch) {
    answer = StandardReply::kWatchNotAllowed;
  } else if (!worker_.reply->empty()) {
    answer = StandardReply::kCannotPipelineWatch;
  } else if (streams == kNoStreams) {
    answer = StandardReply::kError;
  } else {
    watch_ = WatchStream::Open(&executor.events().log(), streams, &worker_.loop, connection_);
    if (watch_ == nullptr) answer = StandardReply::kWatcherTooMany;
  }
  if (watch_ != nullptr) discard_ = kEverything;
  worker_.reply->Append(protocol::ReplyText(answer));
}

void Session::BeginDump(const Request& request) {
  CommandExecutor& executor = worker_.executor;
  StandardReply refusal = StandardReply::kError;
  std::unique_ptr<DumpStream> dump = DumpStream::Open(
      &executor.store(), request.arguments,
      {.allowed = executor.options().allow_dump, .pipelined = !worker_.reply->empty()}, &refusal);
  if (dump == nullptr) return worker_.reply->Append(protocol::ReplyText(refusal));
  worker_.dumps[this] = std::move(dump);
  dumping_ = true;
}

Session::Step Session::ContinueDump() {
  ReplyBuffer& reply = *worker_.reply;
  if (reply.full()) return Step::kRepliesFull;
  std::string text;
  if (!worker_.dumps[this]->Next(worker_.executor.now(), &text)) {
    worker_.dumps.erase(this);
    dumping_ = false;
  }
  budget_ -= std::min(budget_, DumpStream::kItemsPerStep);
  if (text.size() > ReplyBuffer::kMaxReserveBytes) {
    reply.AppendOwned(std::move(text));
  } else if (!text.empty()) {
    reply.Append(text);
  }
  return Step::kAgain;
}

void Session::BeginLargeValue(const Request& request, std::size_t line_bytes) {
  CommandExecutor& executor = worker_.executor;
  char scratch[protocol::kMaxKeyBytes];
  const Command command = CommandOf(request, scratch);
  storage::PendingItem pending = executor.BeginValue(command);
  if (!pending) {
    executor.RefuseValue(command, pending.failure(), worker_.reply.get());
    CountExecuted(request);
    discard_ = std::uint64_t{request.value_bytes} + kNewlineBytes;
    return;
  }
  value_ = std::make_unique<LargeValue>();
  value_->line = std::string(input_.unread().substr(0, line_bytes));
  value_->pending = std::move(pending);
}

Session::Step Session::ContinueLargeValue() {
  // Without room for an answer there is none for a refusal.
  if (worker_.reply->full()) return Step::kRepliesFull;
  const std::size_t value_bytes = value_->pending.value_bytes();
  if (ReceiveValue()) {
    const bool complete =
        value_->received == value_bytes && input_.unread().size() >= kNewlineBytes;
    return complete ? EndLargeValue() : Step::kNeedInput;
  }
  const std::unique_ptr<LargeValue> refused = std::move(value_);
  discard_ = std::uint64_t{value_bytes} - refused->received + kNewlineBytes;
  const Request& request = ParseAgain(refused->line);
  CountExecuted(request);
  char scratch[protocol::kMaxKeyBytes];
  worker_.executor.RefuseValue(CommandOf(request, scratch), storage::StoreOutcome::kOutOfMemory,
                               worker_.reply.get());
  return Step::kAgain;
}

const Request& Session::ParseAgain(absl::string_view line) {
  worker_.batch.Clear();
  Request& request = worker_.batch.NextLine().request;
  protocol::ParseRequest(line, &request);
  return request;
}

Command Session::CommandOf(const Request& request, char (&scratch)[protocol::kMaxKeyBytes]) const {
  const absl::string_view key = protocol::KeyBytes(request, scratch);
  return Command{request, key, worker_.executor.store().Hash(key), absl::string_view()};
}

bool Session::ReceiveValue() {
  storage::PendingItem& pending = value_->pending;
  while (value_->received < pending.value_bytes() && !input_.empty()) {
    const absl::Span<char> room = pending.RoomFrom(value_->received, worker_.executor.now());
    if (room.empty()) return false;
    const std::size_t bytes = std::min(room.size(), input_.unread().size());
    std::memcpy(room.data(), input_.unread().data(), bytes);
    value_->received += bytes;
    input_.Consume(bytes);
  }
  return true;
}

Session::Step Session::EndLargeValue() {
  const bool ends_well = input_.unread().substr(0, kNewlineBytes) == "\r\n";
  input_.Consume(kNewlineBytes);
  const std::unique_ptr<LargeValue> complete = std::move(value_);
  const Request& request = ParseAgain(complete->line);
  CountExecuted(request);
  if (!ends_well) {
    worker_.executor.CountSet(request);
    AppendUnlessQuiet(request, StandardReply::kBadDataChunk);
    return Step::kAgain;
  }
  char scratch[protocol::kMaxKeyBytes];
  const Command command = CommandOf(request, scratch);
  if (worker_.hot_keys.LooksAtBatch()) worker_.hot_keys.Record(request.operation, command.key);
  worker_.executor.FinishValue(command, std::move(complete->pending), worker_.reply.get());
  budget_ -= std::min(budget_, 1u);
  return Step::kAgain;
}

Session::Step Session::Discard() {
  const std::uint64_t bytes = std::min<std::uint64_t>(discard_, input_.unread().size());
  input_.Consume(bytes);
  discard_ -= bytes;
  return discard_ > 0 ? Step::kNeedInput : Step::kAgain;
}

bool Session::Grants(const Request& request) {
  switch (worker_.policy.Check(request)) {
    case Access::kUnrestricted:
      unrestricted_ = true;
      return true;
    case Access::kGranted:
      return true;
    case Access::kDenied:
      return false;
  }
  return false;
}

void Session::AppendUnlessQuiet(const Request& request, StandardReply answer) {
  if (request.quiet && protocol::QuietHides(request.operation, protocol::KindOf(answer))) return;
  worker_.reply->Append(protocol::ReplyText(answer));
}

bool Session::Flush() {
  if (worker_.reply->empty()) return sending_ == nullptr;
  if (SendAll(worker_.reply.get())) {
    worker_.reply->Clear();
    return true;
  }
  worker_.executor.stats()[ServerCounter::kPauses].Add();
  blocked_.store(true, std::memory_order_relaxed);
  sending_ = std::exchange(worker_.reply, std::make_unique<ReplyBuffer>(&worker_.buffers));
  return false;
}

bool Session::FlushAndTime() {
  const bool taken = Flush();
  CommandLatencies& latencies = worker_.executor.stats().latencies();
  if (latencies.any()) latencies.Record(worker_.loop.PresentNs() - worker_.loop.MonotonicNowNs());
  return taken;
}

bool Session::SendAll(ReplyBuffer* reply) {
  do {
    if (!connection_->Send(reply->Spans())) return false;
  } while (reply->Advance());
  return true;
}

}  // namespace ringcache::server

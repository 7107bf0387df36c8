#include "tools/trace/server_target.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "protocol/operation.h"
#include "protocol/reply.h"
#include "tools/trace/resident_memory.h"

namespace ringcache::trace {
namespace {

using protocol::Operation;
using protocol::ReplyKind;

constexpr absl::string_view kProbeKey = "ringcache-trace-probe-item";
constexpr std::size_t kProbeValueBytes = 100;
// An overhead above this is something else's doing, such as another client's.
constexpr std::uint64_t kMostOverheadBytes = 512;

}  // namespace

absl::StatusOr<std::unique_ptr<ServerTarget>> ServerTarget::Connect(
    const net::SocketAddress& address, const ServerOptions& options) {
  auto session = PipelineSession::Connect(address);
  absl::Status status = session.status();
  if (status.ok()) {
    std::unique_ptr<ServerTarget> target(new ServerTarget(*std::move(session), options.is_local));
    status = target->Greet(options);
    if (status.ok()) return target;
  }
  return absl::UnavailableError(absl::StrCat(address.ToString(), ": ", status.message()));
}

ServerTarget::ServerTarget(std::unique_ptr<PipelineSession> session, bool is_local)
    : session_(std::move(session)), is_local_(is_local), value_(kMaxStoredBytes, 'v') {}

absl::Status ServerTarget::Greet(const ServerOptions& options) {
  session_->Command(Operation::kVersion);
  if (options.flush) session_->Command(Operation::kFlushAll);
  absl::Status status = session_->Exchange();
  if (!status.ok()) return status;
  if (session_->answers()[0].kind != ReplyKind::kVersion) {
    return absl::UnavailableError(absl::StrCat("does not tell its version: ", session_->text()));
  }
  name_ = absl::StrCat(options.label, " ", session_->text());
  status = MeasureItemOverhead();
  if (!status.ok()) return status;
  const absl::StatusOr<Stats> stats = ReadStats();
  if (!stats.ok()) return stats.status();
  pid_ = stats->pid;
  evictions_before_ = stats->evictions;
  return absl::OkStatus();
}

absl::Status ServerTarget::MeasureItemOverhead() {
  const absl::StatusOr<Stats> before = ReadStats();
  if (!before.ok()) return before.status();
  session_->Store(Operation::kSet, kProbeKey, 0,
                  absl::string_view(value_).substr(0, kProbeValueBytes));
  const absl::Status stored = session_->Exchange();
  if (!stored.ok()) return stored;
  const absl::StatusOr<Stats> after = ReadStats();
  if (!after.ok()) return after.status();
  session_->Delete(kProbeKey);
  const std::uint64_t overhead =
      after->item_bytes - before->item_bytes - kProbeKey.size() - kProbeValueBytes;
  if (after->items == before->items + 1 && overhead <= kMostOverheadBytes) {
    overhead_bytes_ = overhead;
  }
  return session_->Exchange();
}

absl::StatusOr<ServerTarget::Stats> ServerTarget::ReadStats() {
  session_->Command(Operation::kStats);
  const absl::Status status = session_->Exchange();
  if (!status.ok()) return status;
  if (session_->stats().empty()) {
    return absl::UnavailableError(absl::StrCat("has no stats: ", session_->text()));
  }
  Stats stats;
  for (const auto& [name, value] : session_->stats()) {
    // What is no number stays 0.
    if (name == "limit_maxbytes") (void)absl::SimpleAtoi(value, &stats.limit_bytes);
    if (name == "curr_items") (void)absl::SimpleAtoi(value, &stats.items);
    if (name == "bytes") (void)absl::SimpleAtoi(value, &stats.item_bytes);
    if (name == "evictions") (void)absl::SimpleAtoi(value, &stats.evictions);
    if (name == "pid") (void)absl::SimpleAtoi(value, &stats.pid);
  }
  return stats;
}

absl::Status ServerTarget::Replay(absl::Span<const TraceRequest> batch,
                                  std::vector<std::uint8_t>* hits) {
  std::uint8_t* out = hits->data();
  while (!batch.empty()) {
    const std::size_t length = RoundLength(batch);
    const absl::Status status = ReplayRound(batch.first(length), out);
    if (!status.ok()) return absl::UnavailableError(absl::StrCat(name_, ": ", status.message()));
    batch.remove_prefix(length);
    out += length;
  }
  return absl::OkStatus();
}

std::size_t ServerTarget::RoundLength(absl::Span<const TraceRequest> batch) {
  read_keys_.clear();
  std::size_t value_bytes = 0;
  std::size_t length = 0;
  for (; length < batch.size(); ++length) {
    const TraceRequest& request = batch[length];
    value_bytes += std::min(request.value_bytes, kMaxStoredBytes);
    if (length > 0 && value_bytes > kMaxRoundBytes) break;
    if (request.operation == TraceOperation::kRead) {
      read_keys_.insert(request.key);
    } else if (read_keys_.contains(request.key)) {
      break;
    }
  }
  return length;
}

// Whether there will be an answer.
bool ServerTarget::QueueStore(const TraceRequest& request, Operation operation) {
  if (request.value_bytes > kMaxStoredBytes) {
    ++stores_.too_large;
    return false;
  }
  session_->Store(operation, request.key, std::min(request.ttl_s, kMaxTtlSeconds),
                  absl::string_view(value_).substr(0, request.value_bytes));
  return true;
}

absl::Status ServerTarget::ReplayRound(absl::Span<const TraceRequest> round, std::uint8_t* hits) {
  queued_.clear();
  missed_.clear();
  for (std::size_t i = 0; i < round.size(); ++i) {
    const TraceRequest& request = round[i];
    hits[i] = 0;
    bool queued = true;
    switch (request.operation) {
      case TraceOperation::kRead:
        session_->Get(request.key);
        break;
      case TraceOperation::kSet:
        queued = QueueStore(request, Operation::kSet);
        break;
      case TraceOperation::kAdd:
        queued = QueueStore(request, Operation::kAdd);
        break;
      case TraceOperation::kReplace:
        queued = QueueStore(request, Operation::kReplace);
        break;
      case TraceOperation::kDelete:
        session_->Delete(request.key);
        break;
    }
    if (queued) queued_.push_back(i);
  }
  absl::Status status = session_->Exchange();
  for (std::size_t i = 0; status.ok() && i < queued_.size(); ++i) {
    const TraceOperation operation = round[queued_[i]].operation;
    const PipelineAnswer& answer = session_->answers()[i];
    if (operation == TraceOperation::kRead) {
      hits[queued_[i]] = answer.hit ? 1 : 0;
      if (!answer.hit) missed_.push_back(queued_[i]);
    } else if (operation != TraceOperation::kDelete) {
      CountStore(answer);
    }
  }
  while (status.ok() && !missed_.empty()) status = FillMissed(round, hits);
  return status;
}

absl::Status ServerTarget::FillMissed(absl::Span<const TraceRequest> round, std::uint8_t* hits) {
  // Each call stores the first miss of every key, so it leaves fewer than it found.
  queued_.clear();
  read_keys_.clear();
  std::vector<bool> is_store;
  for (const std::size_t i : missed_) {
    const bool store = read_keys_.insert(round[i].key).second;
    if (store && !QueueStore(round[i], Operation::kSet)) continue;
    if (!store) session_->Get(round[i].key);
    queued_.push_back(i);
    is_store.push_back(store);
  }
  missed_.clear();
  const absl::Status status = session_->Exchange();
  for (std::size_t i = 0; status.ok() && i < queued_.size(); ++i) {
    const PipelineAnswer& answer = session_->answers()[i];
    if (is_store[i]) {
      CountStore(answer);
    } else {
      hits[queued_[i]] = answer.hit ? 1 : 0;
      if (!answer.hit) missed_.push_back(queued_[i]);
    }
  }
  return status;
}

void ServerTarget::CountStore(const PipelineAnswer& answer) {
  if (answer.kind == ReplyKind::kStored) {
    ++stores_.stored;
  } else if (answer.kind == ReplyKind::kNotStored) {
    ++stores_.not_stored;
  } else if (answer.out_of_memory) {
    ++stores_.out_of_memory;
  } else if (answer.too_large) {
    ++stores_.too_large;
  } else {
    ++stores_.other_errors;
  }
}

absl::StatusOr<TargetFigures> ServerTarget::Figures() {
  const absl::StatusOr<Stats> stats = ReadStats();
  if (!stats.ok()) return stats.status();
  TargetFigures figures;
  figures.limit_bytes = stats->limit_bytes;
  figures.items = stats->items;
  if (overhead_bytes_.has_value()) {
    figures.payload_bytes = static_cast<double>(stats->item_bytes) -
                            static_cast<double>(stats->items * *overhead_bytes_);
  }
  if (is_local_ && pid_ > 0) figures.resident_bytes = ResidentBytes(pid_);
  figures.evictions = stats->evictions - evictions_before_;
  figures.stores = stores_;
  return figures;
}

}  // namespace ringcache::trace

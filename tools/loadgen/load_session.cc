#include "tools/loadgen/load_session.h"

#include <sys/uio.h>

#include <bit>
#include <cstring>
#include <utility>

namespace ringcache::loadgen {

struct LoadSession::Tally {
  std::uint64_t requests = 0;
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t done = 0;
  std::uint64_t refused = 0;
  std::uint64_t errors = 0;

  void Add(RequestKind kind, const ReplyState& reply, std::uint32_t multiget) {
    ++requests;
    if (reply.error) {
      ++errors;
    } else if (kind == RequestKind::kGet) {
      hits += reply.hits;
      misses += multiget - reply.hits;
    } else {
      ++(reply.refused ? refused : done);
    }
  }
  void AddTo(LoadCounters* counters) const {
    (*counters)[LoadCounter::kRequests].Add(requests);
    (*counters)[LoadCounter::kHits].Add(hits);
    (*counters)[LoadCounter::kMisses].Add(misses);
    (*counters)[LoadCounter::kDone].Add(done);
    (*counters)[LoadCounter::kRefused].Add(refused);
    (*counters)[LoadCounter::kErrors].Add(errors);
  }
};

LoadSession::LoadSession(SessionResources* resources, Owner* owner, std::uint32_t capacity)
    : resources_(resources), owner_(owner) {
  pending_.resize(std::bit_ceil(capacity));
  ranks_.resize(pending_.size() * resources->workload->multiget);
  mask_ = static_cast<std::uint32_t>(pending_.size() - 1);
}

void LoadSession::SetConnection(std::unique_ptr<net::Connection> connection) {
  connection_ = std::move(connection);
}

void LoadSession::Issue(std::int64_t due_ns, std::uint32_t count) {
  for (; count > 0; --count, ++issued_) {
    Pending& pending = PendingAt(issued_);
    pending.due_ns = due_ns;
    pending.kind = resources_->source.Next(RanksAt(issued_));
  }
  if (!sending_) SendQueued();
}

void LoadSession::SendQueued() {
  if (sent_ == issued_) return;
  send_buffer_ = resources_->buffers.Take();
  const RequestRenderer& renderer = resources_->renderer;
  char* const begin = send_buffer_.data();
  char* const limit = begin + send_buffer_.size() - renderer.MaxBytes();
  char* out = begin;
  while (sent_ != issued_) {
    absl::string_view large_value;
    out = renderer.Write(out, PendingAt(sent_).kind, RanksAt(sent_), &large_value);
    ++sent_;
    if (large_value.empty() && out <= limit) continue;
    if (!SendBuffer(out - begin, large_value)) return;
    out = begin;
  }
  if (out != begin && !SendBuffer(out - begin, {})) return;
  send_buffer_.Reset();
}

// Returns whether the send buffer is free again.
bool LoadSession::SendBuffer(std::size_t bytes, absl::string_view large_value) {
  static constexpr char kNewline[] = "\r\n";
  const iovec spans[] = {{send_buffer_.data(), bytes},
                         {const_cast<char*>(large_value.data()), large_value.size()},
                         {const_cast<char*>(kNewline), 2}};
  sending_ = !connection_->Send(absl::MakeConstSpan(spans, large_value.empty() ? 1 : 3));
  return !sending_;
}

net::Progress LoadSession::OnSent() {
  sending_ = false;
  send_buffer_.Reset();
  SendQueued();
  return net::Progress::kContinue;
}

absl::Span<char> LoadSession::LendReceiveBuffer() {
  if (!receive_buffer_) {
    receive_buffer_ = resources_->buffers.Take();
    received_begin_ = received_end_ = 0;
  } else if (received_begin_ > 0) {
    std::memmove(receive_buffer_.data(), receive_buffer_.data() + received_begin_,
                 received_end_ - received_begin_);
    received_end_ -= received_begin_;
    received_begin_ = 0;
  }
  // Never empty: what stays behind is at most an incomplete line.
  return receive_buffer_.span().subspan(received_end_);
}

net::Progress LoadSession::OnReceived(std::size_t bytes) {
  received_end_ += bytes;
  const std::int64_t now_ns = owner_->OnBatchStarted();
  Tally tally;
  const bool valid = ConsumeReplies(now_ns, &tally);
  if (received_begin_ == received_end_) {
    receive_buffer_.Reset();
    received_begin_ = received_end_ = 0;
  }
  if (tally.requests > 0) {
    tally.AddTo(resources_->counters);
    owner_->OnBatchEnded(this, static_cast<std::uint32_t>(tally.requests));
  }
  if (valid) return net::Progress::kContinue;
  resources_->results.invalid_replies.Add();
  return net::Progress::kAbort;
}

// Returns false on a reply that is none.
bool LoadSession::ConsumeReplies(std::int64_t now_ns, Tally* tally) {
  while (answered_ != sent_) {
    const Pending& pending = PendingAt(answered_);
    const absl::string_view input(receive_buffer_.data() + received_begin_,
                                  received_end_ - received_begin_);
    if (input.empty()) return true;
    const ReplyStep step =
        resources_->checker.Consume(pending.kind, RanksAt(answered_), &reply_, input);
    received_begin_ += step.consumed;
    if (step.progress == ReplyProgress::kNeedMore) return true;
    if (step.progress == ReplyProgress::kInvalid) {
      problem_ = resources_->checker.problem();
      return false;
    }
    tally->Add(pending.kind, reply_, resources_->workload->multiget);
    resources_->RecordLatency(pending.due_ns, now_ns);
    reply_ = ReplyState();
    ++answered_;
  }
  if (received_begin_ == received_end_) return true;
  problem_ = "more bytes than the replies to what was sent";
  return false;
}

void LoadSession::GiveUp(std::int64_t now_ns) {
  for (; answered_ != issued_; ++answered_) {
    resources_->results.unanswered.Add();
    resources_->RecordLatency(PendingAt(answered_).due_ns, now_ns);
  }
}

void LoadSession::OnClosed(net::CloseReason reason) {
  if (problem_.empty()) {
    problem_ = reason == net::CloseReason::kPeerError ? "refused or reset by the server"
                                                      : "closed by the server";
  }
  receive_buffer_.Reset();
  send_buffer_.Reset();
  connection_.reset();
  owner_->OnLost(this);
}

}  // namespace ringcache::loadgen

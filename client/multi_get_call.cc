#include "client/multi_get_call.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "client/key_check.h"
#include "client/result_reader.h"
#include "protocol/request_writer.h"

namespace ringcache::client {

void MultiGetCall::Start(protocol::Operation operation, absl::Span<const absl::string_view> keys,
                         std::int64_t exptime_s, absl::Duration timeout, Callback callback) {
  operation_ = operation;
  exptime_s_ = exptime_s;
  deadline_ = context_.now() + timeout;
  callback_ = std::move(callback);
  results_.resize(keys.size());
  order_.clear();
  lines_.clear();
  open_lines_ = 0;
  CopyKeys(keys);
  Send(0);
  if (open_lines_ == 0) context_.ReportSoon(this);
}

void MultiGetCall::CopyKeys(absl::Span<const absl::string_view> keys) {
  text_.clear();
  key_ends_.assign(1, 0);
  unsent_.clear();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    results_[i].text = KeyProblem(keys[i]);
    if (results_[i].text.empty()) {
      unsent_.push_back(i);
    } else {
      results_[i].outcome = Outcome::kInvalid;
    }
    text_.append(keys[i].data(), keys[i].size());
    key_ends_.push_back(static_cast<std::uint32_t>(text_.size()));
  }
}

// Sends the keys of unsent_ to the members that are asked after `failovers` others.
void MultiGetCall::Send(std::size_t failovers) {
  constexpr std::uint64_t kKeyMask = 0xffffffff;
  for (std::uint64_t& entry : unsent_) {
    const auto key = static_cast<std::uint32_t>(entry & kKeyMask);
    entry = std::uint64_t{context_.pool().IndexFor(Key(key), failovers)} << 32 | key;
  }
  // Of equal members the keys stay in order.
  std::sort(unsent_.begin(), unsent_.end());
  const std::size_t first = order_.size();
  for (const std::uint64_t entry : unsent_) {
    order_.push_back(static_cast<std::uint32_t>(entry & kKeyMask));
  }
  // A line that fails at once calls this again.
  const std::vector<std::uint64_t> sent = std::exchange(unsent_, {});
  for (std::size_t begin = 0; begin < sent.size();) {
    const auto member = static_cast<std::uint32_t>(sent[begin] >> 32);
    std::size_t end = begin;
    while (end < sent.size() && sent[end] >> 32 == member) ++end;
    while (begin < end) {
      const std::size_t line_end = std::min(EndOfLine(first + begin) - first, end);
      SendLine(member, first + begin, first + line_end, failovers);
      begin = line_end;
    }
  }
}

// Where the line of keys that begins at order_[begin] is full.
std::size_t MultiGetCall::EndOfLine(std::size_t begin) const {
  std::size_t bytes = protocol::kMaxRetrievalStartBytes;
  std::size_t end = begin;
  while (end < order_.size() && end - begin < kMaxLineKeys) {
    bytes += Key(order_[end]).size() + 1;
    if (bytes > kMaxLineBytes && end > begin) break;
    ++end;
  }
  return end;
}

void MultiGetCall::SendLine(std::uint32_t member, std::size_t begin, std::size_t end,
                            std::size_t failovers) {
  const Line line = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end),
                     static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(failovers)};
  // A ring without a further member: what the last one said stands.
  if (member == Pool::kNone) {
    if (failovers == 0) FailLine(line, CallFailure::kNoMembers);
    return;
  }
  lines_.push_back(line);
  ++open_lines_;
  std::size_t bytes = protocol::kMaxRetrievalStartBytes + 2;
  for (std::size_t i = begin; i < end; ++i) bytes += Key(order_[i]).size() + 1;
  const std::optional<CallFailure> failure = context_.pool().member(member).CallLine(
      operation_, bytes, [&](char* out) { return WriteLine(out, line); },
      deadline_ - context_.now(), this, lines_.size() - 1);
  if (!failure) return;
  --open_lines_;
  FailLine(line, *failure);
}

char* MultiGetCall::WriteLine(char* out, const Line& line) const {
  out = protocol::WriteRetrievalStart(out, operation_, exptime_s_);
  for (std::uint32_t i = line.begin; i < line.end; ++i) {
    out = protocol::WriteRetrievalKey(out, Key(order_[i]));
  }
  return protocol::WriteRetrievalEnd(out);
}

void MultiGetCall::OnReply(std::uint64_t tag, const protocol::Reply& reply,
                           const ReceivedValue& value, bool last) {
  Line& line = lines_[tag];
  if (reply.kind == protocol::ReplyKind::kValue) {
    // Missing keys are left out of the replies.
    while (line.next < line.end && Key(order_[line.next]) != reply.key) {
      results_[order_[line.next++]].outcome = Outcome::kMiss;
    }
    if (line.next < line.end) NoteReply(reply, value, &results_[order_[line.next++]]);
  }
  if (!last) return;
  EndLine(line, reply, value);
  if (--open_lines_ == 0) Finish();
}

// What no value came for is missing, or shares the error that ended the line.
void MultiGetCall::EndLine(const Line& line, const protocol::Reply& reply,
                           const ReceivedValue& value) {
  for (std::uint32_t i = line.next; i < line.end; ++i) {
    NoteReply(reply, value, &results_[order_[i]]);
  }
}

void MultiGetCall::OnFailure(std::uint64_t tag, CallFailure failure) {
  FailLine(lines_[tag], failure);
  if (--open_lines_ == 0) Finish();
}

void MultiGetCall::FailLine(const Line& line, CallFailure failure) {
  unsent_.clear();
  // What came before the failure stands.
  for (std::uint32_t i = line.next; i < line.end; ++i) {
    results_[order_[i]] = context_.ResultOf(failure);
    unsent_.push_back(order_[i]);
  }
  context_.NoteTrouble();
  if (context_.MayAskAnother(operation_, failure, line.failovers, deadline_)) {
    Send(line.failovers + 1);
  }
}

void MultiGetCall::Finish() {
  Callback callback = std::move(callback_);
  std::vector<Result> results = std::move(results_);
  results_.clear();
  home_.GiveBack(this);
  callback(std::move(results));
}

}  // namespace ringcache::client

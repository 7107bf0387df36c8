#include "tools/loadgen/reply_checker.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "protocol/operation.h"
#include "protocol/reply.h"
#include "protocol/reply_parser.h"
#include "protocol/reply_writer.h"
#include "protocol/standard_reply.h"

namespace ringcache::loadgen {
namespace {

constexpr absl::string_view kEnd = "END\r\n";

bool StartsWith(absl::string_view text, absl::string_view start) {
  return text.size() >= start.size() && std::memcmp(text.data(), start.data(), start.size()) == 0;
}

std::string SpellValueLine(const Workload& workload) {
  const std::uint32_t bytes =
      workload.values.fixed() ? workload.values.max_bytes() : LineTemplate::kAnySize;
  std::string line(protocol::kMaxMetaHeaderBytes + protocol::kMaxValueHeaderBytes, '\0');
  char* end = line.data();
  if (workload.dialect == Dialect::kMeta) {
    end = protocol::WriteMetaValue(end, bytes);
    if (workload.meta_return_key) {
      end = protocol::WriteReturnFlag(end, 'k');
      end = protocol::WriteText(end, workload.keys.key_template());
    }
    end = protocol::WriteNewline(end);
  } else {
    end = protocol::WriteValueHeader(end, workload.keys.key_template(), 0, bytes);
  }
  line.resize(end - line.data());
  return line;
}

}  // namespace

ReplyChecker::ReplyChecker(const Workload* workload)
    : workload_(workload), value_line_(SpellValueLine(*workload), workload->keys.key_template()) {
  scratch_.resize(value_line_.MaxBytes());
  const bool meta = workload->dialect == Dialect::kMeta;
  constexpr absl::string_view kDone = "HD\r\n";
  done_lines_ = {"", meta ? kDone : "STORED\r\n", meta ? kDone : "STORED\r\n",
                 meta ? kDone : "DELETED\r\n"};
  for (int kind = 0; kind < kRequestKindCount; ++kind) sizes_[kind] = done_lines_[kind].size();
  const std::uint64_t hit_bytes =
      SpellValueLine(*workload).size() + workload->values.max_bytes() + 2;
  sizes_[0] = workload->multiget * hit_bytes + (meta ? 0 : kEnd.size());
}

ReplyStep ReplyChecker::Consume(RequestKind kind, const std::uint32_t* ranks, ReplyState* state,
                                absl::string_view input) {
  if (!state->begun) Begin(state);
  if (workload_->check == ReplyCheck::kSize) return ConsumeSize(kind, state, input);
  if (kind == RequestKind::kGet) return ConsumeGet(ranks, state, input);
  return ConsumeLine(kind, state, input);
}

void ReplyChecker::Begin(ReplyState* state) {
  state->begun = true;
  state->compare = workload_->verify == Verify::kAll ||
                   (workload_->verify == Verify::kSample && begun_++ % kSampleEvery == 0);
}

ReplyStep ReplyChecker::ConsumeSize(RequestKind kind, ReplyState* state, absl::string_view input) {
  if (input.empty()) return {0, ReplyProgress::kNeedMore};
  const std::uint64_t left = sizes_[static_cast<int>(kind)] - state->received_bytes;
  const std::size_t taken = std::min<std::uint64_t>(left, input.size());
  const bool begins_well = state->received_bytes > 0 || input[0] == SuccessLetter(kind);
  state->received_bytes += taken;
  if (!begins_well || (taken == left && input[taken - 1] != '\n')) {
    return Invalid(taken,
                   absl::StrCat("not the size or beginning of a success: ", DescribeInput(input)));
  }
  if (taken < left) return {taken, ReplyProgress::kNeedMore};
  if (kind == RequestKind::kGet) state->hits = workload_->multiget;
  return {taken, ReplyProgress::kComplete};
}

ReplyStep ReplyChecker::ConsumeGet(const std::uint32_t* ranks, ReplyState* state,
                                   absl::string_view input) {
  const bool meta = workload_->dialect == Dialect::kMeta;
  std::size_t at = 0;
  while (true) {
    const absl::string_view rest = input.substr(at);
    ReplyStep step;
    if (state->in_value) {
      step = ConsumeValue(state, rest);
      if (meta && step.progress == ReplyProgress::kComplete)
        return {at + step.consumed, step.progress};
    } else {
      if (state->next_key < workload_->multiget) {
        const std::uint32_t rank = ranks[state->next_key];
        const std::uint32_t bytes = workload_->values.SizeOf(rank);
        const std::size_t line = value_line_.Write(scratch_.data(), &rank, bytes) - scratch_.data();
        if (StartsWith(rest, absl::string_view(scratch_.data(), line))) {
          StartValue(state, state->next_key, rank, bytes);
          at += line;
          continue;
        }
      }
      if (!meta && StartsWith(rest, kEnd)) return {at + kEnd.size(), ReplyProgress::kComplete};
      step = ParseGetLine(ranks, state, rest);
      if (step.progress == ReplyProgress::kComplete && !state->in_value) {
        return {at + step.consumed, ReplyProgress::kComplete};
      }
    }
    at += step.consumed;
    if (step.progress != ReplyProgress::kComplete) return {at, step.progress};
  }
}

// kComplete: the line was read; the reply is complete, too, unless a value follows.
ReplyStep ReplyChecker::ParseGetLine(const std::uint32_t* ranks, ReplyState* state,
                                     absl::string_view input) {
  protocol::Reply reply;
  const protocol::ReplyResult result =
      protocol::ParseReply(input, OperationOf(RequestKind::kGet, workload_->dialect), &reply);
  if (result.status == protocol::ReplyStatus::kNeedMore) return {0, ReplyProgress::kNeedMore};
  if (result.status == protocol::ReplyStatus::kInvalid) {
    return Invalid(0, absl::StrCat("no reply to a get: ", DescribeInput(input)));
  }
  const ReplyStep done = {result.consumed, ReplyProgress::kComplete};
  if (protocol::IsError(reply.kind)) {
    state->error = true;
    return done;
  }
  if (!protocol::HasValue(reply.kind)) return done;  // END, EN
  std::uint32_t key = state->next_key;
  const bool has_key = reply.kind == protocol::ReplyKind::kValue || workload_->meta_return_key;
  while (has_key && key < workload_->multiget && workload_->keys.KeyOf(ranks[key]) != reply.key) {
    ++key;
  }
  if (key >= workload_->multiget) {
    return Invalid(0,
                   absl::StrCat("a value of a key that was not asked for: ", DescribeInput(input)));
  }
  if (reply.value_bytes != workload_->values.SizeOf(ranks[key])) {
    return Invalid(0, absl::StrCat("a value of ", reply.value_bytes, " bytes instead of ",
                                   workload_->values.SizeOf(ranks[key]),
                                   "; were the keys stored with the same --value-size?"));
  }
  StartValue(state, key, ranks[key], reply.value_bytes);
  return done;
}

void ReplyChecker::StartValue(ReplyState* state, std::uint32_t key, std::uint32_t rank,
                              std::uint32_t bytes) {
  state->next_key = key + 1;
  ++state->hits;
  state->rank = rank;
  state->value_bytes = bytes;
  state->received_bytes = 0;
  state->in_value = true;
}

// kComplete: the value and its "\r\n" were read.
ReplyStep ReplyChecker::ConsumeValue(ReplyState* state, absl::string_view input) {
  const std::size_t taken =
      std::min<std::uint64_t>(state->value_bytes - state->received_bytes, input.size());
  const char* const expected = workload_->values.BytesOf(state->rank) + state->received_bytes;
  if (state->compare && std::memcmp(input.data(), expected, taken) != 0) {
    return Invalid(taken, absl::StrCat("the value of ", workload_->keys.KeyOf(state->rank),
                                       " is not what was stored"));
  }
  state->received_bytes += taken;
  if (input.size() < taken + 2) return {taken, ReplyProgress::kNeedMore};
  if (input[taken] != '\r' || input[taken + 1] != '\n') {
    return Invalid(taken, absl::StrCat("no newline after a value of ", state->value_bytes,
                                       " bytes: ", DescribeInput(input.substr(taken))));
  }
  state->in_value = false;
  return {taken + 2, ReplyProgress::kComplete};
}

ReplyStep ReplyChecker::ConsumeLine(RequestKind kind, ReplyState* state, absl::string_view input) {
  const absl::string_view done = done_lines_[static_cast<int>(kind)];
  if (StartsWith(input, done)) return {done.size(), ReplyProgress::kComplete};
  protocol::Reply reply;
  const protocol::ReplyResult result =
      protocol::ParseReply(input, OperationOf(kind, workload_->dialect), &reply);
  if (result.status == protocol::ReplyStatus::kNeedMore) return {0, ReplyProgress::kNeedMore};
  if (result.status == protocol::ReplyStatus::kInvalid) {
    return Invalid(0, absl::StrCat("no reply to a ", kRequestKindNames[static_cast<int>(kind)],
                                   ": ", DescribeInput(input)));
  }
  state->error = protocol::IsError(reply.kind);
  state->refused = !state->error;
  return {result.consumed, ReplyProgress::kComplete};
}

char ReplyChecker::SuccessLetter(RequestKind kind) const {
  return kind == RequestKind::kGet ? 'V' : done_lines_[static_cast<int>(kind)][0];
}

ReplyStep ReplyChecker::Invalid(std::size_t consumed, const std::string& problem) {
  problem_ = problem;
  return {consumed, ReplyProgress::kInvalid};
}

std::string ReplyChecker::DescribeInput(absl::string_view input) const {
  return absl::StrCat("'", absl::CEscape(input.substr(0, 80)), "'");
}

}  // namespace ringcache::loadgen

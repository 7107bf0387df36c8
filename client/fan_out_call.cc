#include "client/fan_out_call.h"

#include <optional>
#include <utility>

#include "client/result_reader.h"

namespace ringcache::client {

void FanOutCall::Start(const protocol::Request& request, absl::Duration timeout,
                       Callback callback) {
  callback_ = std::move(callback);
  const Pool& pool = context_.pool();
  results_.resize(pool.size());
  open_ = 0;
  for (std::size_t i = 0; i < pool.size(); ++i) {
    MemberClient& member = pool.member(i);
    results_[i].name = member.name();
    const std::optional<CallFailure> failure = member.Call(request, {}, timeout, this, i);
    if (failure) {
      results_[i].result.failure = *failure;
    } else {
      ++open_;
    }
  }
  if (open_ == 0) context_.ReportSoon(this);
}

void FanOutCall::OnReply(std::uint64_t tag, const protocol::Reply& reply,
                         const ReceivedValue& value, bool last) {
  MemberResult& member = results_[tag];
  if (reply.kind == protocol::ReplyKind::kStat) {
    member.stats.emplace_back(std::string(reply.key), std::string(reply.text));
    member.result.outcome = Outcome::kDone;
  } else if (reply.kind == protocol::ReplyKind::kEnd) {
    // A server without statistics of that kind ends at once.
    member.result.outcome = Outcome::kDone;
  } else {
    NoteReply(reply, value, &member.result);
  }
  if (last && --open_ == 0) Finish();
}

void FanOutCall::OnFailure(std::uint64_t tag, CallFailure failure) {
  results_[tag].result = Result();
  results_[tag].result.failure = failure;
  context_.NoteTrouble();
  if (--open_ == 0) Finish();
}

void FanOutCall::Finish() {
  Callback callback = std::move(callback_);
  std::vector<MemberResult> results = std::move(results_);
  results_.clear();
  home_.GiveBack(this);
  callback(std::move(results));
}

}  // namespace ringcache::client

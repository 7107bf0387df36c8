#include "client/single_call.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/result_reader.h"

namespace ringcache::client {
void SingleCall::Start(const protocol::Request& request, OutgoingValue value,
                       absl::Duration timeout, Callback callback) {
  callback_ = std::move(callback);
  result_ = Result();
  failovers_ = 0;
  value_ = std::move(value);
  may_repeat_ = context_.options().dead_member == DeadMemberPolicy::kNextReplica;
  if (may_repeat_) KeepToRepeat(request, timeout);
  if (!Send(may_repeat_ ? request_ : request, timeout)) context_.ReportSoon(this);
}

void SingleCall::KeepToRepeat(const protocol::Request& request, absl::Duration timeout) {
  deadline_ = context_.now() + timeout;
  if (value_.owner == nullptr && !value_.bytes.empty()) {
    value_ = OutgoingValue::Owned(std::string(value_.bytes));
  }
  request_ = request;
  text_ = absl::StrCat(request.key, request.meta.text, request.meta.opaque);
  const absl::string_view text(text_);
  request_.key = text.substr(0, request.key.size());
  request_.meta.text = text.substr(request.key.size(), request.meta.text.size());
  request_.meta.opaque = text.substr(request.key.size() + request.meta.text.size());
}

void SingleCall::Refuse(std::string problem, Callback callback) {
  callback_ = std::move(callback);
  result_ = Result();
  result_.outcome = Outcome::kInvalid;
  result_.text = std::move(problem);
  context_.ReportSoon(this);
}

bool SingleCall::Send(const protocol::Request& request, absl::Duration timeout) {
  for (;;) {
    MemberClient* const member = context_.pool().MemberFor(request.key, failovers_);
    if (member == nullptr) {
      // A ring without a further member: what the last one said stands.
      if (failovers_ == 0) Fail(CallFailure::kNoMembers);
      return false;
    }
    const std::optional<CallFailure> failure = member->Call(request, value_, timeout, this, 0);
    if (!failure) return true;
    Fail(*failure);
    if (!MayAskAnother(*failure)) return false;
    ++failovers_;
  }
}

bool SingleCall::MayAskAnother(CallFailure failure) const {
  return may_repeat_ && context_.MayAskAnother(request_.operation, failure, failovers_, deadline_);
}

void SingleCall::OnReply(std::uint64_t, const protocol::Reply& reply, const ReceivedValue& value,
                         bool last) {
  NoteReply(reply, value, &result_);
  if (last) Finish();
}

void SingleCall::OnFailure(std::uint64_t, CallFailure failure) {
  Fail(failure);
  if (MayAskAnother(failure)) {
    ++failovers_;
    if (Send(request_, deadline_ - context_.now())) return;
  }
  Finish();
}

void SingleCall::Fail(CallFailure failure) {
  result_ = context_.ResultOf(failure);
  context_.NoteTrouble();
}

void SingleCall::Finish() {
  Callback callback = std::move(callback_);
  Result result = std::move(result_);
  value_ = OutgoingValue();
  // Before the callback: it may make the next call with this object.
  home_.GiveBack(this);
  callback(std::move(result));
}

}  // namespace ringcache::client

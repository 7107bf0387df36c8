#include "router/upload_exchange.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/member_client.h"
#include "protocol/standard_reply.h"
#include "router/client_session.h"
#include "router/loud_request.h"
#include "router/route/reply.h"
#include "router/worker_context.h"

namespace ringcache::router {

using client::CallFailure;
using protocol::ReplyKind;

bool UploadExchange::Send(ClientSession* session, TreeInUse* tree, const FirstStep& step,
                          const protocol::Request& request) {
  Begin(session);
  Use(tree);
  operation_ = request.operation;
  quiet_ = request.quiet;
  if (step.pool == nullptr) {
    FinishWith(ReplyKind::kServerError, protocol::ReplyText(protocol::StandardReply::kTooLarge));
    return false;
  }
  CallFailure failure = CallFailure::kNoMembers;
  if (step.member != BackendPool::kNone) {
    client::MemberClient& member = step.pool->member(step.member);
    client::UploadTimes times;
    times.connect = step.pool->options().cluster.member.connection.connect_timeout;
    times.server = step.pool->timeout();
    times.source = worker_.options.max_upload_pause;
    client::ValueUpload::Receiver* const receiver = this;
    const LoudRequest loud(request);
    const auto refused = member.BeginUpload(loud.request(), times, receiver, &upload_);
    if (!refused) return true;
    failure = *refused;
  }
  FinishFailed(failure);
  return false;
}

void UploadExchange::OnUploadReply(const protocol::Reply& reply, absl::string_view line) {
  Detach();
  FinishWith(reply.kind, line);
}

void UploadExchange::OnUploadFailure(CallFailure failure) {
  Detach();
  FinishFailed(failure);
}

void UploadExchange::OnUploadRoom() {
  if (session_ != nullptr) worker_.wake_up.AddReady(session_);
}

void UploadExchange::GiveUp() {
  upload_->Cancel();
  Detach();
  FinishFailed(CallFailure::kClosed);
}

void UploadExchange::Detach() {
  const std::size_t missing_bytes = std::exchange(upload_, nullptr)->missing_bytes();
  if (session_ != nullptr) session_->EndUpload(this, missing_bytes);
}

void UploadExchange::FinishFailed(CallFailure failure) {
  worker_.failures[failure].Add();
  FinishWith(ReplyKind::kServerError, absl::StrCat(FailureLine(failure), "\r\n"));
}

void UploadExchange::FinishWith(ReplyKind kind, absl::string_view line) {
  if (copy_ticket_) worker_.hot_keys.cache().EndWrite(copy_ticket_);
  if (kind == ReplyKind::kServerError) worker_.counters[RouterCounter::kErrors].Add();
  if (!(quiet_ && protocol::QuietHides(operation_, kind))) reply_.Own(std::string(line));
  RecordTime(operation_);
  Finish();
}

void UploadExchange::GiveBack() {
  copy_ticket_ = {};
  worker_.uploads.GiveBack(this);
}

}  // namespace ringcache::router

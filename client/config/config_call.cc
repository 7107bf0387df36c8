#include "client/config/config_call.h"

#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "client/connection_options.h"
#include "client/endpoint.h"
#include "client/outgoing_value.h"
#include "protocol/cluster_config.h"
#include "protocol/operation.h"
#include "protocol/standard_reply.h"

namespace ringcache::client {
namespace {

using protocol::Operation;
using protocol::ReplyKind;

// Of an error line, this much is quoted.
constexpr std::size_t kQuotedBytes = 80;

ConnectionOptions OptionsOfCall() {
  ConnectionOptions options;
  options.connect_timeout = ConfigCall::kConnectTimeout;
  options.max_value_bytes = protocol::kMaxClusterConfigBytes;
  return options;
}

}  // namespace

ConfigCall::ConfigCall(ConnectionResources* resources, const net::SocketAddress& address,
                       Callback done)
    : loop_(resources->loop),
      done_(std::move(done)),
      connection_(resources, Endpoint{address, {}, {}}, OptionsOfCall(), nullptr) {
  protocol::Request request;
  request.operation = Operation::kConfig;
  request.arguments = protocol::kClusterConfigArguments;
  Send(request, protocol::kClusterConfigKey);
}

ConfigCall::~ConfigCall() {
  finished_ = true;
  if (timer_ != 0) loop_->CancelTimer(timer_);
}

void ConfigCall::Send(const protocol::Request& request, absl::string_view key) {
  key_ = key;
  const std::optional<CallFailure> failure =
      connection_.Call(request, OutgoingValue(), kReplyTimeout, this, /*tag=*/0);
  if (failure.has_value()) OnFailure(/*tag=*/0, *failure);
}

void ConfigCall::OnReply(std::uint64_t /*tag*/, const protocol::Reply& reply,
                         const ReceivedValue& value, bool last) {
  if (protocol::HasValue(reply.kind)) {
    received_ = reply.key == key_;
    if (received_) answer_.payload = value.Take();
  } else if (reply.kind == ReplyKind::kError && key_ == protocol::kClusterConfigKey) {
    protocol::Request request;
    request.operation = Operation::kGet;
    request.key = protocol::kOldClusterConfigKey;
    Send(request, protocol::kOldClusterConfigKey);
  } else if (protocol::IsError(reply.kind)) {
    Finish(Outcome::kTrouble, absl::StrCat(connection_.address().ToString(), " answers ",
                                           absl::CHexEscape(reply.text.substr(0, kQuotedBytes))));
  } else if (last && received_) {
    Finish(Outcome::kConfig, "");
  } else if (last) {
    Finish(Outcome::kNone, absl::StrCat(connection_.address().ToString(),
                                        " has no configuration of a cluster: it is not a server "
                                        "with auto discovery"));
  }
}

void ConfigCall::OnFailure(std::uint64_t /*tag*/, CallFailure failure) {
  if (finished_) return;
  const std::string& problem = connection_.last_problem();
  Finish(Outcome::kTrouble, problem.empty() ? absl::StrCat(connection_.address().ToString(), ": ",
                                                           FailureText(failure))
                                            : problem);
}

// The connection may not be destroyed from within what it calls, and `done_` may do that.
void ConfigCall::Finish(Outcome outcome, std::string problem) {
  finished_ = true;
  answer_.outcome = outcome;
  answer_.problem = std::move(problem);
  timer_ = loop_->RunAfter(absl::ZeroDuration(), [this] {
    timer_ = 0;
    const Callback done = std::move(done_);
    Answer answer = std::move(answer_);
    done(std::move(answer));
  });
}

}  // namespace ringcache::client

#include "tools/ringctl/admin_connection.h"

#include <grpc/grpc.h>

#include <cstddef>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"

namespace ringcache::ringctl {
namespace {

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  // A proxy for the web does not lead to a pod.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // Nobody publishes one, and looking for it takes a question to DNS.
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  // Of the statistics of all members of a large pool.
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

// gRPC nests causes: "failed to connect to all addresses; last error: UNKNOWN: ipv4:[...]: Failed
// to connect to remote host: Connection refused". The last one says it.
absl::string_view InnermostCause(absl::string_view message) {
  const std::size_t colon = message.rfind(": ");
  return colon == absl::string_view::npos ? message : message.substr(colon + 2);
}

// The sentence of the process, on one line.
std::string SentenceOf(const grpc::Status& status) {
  if (status.error_message().empty()) return "gave no reason";
  return absl::StrReplaceAll(status.error_message(), {{"\n", " "}});
}

}  // namespace

AdminConnection::AdminConnection(std::string address, absl::Duration timeout)
    : address_(std::move(address)),
      timeout_(timeout),
      channel_(MakeChannel(address_)),
      stub_(admin::v1::Admin::NewStub(channel_)) {}

std::chrono::system_clock::time_point AdminConnection::Deadline() const {
  return absl::ToChronoTime(absl::Now() + timeout_);
}

Problem AdminConnection::Explain(const grpc::Status& status) const {
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      return {ExitStatus::kUnreachable,
              absl::StrCat("cannot connect to ", address_,
                           " (does it run, and is this its admin port?): ",
                           InnermostCause(SentenceOf(status)))};
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return {ExitStatus::kUnreachable,
              absl::StrCat(address_, " did not answer within ", absl::FormatDuration(timeout_),
                           " (is this its admin port?)")};
    case grpc::StatusCode::CANCELLED:
      return {ExitStatus::kUnreachable, absl::StrCat(address_, " broke the call off")};
    case grpc::StatusCode::UNIMPLEMENTED:
      return {ExitStatus::kRefused,
              absl::StrCat(address_,
                           " does not know this call; is it a Ringcache, and as new as "
                           "this program?")};
    default:
      return {ExitStatus::kRefused, absl::StrCat(address_, ": ", SentenceOf(status))};
  }
}

void SilenceGrpc() { setenv("GRPC_VERBOSITY", "NONE", /*replace=*/0); }

}  // namespace ringcache::ringctl

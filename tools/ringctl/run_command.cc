#include "tools/ringctl/run_command.h"

#include <grpcpp/grpcpp.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "admin/proto/admin.grpc.pb.h"
#include "tools/ringctl/admin_connection.h"
#include "tools/ringctl/drain_command.h"
#include "tools/ringctl/duration_message.h"
#include "tools/ringctl/health_command.h"
#include "tools/ringctl/json.h"
#include "tools/ringctl/latency_text.h"
#include "tools/ringctl/process_text.h"
#include "tools/ringctl/ring_commands.h"
#include "tools/ringctl/stats_command.h"

namespace ringcache::ringctl {
namespace {

using Stub = AdminConnection::Stub;
using admin::v1::FlushRequest;
using admin::v1::GetHotKeysRequest;
using admin::v1::ReloadReply;
using admin::v1::SetVerbosityRequest;

// One call, of which the answer is printed.
class SingleCall {
 public:
  SingleCall(const CommandLine& line, AdminConnection* connection, Console* console)
      : line_(line), connection_(connection), console_(console) {}

  template <typename Request, typename Reply, typename Text>
  void Run(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
           const Request& request, Text text) {
    Reply reply;
    const grpc::Status status = connection_->Call(method, request, &reply);
    if (!status.ok()) return console_->Complain(connection_->Explain(status));
    console_->Write(line_.json ? ToJson(reply) : text(reply));
  }

 private:
  const CommandLine& line_;
  AdminConnection* const connection_;
  Console* const console_;
};

// Of a wish that was fulfilled there is nothing to say.
constexpr auto kSilence = [](const auto& /*reply*/) { return std::string(); };

std::string ReloadText(const ReloadReply& reply) { return absl::StrCat(reply.text(), "\n"); }

// Of one process.
void RunOnConnection(const CommandLine& line, AdminConnection* connection, Console* console) {
  SingleCall call(line, connection, console);
  GetHotKeysRequest hot_keys;
  SetVerbosityRequest verbosity;
  FlushRequest flush;
  switch (line.command) {
    case Command::kHealth:
      return RunHealth(line, connection, console);
    case Command::kProgram:
      return call.Run(&Stub::GetProgram, {}, ProgramText);
    case Command::kLatency:
      return call.Run(&Stub::GetLatencies, {}, LatenciesText);
    case Command::kHotKeys:
      hot_keys.set_count(line.count);
      return call.Run(&Stub::GetHotKeys, hot_keys, HotKeysText);
    case Command::kSettings:
      return call.Run(&Stub::GetSettings, {}, SettingsText);
    case Command::kRing:
    case Command::kLocate:
    case Command::kPlan:
      return RunRingCommand(line, connection, console);
    case Command::kDrain:
      return RunDrain(line, connection, console);
    case Command::kUndrain:
      return call.Run(&Stub::Undrain, {}, DrainText);
    case Command::kVerbosity:
      verbosity.set_level(line.verbosity);
      return call.Run(&Stub::SetVerbosity, verbosity, kSilence);
    case Command::kReload:
      return call.Run(&Stub::Reload, {}, ReloadText);
    case Command::kReset:
      return call.Run(&Stub::ResetStats, {}, kSilence);
    case Command::kFlush:
      if (line.delay_s > 0) *flush.mutable_delay() = DurationMessage(line.delay_s);
      return call.Run(&Stub::Flush, flush, kSilence);
    case Command::kStats:
      break;
  }
}

}  // namespace

void RunCommand(const CommandLine& line, Console* console) {
  if (line.command == Command::kStats) return RunStats(line, console);
  AdminConnection connection(line.address, line.timeout());
  RunOnConnection(line, &connection, console);
}

}  // namespace ringcache::ringctl

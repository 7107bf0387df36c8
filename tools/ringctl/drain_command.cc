#include "tools/ringctl/drain_command.h"

#include <grpcpp/grpcpp.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "admin/proto/admin.grpc.pb.h"
#include "tools/ringctl/duration_message.h"
#include "tools/ringctl/json.h"
#include "tools/ringctl/process_text.h"

namespace ringcache::ringctl {
namespace {

using admin::v1::DrainProgress;
using admin::v1::DrainRequest;
using Stub = AdminConnection::Stub;

constexpr absl::Duration kLookInterval = absl::Milliseconds(100);
constexpr char kAnnouncing[] = "announcing";

bool IsGone(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE;
}

// Prints progress, but not twice the same.
class ProgressPrinter {
 public:
  ProgressPrinter(bool json, Console* console) : json_(json), console_(console) {}

  void Print(const DrainProgress& progress) {
    DrainProgress without_time = progress;
    without_time.clear_left();
    std::string state = without_time.SerializeAsString();
    if (state == last_) return;
    last_ = std::move(state);
    console_->Write(json_ ? ToJson(progress) : DrainText(progress));
    console_->Flush();
  }
  void PrintEnd(absl::string_view text) {
    if (!json_) console_->Write(absl::StrCat(text, "\n"));
  }

 private:
  const bool json_;
  Console* const console_;
  std::string last_;
};

DrainRequest RequestOf(const CommandLine& line) {
  DrainRequest request;
  if (line.wait_s) *request.mutable_wait() = DurationMessage(*line.wait_s);
  return request;
}

}  // namespace

void RunDrain(const CommandLine& line, AdminConnection* connection, Console* console) {
  DrainProgress progress;
  // The process may end before it has answered the call that drains it, so this is asked first.
  grpc::Status status = connection->Call(&Stub::GetDrain, {}, &progress);
  if (!status.ok()) return console->Complain(connection->Explain(status));
  const absl::Time deadline = absl::Now() + absl::Seconds(line.limit_s);
  ProgressPrinter printer(line.json, console);
  status = connection->Call(&Stub::Drain, RequestOf(line), &progress);
  if (!status.ok() && !IsGone(status)) return console->Complain(connection->Explain(status));
  while (true) {
    if (IsGone(status)) return printer.PrintEnd("the process has gone");
    if (status.ok()) {
      if (!progress.draining()) {
        return console->Complain(ExitStatus::kRefused, "the drain was taken back");
      }
      printer.Print(progress);
      if (progress.connections() == 0 && progress.phase() != kAnnouncing) {
        return printer.PrintEnd("all connections are closed");
      }
    }
    if (line.limit_s == 0) return;
    if (absl::Now() >= deadline) break;
    absl::SleepFor(kLookInterval);
    status = connection->Call(&Stub::GetDrain, {}, &progress);
  }
  // No failure: what was asked for goes on, and a hook is not to delay it.
  console->Complain(ExitStatus::kDone,
                    absl::StrCat("the process still drains after ", line.limit_s, " seconds"));
}

}  // namespace ringcache::ringctl

// Deletes the keys that lie on the wrong member of a pool: see command_line.h for what it is asked,
// and pool_sweep.h for what it does.

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tools/cli/pool_session.h"
#include "tools/sweep/command_line.h"
#include "tools/sweep/exit_status.h"
#include "tools/sweep/member_check.h"
#include "tools/sweep/pool_sweep.h"

namespace ringcache::sweep {
namespace {

ExitStatus Complain(ExitStatus status, absl::string_view what) {
  const std::string line = absl::StrCat("ringcache-sweep: ", what, "\n");
  std::fwrite(line.data(), 1, line.size(), stderr);
  return status;
}

ExitStatus Write(absl::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return ExitStatus::kDone;
  return Complain(ExitStatus::kStreams, "standard output cannot be written");
}

ExitStatus Run(const CommandLine& line) {
  const auto session = cli::PoolSession::Connect(line.servers, line.cluster);
  if (!session.ok()) {
    const bool is_down = absl::IsUnavailable(session.status());
    return Complain(is_down ? ExitStatus::kUnreachable : ExitStatus::kUsage,
                    session.status().message());
  }
  const absl::Status members =
      CheckMembers(line.expect, line.sweep.deletes.timeout, session->get());
  if (!members.ok()) {
    return Complain(ExitStatus::kUnsure, absl::StrCat(members.message(), "; nothing was deleted"));
  }
  const std::vector<MemberReport> reports = SweepPool(line.sweep, session->get());
  ExitStatus status = Write(ReportTable(reports));
  for (const MemberReport& report : reports) {
    status = std::max(status, report.status);
    if (report.problem.empty()) continue;
    Complain(report.status, absl::StrCat(report.name, ": ", report.problem));
  }
  return status;
}

ExitStatus Main(const std::vector<absl::string_view>& arguments) {
  const absl::StatusOr<CommandLine> line = ParseCommandLine(arguments);
  if (!line.ok()) return Complain(ExitStatus::kUsage, line.status().message());
  return line->help ? Write(CommandLineHelp()) : Run(*line);
}

}  // namespace
}  // namespace ringcache::sweep

int main(int argc, char** argv) {
  return static_cast<int>(ringcache::sweep::Main({argv + 1, argv + argc}));
}

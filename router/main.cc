// The router. This file only wires; `router -h` lists the options.

#include <fcntl.h>
#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

#include <cstdio>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "admin/service/service.h"
#include "net/descriptor.h"
#include "net/signal_watcher.h"
#include "process/background.h"
#include "process/log.h"
#include "process/port_file.h"
#include "process/process_setup.h"
#include "process/system_error.h"
#include "process/version.h"
#include "router/options.h"
#include "router/router.h"

namespace ringcache::router {
namespace {

using process::LogLevel;

// What the loop takes. HUP: look at the configuration now.
constexpr std::initializer_list<int> kSignals = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};

int Serve(const CommandLine& line, process::Log* log) {
  net::SignalWatcher::Hold(kSignals);
  const RouterOptions& options = line.options;
  log->SetFormat(options.log_format);
  log->SetVerbosity(options.verbosity);
  log->WriteAll(LogLevel::kInfo, line.notes);
  std::vector<std::string> warnings;
  absl::Status status = process::Prepare(options.process, &warnings);
  log->WriteAll(LogLevel::kWarning, std::exchange(warnings, {}));
  if (!status.ok()) return log->Fail(status, absl::IsNotFound(status) ? EX_NOUSER : EX_OSERR);
  auto router = Router::Create(options, log);
  if (!router.ok()) return log->Fail(router.status(), EX_CONFIG);
  for (const net::SocketAddress& address : (*router)->addresses()) {
    log->Write(LogLevel::kNotice, "listening on " + address.ToString());
  }
  status = process::WritePortFile((*router)->addresses());
  if (!status.ok()) return log->Fail(status, EX_OSERR);
  process::Background background;
  status = process::TakePlace(options.process, &background, &warnings);
  log->WriteAll(LogLevel::kWarning, warnings);
  if (!status.ok()) return log->Fail(status, EX_OSERR);
  signal(SIGPIPE, SIG_IGN);
  auto signals = net::SignalWatcher::Create((*router)->loop(), kSignals, [&router](int signal) {
    if (signal == SIGHUP) return (*router)->Reload().IgnoreError();
    signal == SIGINT ? (*router)->Interrupt() : (*router)->RequestShutdown();
  });
  if (!signals.ok()) return log->Fail(signals.status(), EX_OSERR);
  // Its threads come after the process went to the background, and go before the router.
  const auto admin = admin::Service::Start(
      options.admin, (*router)->admin(),
      [log](absl::string_view text) { log->Write(LogLevel::kNotice, text); },
      [log](absl::string_view text) { log->Write(LogLevel::kWarning, text); });
  if (!admin.ok()) return log->Fail(admin.status(), EX_OSERR);
  if (status = background.Ready(); !status.ok()) return log->Fail(status, EX_OSERR);
  (*router)->Run();
  if (!options.process.pid_file.empty()) unlink(options.process.pid_file.c_str());
  return EX_OK;
}

int Main(int argc, char** argv) {
  process::Log errors(STDERR_FILENO);
  const auto line = ParseCommandLine(
      absl::MakeConstSpan(argv + 1, static_cast<std::size_t>(argc > 0 ? argc - 1 : 0)));
  if (!line.ok()) return errors.Fail(line.status(), EX_USAGE);
  if (line->action == ProgramAction::kPrintHelp) return std::fputs(HelpText().c_str(), stdout) < 0;
  if (line->action == ProgramAction::kPrintVersion) return std::puts(process::kProgramVersion) < 0;
  if (line->check != ConfigCheck::kNo) {
    const absl::Status status = Router::ValidateConfig(line->options);
    if (!status.ok()) return errors.Fail(status, EX_CONFIG);
    errors.Write(LogLevel::kNotice, "the configuration is good");
    if (line->action == ProgramAction::kCheckConfig) return EX_OK;
  }
  const std::string& path = line->options.log_path;
  if (path.empty()) return Serve(*line, &errors);
  const net::Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (!file.valid()) return errors.Fail(process::SystemError("open --log-path " + path), EX_OSERR);
  process::Log log(file.get());
  return Serve(*line, &log);
}

}  // namespace
}  // namespace ringcache::router

int main(int argc, char** argv) { return ringcache::router::Main(argc, argv); }

// The cache server. This file only wires; `server -h` lists the options.

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
#include "admin/ring/ring_observer.h"
#include "admin/service/service.h"
#include "net/signal_watcher.h"
#include "process/background.h"
#include "process/log.h"
#include "process/port_file.h"
#include "process/version.h"
#include "server/options.h"
#include "server/process_setup.h"
#include "server/server.h"

namespace ringcache::server {
namespace {

// What the loop takes.
constexpr std::initializer_list<int> kSignals = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};

int Serve(const CommandLine& line, process::Log* log) {
  net::SignalWatcher::Hold(kSignals);
  log->SetFormat(line.options.log_format);
  log->SetVerbosity(line.options.verbosity);
  log->WriteAll(process::LogLevel::kInfo, line.notes);
  std::vector<std::string> warnings;
  absl::Status status = Prepare(line.options, &warnings);
  log->WriteAll(process::LogLevel::kWarning, std::exchange(warnings, {}));
  if (!status.ok()) return log->Fail(status, absl::IsNotFound(status) ? EX_NOUSER : EX_OSERR);
  auto server = Server::Create(line.options, log);
  if (!server.ok()) return log->Fail(server.status(), EX_OSERR);
  for (const net::SocketAddress& address : (*server)->addresses()) {
    log->Write(process::LogLevel::kNotice, "listening on " + address.ToString());
  }
  status = process::WritePortFile((*server)->addresses());
  if (!status.ok()) return log->Fail(status, EX_OSERR);
  process::Background background;
  status = TakePlace(line.options, &background, &warnings);
  log->WriteAll(process::LogLevel::kWarning, warnings);
  if (!status.ok()) return log->Fail(status, EX_OSERR);
  signal(SIGPIPE, SIG_IGN);
  auto signals = net::SignalWatcher::Create((*server)->loop(), kSignals, [&server](int signal) {
    if (signal == SIGHUP) return static_cast<void>((*server)->Refresh());
    signal == SIGINT ? (*server)->Interrupt() : (*server)->RequestShutdown();
  });
  if (!signals.ok()) return log->Fail(signals.status(), EX_OSERR);
  const auto rings = admin::RingObserver::StartIfAsked(line.options.admin);
  if (!rings.ok()) return log->Fail(rings.status(), EX_USAGE);
  (*server)->SetRings(rings->get());
  // Its threads come after the process went to the background, and go before the server.
  const auto admin = admin::Service::Start(
      line.options.admin, (*server)->admin(),
      [log](absl::string_view text) { log->Write(process::LogLevel::kNotice, text); },
      [log](absl::string_view text) { log->Write(process::LogLevel::kWarning, text); });
  if (!admin.ok()) return log->Fail(admin.status(), EX_OSERR);
  status = background.Ready();
  if (!status.ok()) return log->Fail(status, EX_OSERR);
  (*server)->Run();
  if (!line.options.pid_file.empty()) unlink(line.options.pid_file.c_str());
  return EX_OK;
}

int Main(int argc, char** argv) {
  process::Log log(STDERR_FILENO);
  const auto line = ParseCommandLine(
      absl::MakeConstSpan(argv + 1, static_cast<std::size_t>(argc > 0 ? argc - 1 : 0)),
      ReadWholeFile);
  if (!line.ok()) return log.Fail(line.status(), EX_USAGE);
  switch (line->action) {
    case ProgramAction::kPrintHelp:
      std::fputs(HelpText().c_str(), stdout);
      return EX_OK;
    case ProgramAction::kPrintLicense:
      std::fputs(std::string(LicenseText()).c_str(), stdout);
      return EX_OK;
    case ProgramAction::kPrintVersion:
      std::puts(process::kProgramVersion);
      return EX_OK;
    case ProgramAction::kServe:
      return Serve(*line, &log);
  }
  return EX_SOFTWARE;
}

}  // namespace
}  // namespace ringcache::server

int main(int argc, char** argv) { return ringcache::server::Main(argc, argv); }

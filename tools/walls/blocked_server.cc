// The cache server with an admin interface whose calls do not come back (blocked_backend.h). Takes
// the server's flags; ends with SIGTERM.

#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

#include <initializer_list>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "admin/service/service.h"
#include "net/signal_watcher.h"
#include "process/log.h"
#include "process/port_file.h"
#include "server/options.h"
#include "server/server.h"
#include "tools/walls/blocked_backend.h"

namespace ringcache::walls {
namespace {

using process::LogLevel;

constexpr std::initializer_list<int> kSignals = {SIGINT, SIGTERM};

int Main(absl::Span<const char* const> arguments) {
  process::Log log(STDERR_FILENO);
  const auto line = server::ParseCommandLine(arguments, server::ReadWholeFile);
  if (!line.ok()) return log.Fail(line.status(), EX_USAGE);
  net::SignalWatcher::Hold(kSignals);
  const auto server = server::Server::Create(line->options, &log);
  if (!server.ok()) return log.Fail(server.status(), EX_OSERR);
  const absl::Status status = process::WritePortFile((*server)->addresses());
  if (!status.ok()) return log.Fail(status, EX_OSERR);
  signal(SIGPIPE, SIG_IGN);
  const auto signals = net::SignalWatcher::Create((*server)->loop(), kSignals,
                                                  [&server](int) { (*server)->RequestShutdown(); });
  if (!signals.ok()) return log.Fail(signals.status(), EX_OSERR);
  BlockedBackend backend((*server)->admin());
  const auto service = admin::Service::Start(
      line->options.admin, &backend,
      [&log](absl::string_view text) { log.Write(LogLevel::kNotice, text); },
      [&log](absl::string_view text) { log.Write(LogLevel::kWarning, text); });
  if (!service.ok()) return log.Fail(service.status(), EX_OSERR);
  (*server)->Run();
  backend.Release();
  return EX_OK;
}

}  // namespace
}  // namespace ringcache::walls

int main(int argc, char** argv) {
  return ringcache::walls::Main(
      absl::MakeConstSpan(argv + 1, static_cast<std::size_t>(argc > 0 ? argc - 1 : 0)));
}

// The sidecar. This file only wires; `sidecar --help` lists the flags.

#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

#include <cstdio>
#include <initializer_list>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "admin/ring/ring_observer.h"
#include "admin/service/service.h"
#include "admin/sidecar/sidecar_backend.h"
#include "admin/sidecar/sidecar_options.h"
#include "admin/sidecar/stock_memcached.h"
#include "net/epoll_event_loop.h"
#include "net/signal_watcher.h"
#include "process/log.h"
#include "process/version.h"

namespace ringcache::admin {
namespace {

using process::LogLevel;

constexpr std::initializer_list<int> kSignals = {SIGINT, SIGTERM};

// Readiness goes with the first signal, and the sidecar when who looks has had time to see it.
void StopAfterDrain(SidecarBackend* backend, net::EventLoop* loop) {
  (void)backend->Drain(-absl::InfiniteDuration());
  loop->RunAfter(backend->Draining().left, [loop] { loop->Stop(); });
}

int Serve(const SidecarOptions& options, process::Log* log) {
  net::SignalWatcher::Hold(kSignals);
  log->SetFormat(options.log_format);
  auto loop = net::EpollEventLoop::Create();
  if (!loop.ok()) return log->Fail(loop.status(), EX_OSERR);
  const auto rings = RingObserver::StartIfAsked(options.admin);
  if (!rings.ok()) return log->Fail(rings.status(), EX_USAGE);
  auto memcached = StockMemcached::Follow(options.memcached);
  if (!memcached.ok()) return log->Fail(memcached.status(), EX_OSERR);
  SidecarBackend backend(
      {.stuck_after = options.admin.stuck_after, .drain_wait = absl::Seconds(options.drain_wait_s)},
      memcached->get(), rings->get());
  const auto service = Service::Start(
      options.admin, &backend,
      [log](absl::string_view text) { log->Write(LogLevel::kNotice, text); },
      [log](absl::string_view text) { log->Write(LogLevel::kWarning, text); });
  if (!service.ok()) return log->Fail(service.status(), EX_OSERR);
  const auto signals = net::SignalWatcher::Create(
      loop->get(), kSignals, [&](int) { StopAfterDrain(&backend, loop->get()); });
  if (!signals.ok()) return log->Fail(signals.status(), EX_OSERR);
  log->Write(LogLevel::kNotice, "beside " + options.memcached);
  (*loop)->Run();
  return EX_OK;
}

int Main(const std::vector<absl::string_view>& arguments) {
  process::Log log(STDERR_FILENO);
  const auto options = ParseSidecarOptions(arguments);
  if (!options.ok()) return log.Fail(options.status(), EX_USAGE);
  if (options->help) return std::fputs(SidecarHelp().c_str(), stdout) < 0 ? EX_IOERR : EX_OK;
  if (options->version) return std::puts(process::kProgramVersion) < 0 ? EX_IOERR : EX_OK;
  return Serve(*options, &log);
}

}  // namespace
}  // namespace ringcache::admin

int main(int argc, char** argv) {
  return ringcache::admin::Main({argv + (argc > 0 ? 1 : 0), argv + argc});
}

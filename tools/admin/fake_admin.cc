// A program with the admin interface of a made-up server: figures, ring and keys are invented, and
// wishes change nothing but what it tells. For checks of those who ask, and of what asking costs.
//
// Takes the flags of AdminFlags, as --name=value, and leaves out others, which real programs have.
// Ends after SIGTERM.

#include <signal.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "admin/backend/admin_options.h"
#include "admin/backend/fake_backend.h"
#include "admin/service/service.h"
#include "net/socket_address.h"
#include "process/port_file.h"

namespace ringcache::admin {
namespace {

absl::Status ReadFlags(int argc, char** argv, AdminOptions* options) {
  for (int i = 1; i < argc; ++i) {
    absl::string_view argument = argv[i];
    if (!absl::ConsumePrefix(&argument, "--")) continue;
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(argument, absl::MaxSplits('=', 1));
    for (const AdminFlag& flag : AdminFlags()) {
      if (flag.name != parts.first) continue;
      const absl::Status status =
          flag.read(parts.second.empty() ? flag.if_bare : parts.second, options);
      if (!status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

// The port file of a program that has no port for clients names the admin port in its place.
absl::Status TellPort(int port) {
  return process::WritePortFile(
      {net::SocketAddress::Loopback(static_cast<std::uint16_t>(port < 0 ? 0 : port))});
}

absl::Status Serve(const AdminOptions& options, const sigset_t& end) {
  FakeBackend backend;
  const auto say = [](absl::string_view text) {
    std::fprintf(stderr, "%s\n", std::string(text).c_str());
  };
  const auto service = Service::Start(options, &backend, say, say);
  if (!service.ok()) return service.status();
  const absl::Status told = TellPort((*service)->grpc_port());
  if (!told.ok()) return told;
  int signal = 0;
  sigwait(&end, &signal);
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  sigset_t end;
  sigemptyset(&end);
  sigaddset(&end, SIGTERM);
  sigprocmask(SIG_BLOCK, &end, nullptr);
  AdminOptions options(0);
  options.metrics = {};
  options.listen = "127.0.0.1";
  absl::Status status = ReadFlags(argc, argv, &options);
  if (status.ok()) status = Serve(options, end);
  if (!status.ok()) std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return status.ok() ? 0 : 1;
}

}  // namespace
}  // namespace ringcache::admin

int main(int argc, char** argv) { return ringcache::admin::Main(argc, argv); }

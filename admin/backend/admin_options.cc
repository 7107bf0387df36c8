#include "admin/backend/admin_options.h"

#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace ringcache::admin {

using absl::string_view;

namespace {

constexpr int kMaxPort = 65535;
constexpr double kMaxSeconds = 86'400;

absl::Status Wrong(string_view text, string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("'", text, "' is ", what));
}

template <AdminPort AdminOptions::*kPort>
absl::Status ReadPort(string_view text, AdminOptions* options) {
  AdminPort& port = options->*kPort;
  port.asked_for = true;
  if (text == "off") {
    port.number = AdminPort::kOff;
    return absl::OkStatus();
  }
  const bool is_number = absl::SimpleAtoi(text, &port.number);
  if (is_number && port.number >= 0 && port.number <= kMaxPort) return absl::OkStatus();
  return Wrong(text, "no port; give 0 to 65535, or off");
}

template <AdminPort AdminOptions::*kPort>
std::string SpellPort(const AdminOptions& options) {
  const AdminPort& port = options.*kPort;
  return port.is_on() ? absl::StrCat(port.number) : "off";
}

template <std::string AdminOptions::*kText>
absl::Status ReadText(string_view text, AdminOptions* options) {
  options->*kText = std::string(text);
  return text.empty() ? Wrong(text, "empty") : absl::OkStatus();
}

template <std::string AdminOptions::*kText>
std::string SpellText(const AdminOptions& options) {
  return options.*kText;
}

absl::Status ReadOpen(string_view text, AdminOptions* options) {
  if (text != "yes" && text != "no") return Wrong(text, "neither yes nor no");
  options->open = text == "yes";
  return absl::OkStatus();
}
std::string SpellOpen(const AdminOptions& options) { return options.open ? "yes" : "no"; }

absl::Status ReadStuckAfter(string_view text, AdminOptions* options) {
  double seconds = 0;
  // The comparison refuses NaN.
  if (!absl::SimpleAtod(text, &seconds) || !(seconds >= 1 && seconds <= kMaxSeconds)) {
    return Wrong(text, "no number of seconds from 1 to 86400");
  }
  options->stuck_after = absl::Seconds(seconds);
  return absl::OkStatus();
}
std::string SpellStuckAfter(const AdminOptions& options) {
  return absl::StrCat(absl::ToDoubleSeconds(options.stuck_after));
}

using O = AdminOptions;

constexpr AdminFlag kFlags[kAdminFlags] = {
    {"admin-port", "PORT|off", "", "gRPC: health, statistics, ring, drain; 0 for any",
     ReadPort<&O::grpc>, SpellPort<&O::grpc>},
    {"metrics-port", "PORT|off", "", "HTTP: /metrics, for Prometheus; 0 for any",
     ReadPort<&O::metrics>, SpellPort<&O::metrics>},
    {"admin-listen", "ADDRESS", "", "numeric address of both ports", ReadText<&O::listen>,
     SpellText<&O::listen>},
    {"admin-socket", "PATH", "", "unix socket for gRPC, besides the port",
     ReadText<&O::unix_socket>, SpellText<&O::unix_socket>},
    {"admin-open", "no|yes", "yes", "let calls that change anything come from other machines, too",
     ReadOpen, SpellOpen},
    {"admin-stuck-after", "SECONDS", "", "a thread that is busy for so long makes liveness fail",
     ReadStuckAfter, SpellStuckAfter},
};

constexpr AdminFlag kObserverFlags[kRingObserverFlags] = {
    {"discovery", "ADDRESS", "",
     "show the ring of these servers: a:11211,b:11211, dns+NAME:11211, dnssrv+NAME, file+PATH",
     ReadText<&O::discovery>, SpellText<&O::discovery>},
    {"placement", "NAME", "", "how clients place keys on that ring", ReadText<&O::placement>,
     SpellText<&O::placement>},
    {"key-hash", "NAME", "", "and what they hash keys with, if not what is usual there",
     ReadText<&O::key_hash>, SpellText<&O::key_hash>},
};

static_assert(!kFlags[kAdminFlags - 1].name.empty());
static_assert(!kObserverFlags[kRingObserverFlags - 1].name.empty());

}  // namespace

absl::Status AdminOptions::Validate() const {
  if (grpc.is_on() && metrics.is_on() && grpc.number == metrics.number && grpc.number != 0) {
    return absl::InvalidArgumentError(absl::StrCat("--admin-port and --metrics-port are both ",
                                                   grpc.number, "; give them different ones"));
  }
  return absl::OkStatus();
}

absl::Span<const AdminFlag> AdminFlags() { return kFlags; }
absl::Span<const AdminFlag> RingObserverFlags() { return kObserverFlags; }

}  // namespace ringcache::admin

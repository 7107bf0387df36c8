#include "admin/metrics/exposer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "admin/metrics/backend_collectable.h"
#include "prometheus/collectable.h"
#include "prometheus/exposer.h"

namespace ringcache::admin {
namespace {

struct Address {
  sockaddr_storage bytes = {};
  socklen_t size = 0;
};

absl::StatusOr<Address> ParseAddress(const std::string& listen, int port) {
  Address address;
  auto* const v4 = reinterpret_cast<sockaddr_in*>(&address.bytes);
  auto* const v6 = reinterpret_cast<sockaddr_in6*>(&address.bytes);
  if (inet_pton(AF_INET, listen.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(static_cast<std::uint16_t>(port));
    address.size = sizeof(sockaddr_in);
  } else if (inet_pton(AF_INET6, listen.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(static_cast<std::uint16_t>(port));
    address.size = sizeof(sockaddr_in6);
  } else {
    return absl::InvalidArgumentError(
        absl::StrCat("'", listen, "' is no numeric address, such as 0.0.0.0 or ::1"));
  }
  return address;
}

// The library does not tell why it cannot listen: the same is tried once more to know.
std::string WhyNot(const Address& address) {
  const int descriptor = socket(address.bytes.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return std::strerror(errno);
  const int on = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  const bool bound =
      bind(descriptor, reinterpret_cast<const sockaddr*>(&address.bytes), address.size) == 0 &&
      listen(descriptor, 1) == 0;
  const std::string why = bound ? "it failed, but would not now" : std::strerror(errno);
  close(descriptor);
  return why;
}

// As the library spells addresses; "+" is any address of both families.
std::string Spell(const std::string& listen, int port) {
  if (listen == "::") return absl::StrCat("+", port);
  return absl::StrCat(listen.find(':') == std::string::npos ? listen : "[" + listen + "]", ":",
                      port);
}

std::vector<std::string> OptionsOf(const std::string& listen, int port) {
  return {
      // clang-format off
      "listening_ports", Spell(listen, port),
      "num_threads", "2",
      // Accepted connections that wait for a thread, and those that wait to be accepted.
      "connection_queue", "16",
      "listen_backlog", "16",
      // A connection has a thread to itself: it may neither keep it between scrapes nor be silent.
      "enable_keep_alive", "no",
      "request_timeout_ms", "2000",
      "max_request_size", "8192",
      // clang-format on
  };
}

}  // namespace

MetricsExposer::MetricsExposer(Backend* backend)
    : collectable_(std::make_shared<BackendCollectable>(backend)) {}

MetricsExposer::~MetricsExposer() = default;

absl::StatusOr<std::unique_ptr<MetricsExposer>> MetricsExposer::Start(const std::string& listen,
                                                                      int port, Backend* backend) {
  if (port < 0 || port > 65535) {
    return absl::InvalidArgumentError(absl::StrCat(port, " is no port from 0 to 65535"));
  }
  const absl::StatusOr<Address> address = ParseAddress(listen, port);
  if (!address.ok()) return address.status();
  std::unique_ptr<MetricsExposer> exposer(new MetricsExposer(backend));
  // The library throws if it cannot listen.
  try {
    exposer->exposer_ = std::make_unique<prometheus::Exposer>(OptionsOf(listen, port));
    exposer->exposer_->RegisterCollectable(exposer->collectable_, "/metrics");
    exposer->port_ = exposer->exposer_->GetListeningPorts().at(0);
  } catch (const std::exception&) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", listen, ", port ", port, ": ", WhyNot(*address)));
  }
  return exposer;
}

}  // namespace ringcache::admin

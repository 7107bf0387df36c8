#include "admin/metrics/exposer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <exception>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "admin/metrics/backend_collectable.h"
#include "admin/metrics/collector_thread.h"
#include "prometheus/collectable.h"
#include "prometheus/exposer.h"

namespace ringcache::admin {
namespace {

// Fails with what would be right.
absl::StatusOr<sockaddr_in> ParseAddress(const std::string& listen, int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  in6_addr v6 = {};
  if (inet_pton(AF_INET, listen.c_str(), &address.sin_addr) == 1) return address;
  if (inet_pton(AF_INET6, listen.c_str(), &v6) == 1) {
    return absl::UnimplementedError(
        absl::StrCat("/metrics is served on IPv4 only, not on ", listen));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("'", listen, "' is no numeric address, such as 0.0.0.0"));
}

// The library does not tell why it cannot listen: the same is tried once more to know.
std::string WhyNot(const sockaddr_in& address) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return std::strerror(errno);
  const int on = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  const bool bound =
      bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 &&
      listen(descriptor, 1) == 0;
  const std::string why = bound ? "it failed, but would not now" : std::strerror(errno);
  close(descriptor);
  return why;
}

// A connection that is closed at once.
void Knock(const sockaddr_in& address) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return;
  // Whether it is accepted does not matter.
  (void)connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  close(descriptor);
}

std::vector<std::string> OptionsOf(const std::string& listen, int port) {
  return {
      // clang-format off
      "listening_ports", absl::StrCat(listen, ":", port),
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

MetricsExposer::MetricsExposer(const std::string& listen, Backend* backend)
    : listen_(listen),
      collectable_(
          std::make_shared<CollectorThread>(std::make_unique<BackendCollectable>(backend))) {}

MetricsExposer::~MetricsExposer() {
  const absl::StatusOr<sockaddr_in> address = ParseAddress(listen_, port_);
  if (!address.ok() || port_ == 0) return;
  // The library's thread that accepts sees the end only every two seconds, or when a client comes.
  absl::Notification ended;
  std::thread knocker([&ended, to = *address] {
    while (!ended.WaitForNotificationWithTimeout(absl::Milliseconds(5))) Knock(to);
  });
  exposer_.reset();
  ended.Notify();
  knocker.join();
}

absl::StatusOr<std::unique_ptr<MetricsExposer>> MetricsExposer::Start(const std::string& listen,
                                                                      int port, Backend* backend) {
  if (port < 0 || port > 65535) {
    return absl::InvalidArgumentError(absl::StrCat(port, " is no port from 0 to 65535"));
  }
  const std::string on = listen == "::" ? "0.0.0.0" : listen;
  const absl::StatusOr<sockaddr_in> address = ParseAddress(on, port);
  if (!address.ok()) return address.status();
  std::unique_ptr<MetricsExposer> exposer(new MetricsExposer(on, backend));
  // The library throws if it cannot listen.
  try {
    exposer->exposer_ = std::make_unique<prometheus::Exposer>(OptionsOf(on, port));
    exposer->exposer_->RegisterCollectable(exposer->collectable_, "/metrics");
    exposer->port_ = exposer->exposer_->GetListeningPorts().at(0);
  } catch (const std::exception&) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", on, ", port ", port, ": ", WhyNot(*address)));
  }
  return exposer;
}

}  // namespace ringcache::admin

#include "admin/service/service.h"

#include <sys/stat.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "admin/metrics/exposer.h"
#include "admin/service/admin_service.h"
#include "admin/service/call_pool.h"
#include "admin/service/grpc_server.h"
#include "admin/service/health_service.h"
#include "admin/service/listen_address.h"
#include "admin/service/peer.h"
#include "admin/service/quiet_thread.h"
#include "admin/service/ticker.h"

namespace ringcache::admin {

using absl::string_view;

namespace {

// Who may ask whom: as memcached's Unix socket.
constexpr mode_t kSocketMode = 0700;

constexpr string_view kGrpcFlag = "--admin-port";
constexpr string_view kMetricsFlag = "--metrics-port";

std::string Advice(string_view flag) {
  return absl::StrCat("; ", flag, "=PORT chooses another port, ", flag, "=off none");
}

// What a port that cannot be served makes of the start: OK if it is left off.
absl::Status LeaveOff(const AdminPort& port, string_view flag, const absl::Status& why,
                      const Service::Log& warning) {
  if (port.asked_for) {
    return absl::Status(why.code(),
                        absl::StrCat(flag, "=", port.number, ": ", why.message(), Advice(flag)));
  }
  warning(absl::StrCat(flag, " is left off: ", why.message(), Advice(flag)));
  return absl::OkStatus();
}

// Whether the port is served. A default one that is taken is not.
absl::StatusOr<bool> Decide(const AdminPort& port, string_view flag, const AdminOptions& options,
                            const Service::Log& warning) {
  if (!port.is_on()) return false;
  const absl::Status status = CheckPort(options.listen, port.number);
  if (status.ok()) return true;
  if (!absl::IsAlreadyExists(status)) return status;
  const absl::Status left_off = LeaveOff(port, flag, status, warning);
  if (!left_off.ok()) return left_off;
  return false;
}

}  // namespace

// What runs, in the order in which it starts; it ends in the other.
class Service::Parts {
 public:
  Parts(const AdminOptions& options, Backend* backend)
      : health_(backend, &health_ticker_),
        admin_(backend, MayChange(options), &pool_, &admin_ticker_) {}

  ~Parts() {
    admin_.Close();
    health_ticker_.Close();
    admin_ticker_.Close();
  }

  absl::Status ServeGrpc(const AdminOptions& options, bool on_port) {
    std::vector<std::string> addresses;
    if (on_port) addresses.push_back(AddressText(options.listen, options.grpc.number));
    if (!options.unix_socket.empty()) {
      const absl::Status status = CheckUnixSocket(options.unix_socket);
      if (!status.ok()) return status;
      addresses.push_back(UnixSocketUri(options.unix_socket));
    }
    if (addresses.empty()) return absl::OkStatus();
    auto server = GrpcServer::Start(addresses, {&health_, &admin_});
    if (!server.ok()) return server.status();
    server_ = *std::move(server);
    if (on_port) {
      grpc_port_ = server_->ports()[0];
      told_.push_back("gRPC on " + AddressText(options.listen, grpc_port_));
    }
    if (!options.unix_socket.empty()) {
      chmod(options.unix_socket.c_str(), kSocketMode);
      told_.push_back("gRPC on " + options.unix_socket);
    }
    return absl::OkStatus();
  }

  absl::Status ServeMetrics(const AdminOptions& options, Backend* backend) {
    auto metrics = MetricsExposer::Start(options.listen, options.metrics.number, backend);
    if (!metrics.ok()) return metrics.status();
    metrics_ = *std::move(metrics);
    told_.push_back("/metrics on " + AddressText(options.listen, metrics_->port()));
    return absl::OkStatus();
  }

  int grpc_port() const { return grpc_port_; }
  int metrics_port() const { return metrics_ == nullptr ? AdminPort::kOff : metrics_->port(); }
  const std::vector<std::string>& told() const { return told_; }

 private:
  static AdminService::MayChange MayChange(const AdminOptions& options) {
    if (options.open) return [](string_view) { return true; };
    return IsLocalPeer;
  }

  // Health has a ticker of its own: no number of other watches delays it.
  Ticker health_ticker_{HealthService::kMaxWatches};
  Ticker admin_ticker_{AdminService::kMaxWatches};
  HealthService health_;
  AdminService admin_;
  // After the service that its calls are of.
  CallPool pool_;
  std::unique_ptr<GrpcServer> server_;
  std::unique_ptr<MetricsExposer> metrics_;
  int grpc_port_ = AdminPort::kOff;
  std::vector<std::string> told_;
};

absl::StatusOr<std::unique_ptr<Service>> Service::Start(const AdminOptions& options,
                                                        Backend* backend, const Log& notice,
                                                        const Log& warning) {
  absl::Status status = options.Validate();
  if (!status.ok()) return status;
  const auto grpc = Decide(options.grpc, kGrpcFlag, options, warning);
  if (!grpc.ok()) return grpc.status();
  const auto metrics = Decide(options.metrics, kMetricsFlag, options, warning);
  if (!metrics.ok()) return metrics.status();
  std::unique_ptr<Service> self(new Service);
  absl::Status metrics_status;
  RunQuietly([&] {
    self->parts_ = std::make_unique<Parts>(options, backend);
    status = self->parts_->ServeGrpc(options, *grpc);
    if (status.ok() && *metrics) metrics_status = self->parts_->ServeMetrics(options, backend);
  });
  if (!metrics_status.ok()) {
    status = LeaveOff(options.metrics, kMetricsFlag, metrics_status, warning);
  }
  if (!status.ok()) return status;
  for (const std::string& what : self->addresses()) notice(what);
  return self;
}

Service::~Service() {
  RunQuietly([this] { parts_.reset(); });
}

int Service::grpc_port() const { return parts_->grpc_port(); }
int Service::metrics_port() const { return parts_->metrics_port(); }
std::vector<std::string> Service::addresses() const { return parts_->told(); }

}  // namespace ringcache::admin

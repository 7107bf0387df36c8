#include "admin/service/service.h"

#include <sys/stat.h>

#include <utility>

#include "absl/strings/str_cat.h"
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

// Whether the port is served. A default one that is taken is not.
absl::StatusOr<bool> Decide(const AdminPort& port, string_view flag, const AdminOptions& options,
                            const Service::Log& warning) {
  if (!port.is_on()) return false;
  const absl::Status status = CheckPort(options.listen, port.number);
  if (status.ok()) return true;
  if (!absl::IsAlreadyExists(status)) return status;
  const std::string advice = absl::StrCat(flag, "=PORT chooses another port, ", flag, "=off none");
  if (port.asked_for) {
    return absl::AlreadyExistsError(
        absl::StrCat(flag, "=", port.number, ": ", status.message(), "; ", advice));
  }
  warning(absl::StrCat(flag, " is left off: ", status.message(), "; ", advice));
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

  absl::Status Serve(const AdminOptions& options, bool on_port) {
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

  int grpc_port() const { return grpc_port_; }
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
  int grpc_port_ = AdminPort::kOff;
  std::vector<std::string> told_;
};

absl::StatusOr<std::unique_ptr<Service>> Service::Start(const AdminOptions& options,
                                                        Backend* backend, const Log& notice,
                                                        const Log& warning) {
  absl::Status status = options.Validate();
  if (!status.ok()) return status;
  const auto grpc = Decide(options.grpc, "--admin-port", options, warning);
  if (!grpc.ok()) return grpc.status();
  std::unique_ptr<Service> self(new Service);
  RunQuietly([&] {
    self->parts_ = std::make_unique<Parts>(options, backend);
    status = self->parts_->Serve(options, *grpc);
  });
  if (!status.ok()) return status;
  for (const std::string& what : self->addresses()) notice(what);
  return self;
}

Service::~Service() {
  RunQuietly([this] { parts_.reset(); });
}

int Service::grpc_port() const { return parts_->grpc_port(); }
int Service::metrics_port() const { return AdminPort::kOff; }
std::vector<std::string> Service::addresses() const { return parts_->told(); }

}  // namespace ringcache::admin

#include "admin/service/service.h"

#include <utility>

namespace ringcache::admin {

class Service::Parts {};

absl::StatusOr<std::unique_ptr<Service>> Service::Start(const AdminOptions& options, Backend*,
                                                        const Log&, const Log&) {
  const absl::Status valid = options.Validate();
  if (!valid.ok()) return valid;
  return std::unique_ptr<Service>(new Service(std::make_unique<Parts>()));
}

Service::Service(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Service::~Service() = default;

int Service::grpc_port() const { return AdminPort::kOff; }
int Service::metrics_port() const { return AdminPort::kOff; }
std::vector<std::string> Service::addresses() const { return {}; }

}  // namespace ringcache::admin

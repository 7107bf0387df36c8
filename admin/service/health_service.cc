#include "admin/service/health_service.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "admin/service/watch_stream.h"

namespace ringcache::admin {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

namespace {

struct ServiceRow {
  absl::string_view name;
  Verdict Health::*verdict;
};

constexpr ServiceRow kServices[] = {
    {"", &Health::readiness},
    {"liveness", &Health::liveness},
    {"readiness", &Health::readiness},
    {"startup", &Health::startup},
};

HealthCheckResponse::ServingStatus StatusOf(Backend& backend, absl::string_view service) {
  for (const ServiceRow& row : kServices) {
    if (row.name != service) continue;
    const Health health = backend.CheckHealth();
    const bool serving = (health.*row.verdict).serving;
    return serving ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING;
  }
  return HealthCheckResponse::SERVICE_UNKNOWN;
}

class HealthWatch final : public WatchStream<HealthCheckResponse> {
 public:
  HealthWatch(std::string service, Backend* backend)
      : service_(std::move(service)), backend_(*backend) {}

  void Tick() override {
    if (!Begin()) return;
    const HealthCheckResponse::ServingStatus status = StatusOf(backend_, service_);
    if (status == told_) return Skip();
    told_ = status;
    HealthCheckResponse response;
    response.set_status(status);
    Send(std::move(response));
  }

 private:
  const std::string service_;
  Backend& backend_;
  // Of whom Begin told that a message is wanted.
  HealthCheckResponse::ServingStatus told_ = HealthCheckResponse::UNKNOWN;
};

}  // namespace

grpc::ServerUnaryReactor* HealthService::Check(grpc::CallbackServerContext* context,
                                               const HealthCheckRequest* request,
                                               HealthCheckResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const HealthCheckResponse::ServingStatus status = StatusOf(backend_, request->service());
  if (status == HealthCheckResponse::SERVICE_UNKNOWN) {
    // Not the name, which may be as long as a message.
    reactor->Finish({grpc::StatusCode::NOT_FOUND,
                     "there is no such service; ask liveness, readiness, startup, or none"});
    return reactor;
  }
  response->set_status(status);
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

grpc::ServerWriteReactor<HealthCheckResponse>* HealthService::Watch(
    grpc::CallbackServerContext*, const HealthCheckRequest* request) {
  return std::make_shared<HealthWatch>(request->service(), &backend_)->Start(&ticker_);
}

}  // namespace ringcache::admin

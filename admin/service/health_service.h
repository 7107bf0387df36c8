// grpc.health.v1.Health, as Kubernetes' probes and gRPC's clients ask it, over
// Backend::CheckHealth.
//
// The services are "liveness", "readiness" and "startup". "" is readiness: a probe that names no
// service asks whether traffic may come.
//
// A check is answered at once by the thread that heard it. It waits for no other call.
//
// Thread safety: gRPC's. Ownership: backend and ticker are the caller's and outlive this.

#ifndef RINGCACHE_ADMIN_SERVICE_HEALTH_SERVICE_H_
#define RINGCACHE_ADMIN_SERVICE_HEALTH_SERVICE_H_

#include <cstddef>

#include "admin/backend/backend.h"
#include "admin/service/ticker.h"
#include "grpc/health/v1/health.grpc.pb.h"

namespace ringcache::admin {

class HealthService final : public grpc::health::v1::Health::CallbackService {
 public:
  // Enough for the kubelet, a service mesh and some operators.
  static constexpr std::size_t kMaxWatches = 64;

  HealthService(Backend* backend, Ticker* ticker) : backend_(*backend), ticker_(*ticker) {}

  // NOT_FOUND if the service is not known.
  grpc::ServerUnaryReactor* Check(grpc::CallbackServerContext* context,
                                  const grpc::health::v1::HealthCheckRequest* request,
                                  grpc::health::v1::HealthCheckResponse* response) override;
  // Tells the status now and whenever it changes. SERVICE_UNKNOWN is a status like others.
  grpc::ServerWriteReactor<grpc::health::v1::HealthCheckResponse>* Watch(
      grpc::CallbackServerContext* context,
      const grpc::health::v1::HealthCheckRequest* request) override;

 private:
  Backend& backend_;
  Ticker& ticker_;
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_SERVICE_HEALTH_SERVICE_H_

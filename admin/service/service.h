// The admin interface of a process: gRPC (health, Admin, reflection) and /metrics, served from what
// an admin::Backend tells. The only code of a program that sees gRPC.
//
// Everything runs on threads of its own, which have a low priority and take no signals; nothing
// here keeps a worker from its work.
//
// Thread safety: one thread. Ownership: the backend is the caller's and outlives this.

#ifndef RINGCACHE_ADMIN_SERVICE_SERVICE_H_
#define RINGCACHE_ADMIN_SERVICE_SERVICE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "admin/backend/admin_options.h"
#include "admin/backend/backend.h"

namespace ringcache::admin {

class Service {
 public:
  // Called during Start only, by the thread that calls it.
  using Log = std::function<void(absl::string_view)>;

  // Listens as `options` say, and tells `notice` where. A default port that is taken is left off,
  // which `warning` is told; an address that was asked for and cannot be had is an error. After
  // the process went into the background, since threads do not come along.
  static absl::StatusOr<std::unique_ptr<Service>> Start(const AdminOptions& options,
                                                        Backend* backend, const Log& notice,
                                                        const Log& warning);
  // Calls that still run are cancelled; waits for no client.
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // AdminPort::kOff if it is not served.
  int grpc_port() const;
  int metrics_port() const;
  // What is served where, for the log: "gRPC on 0.0.0.0:11210".
  std::vector<std::string> addresses() const;

 private:
  class Parts;

  Service() = default;

  std::unique_ptr<Parts> parts_;
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_SERVICE_SERVICE_H_

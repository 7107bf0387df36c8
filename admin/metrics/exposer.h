// /metrics over HTTP, for Prometheus.
//
// Thread safety: each object is used by one thread. Four threads of its own accept, serve and
// collect; they take priority and blocked signals from the thread that calls Start().

#ifndef RINGCACHE_ADMIN_METRICS_EXPOSER_H_
#define RINGCACHE_ADMIN_METRICS_EXPOSER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "admin/backend/backend.h"

namespace prometheus {
class Collectable;
class Exposer;
}  // namespace prometheus

namespace ringcache::admin {

class MetricsExposer {
 public:
  // Serves what `backend` tells at http://`listen`:`port`/metrics. `listen` is a numeric IPv4
  // address; "::", as programs have it that serve both families, is any IPv4 address: Debian's
  // library knows no other. Port 0: the system chooses. `backend` outlives the exposer. Fails with
  // what cannot be listened on, and why.
  static absl::StatusOr<std::unique_ptr<MetricsExposer>> Start(const std::string& listen, int port,
                                                               Backend* backend);
  // Waits for running scrapes, and up to two seconds for clients that have connected and are
  // silent.
  ~MetricsExposer();

  MetricsExposer(const MetricsExposer&) = delete;
  MetricsExposer& operator=(const MetricsExposer&) = delete;

  int port() const { return port_; }

 private:
  MetricsExposer(const std::string& listen, Backend* backend);

  const std::string listen_;
  const std::shared_ptr<prometheus::Collectable> collectable_;
  // Its threads ask the collectable until it ends.
  std::unique_ptr<prometheus::Exposer> exposer_;
  int port_ = 0;
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_METRICS_EXPOSER_H_

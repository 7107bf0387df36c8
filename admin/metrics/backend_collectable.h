// The metrics of a process, asked of its backend at each scrape.
//
// Thread safety: any thread, as the backend.

#ifndef RINGCACHE_ADMIN_METRICS_BACKEND_COLLECTABLE_H_
#define RINGCACHE_ADMIN_METRICS_BACKEND_COLLECTABLE_H_

#include <vector>

#include "admin/backend/backend.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"

namespace ringcache::admin {

class BackendCollectable : public prometheus::Collectable {
 public:
  // `backend` outlives it.
  explicit BackendCollectable(Backend* backend) : backend_(backend) {}

  // Figures that the backend does not know have no series. If it fails to tell its statistics,
  // memcached_up is 0 and nothing else of memcached's is there.
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  Backend* const backend_;
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_METRICS_BACKEND_COLLECTABLE_H_

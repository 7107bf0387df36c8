#include "admin/metrics/backend_collectable.h"

#include "admin/metrics/families.h"
#include "admin/metrics/state_metrics.h"

namespace ringcache::admin {

std::vector<prometheus::MetricFamily> BackendCollectable::Collect() const {
  Families families;
  AddProgram(backend_->Program(), &families);
  AddHealth(backend_->CheckHealth(), &families);
  AddDrain(backend_->Draining(), &families);
  return families.Take();
}

}  // namespace ringcache::admin

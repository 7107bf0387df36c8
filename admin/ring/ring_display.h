// Rings of pools as an admin sees them. How much of the keys each member owns takes milliseconds to
// find out, so it is kept as long as the ring is the same.
//
// Thread safety: any thread.

#ifndef RINGCACHE_ADMIN_RING_RING_DISPLAY_H_
#define RINGCACHE_ADMIN_RING_RING_DISPLAY_H_

#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "admin/backend/backend.h"
#include "admin/ring/pool_ring.h"
#include "hashring/ownership.h"
#include "hashring/ring.h"
#include "net/mutex.h"

namespace ringcache::admin {

class RingDisplay {
 public:
  // A view of each, in the same order.
  std::vector<std::shared_ptr<const RingView>> Show(std::vector<PoolRing> pools);

 private:
  struct Shares {
    std::shared_ptr<const hashring::Ring> ring;
    std::shared_ptr<const hashring::Ownership> ownership;
  };

  net::Mutex mutex_;
  // Of the rings that were shown last.
  std::vector<Shares> kept_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_RING_RING_DISPLAY_H_

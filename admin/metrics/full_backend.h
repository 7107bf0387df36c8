// A backend for tests that has all that metrics can show.
//
// Thread safety: a function only.

#ifndef RINGCACHE_ADMIN_METRICS_FULL_BACKEND_H_
#define RINGCACHE_ADMIN_METRICS_FULL_BACKEND_H_

#include <memory>

#include "admin/backend/fake_backend.h"

namespace ringcache::admin {

struct FullBackendSize {
  int slabs = 2;
  int workers = 2;
  int members = 2;
};

// It is both a server and a router that drains, and knows every figure and all latencies.
std::unique_ptr<FakeBackend> FullBackend(const FullBackendSize& size = FullBackendSize());

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_METRICS_FULL_BACKEND_H_

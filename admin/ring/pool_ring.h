// A pool's ring and how its members fare, to be shown to an admin.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_ADMIN_RING_POOL_RING_H_
#define RINGCACHE_ADMIN_RING_POOL_RING_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "admin/backend/backend.h"
#include "hashring/ring.h"

namespace ringcache::admin {

struct PoolRing {
  struct Member {
    std::string address;  // where it is today; empty: not known
    MemberState state = MemberState::kUnknown;
  };

  std::string pool;
  std::uint64_t version = 0;
  std::shared_ptr<const hashring::Ring> ring;  // not null
  std::vector<Member> members;                 // as many as, and in the order of, ring->members()
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_RING_POOL_RING_H_

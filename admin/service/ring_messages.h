// Rings, and what a change of one would move, as messages of admin.proto.
//
// Thread safety: functions only.

#ifndef RINGCACHE_ADMIN_SERVICE_RING_MESSAGES_H_
#define RINGCACHE_ADMIN_SERVICE_RING_MESSAGES_H_

#include <memory>
#include <vector>

#include "admin/backend/ring_view.h"
#include "admin/proto/admin.pb.h"

namespace ringcache::admin {

// So many moves are told of a plan, the largest: two rings of RingView::kMaxMembers and these stay
// below the 4 MiB that clients of gRPC take by default.
inline constexpr int kMaxMoves = 5000;

// Each adds to an empty message.
void Describe(const RingInfo& info, v1::Ring* message);
void Describe(const std::vector<std::shared_ptr<const RingView>>& rings, v1::Rings* message);
void Describe(const RingPlan& plan, v1::Plan* message);

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_SERVICE_RING_MESSAGES_H_

#include "router/admin/worker_rings.h"

#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

namespace ringcache::router {
namespace {

using PoolAndMember = std::pair<std::string, std::string>;

admin::PoolRing RingOf(const PoolSnapshot& pool, const absl::flat_hash_set<PoolAndMember>& down) {
  admin::PoolRing ring;
  ring.pool = pool.name;
  ring.version = pool.version;
  ring.ring = pool.ring;
  for (const MemberSnapshot& member : pool.members) {
    const bool is_down = down.contains(PoolAndMember(pool.name, member.name));
    const admin::MemberState state = member.vanished ? admin::MemberState::kVanished
                                     : is_down       ? admin::MemberState::kDown
                                                     : admin::MemberState::kUp;
    ring.members.push_back({member.address, state});
  }
  return ring;
}

}  // namespace

std::vector<admin::PoolRing> RingsOf(
    absl::Span<const std::shared_ptr<const WorkerSnapshot>> workers) {
  std::vector<admin::PoolRing> rings;
  if (workers.empty()) return rings;
  absl::flat_hash_set<PoolAndMember> down;
  for (const std::shared_ptr<const WorkerSnapshot>& worker : workers) {
    for (const PoolSnapshot& pool : worker->pools) {
      for (const MemberSnapshot& member : pool.members) {
        if (!member.stats.up) down.emplace(pool.name, member.name);
      }
    }
  }
  absl::flat_hash_map<std::string, int> placements;
  for (const PoolSnapshot& pool : workers.front()->pools) {
    if (pool.ring == nullptr) continue;
    admin::PoolRing& ring = rings.emplace_back(RingOf(pool, down));
    const int placement = ++placements[pool.name];
    if (placement > 1) absl::StrAppend(&ring.pool, "#", placement);
  }
  return rings;
}

}  // namespace ringcache::router

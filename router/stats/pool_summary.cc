#include "router/stats/pool_summary.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "client/member_client.h"

namespace ringcache::router {
namespace {

void AddTo(const client::MemberStats& stats, client::MemberStats* sum) {
  sum->calls += stats.calls;
  sum->refused_calls += stats.refused_calls;
  sum->timeouts += stats.timeouts;
  sum->lost_connections += stats.lost_connections;
  sum->times_down += stats.times_down;
  sum->pending_calls += stats.pending_calls;
  sum->queued_bytes += stats.queued_bytes;
  sum->up = sum->up && stats.up;
  if (sum->last_problem.empty()) sum->last_problem = stats.last_problem;
}

}  // namespace

std::vector<PoolSnapshot> SummaryOf(
    absl::Span<const std::shared_ptr<const WorkerSnapshot>> workers) {
  std::vector<PoolSnapshot> summary;
  absl::flat_hash_map<std::string, std::size_t> pools;
  absl::flat_hash_map<std::pair<std::size_t, std::string>, std::size_t> members;
  for (const std::shared_ptr<const WorkerSnapshot>& worker : workers) {
    for (const PoolSnapshot& pool : worker->pools) {
      const auto [known, is_new] = pools.try_emplace(pool.name, summary.size());
      if (is_new) summary.push_back({pool.name, pool.version, {}, {}});
      PoolSnapshot& sum = summary[known->second];
      sum.version = std::max(sum.version, pool.version);
      for (const MemberSnapshot& member : pool.members) {
        const auto [place, is_new_member] =
            members.try_emplace(std::make_pair(known->second, member.name), sum.members.size());
        if (is_new_member) {
          sum.members.push_back(member);
        } else {
          AddTo(member.stats, &sum.members[place->second].stats);
        }
      }
    }
  }
  return summary;
}

}  // namespace ringcache::router

#include "router/latency/all_latencies.h"

#include <cstddef>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "protocol/command_class.h"

namespace ringcache::router {
namespace {

using admin::LatencySeries;

void AddCommands(absl::Span<const CommandLatencies* const> commands,
                 std::vector<LatencySeries>* all) {
  for (std::size_t i = 0; i < protocol::kCommandClassCount; ++i) {
    LatencySeries& series = all->emplace_back();
    series.kind = LatencySeries::Kind::kCommand;
    series.name = std::string(protocol::kCommandClassNames[i]);
    for (const CommandLatencies* worker : commands) {
      series.histogram.Merge(worker->of(static_cast<protocol::CommandClass>(i)));
    }
  }
}

}  // namespace

std::vector<LatencySeries> AllLatencies(
    absl::Span<const CommandLatencies* const> commands,
    absl::Span<const std::shared_ptr<const WorkerSnapshot>> workers) {
  std::vector<LatencySeries> all;
  AddCommands(commands, &all);
  absl::flat_hash_map<std::pair<std::string, std::string>, std::size_t> places;
  for (const std::shared_ptr<const WorkerSnapshot>& worker : workers) {
    for (const PoolSnapshot& pool : worker->pools) {
      for (const MemberSnapshot& member : pool.members) {
        if (member.latencies == nullptr) continue;
        const auto place = places.try_emplace(std::make_pair(pool.name, member.name), all.size());
        if (place.second) {
          LatencySeries& series = all.emplace_back();
          series.kind = LatencySeries::Kind::kMember;
          series.pool = pool.name;
          series.name = member.name;
        }
        all[place.first->second].histogram.Merge(*member.latencies);
      }
    }
  }
  return all;
}

}  // namespace ringcache::router

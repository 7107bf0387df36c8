#include "admin/metrics/full_backend.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "admin/backend/backend.h"

namespace ringcache::admin {
namespace {

LatencySeries Latencies(LatencySeries::Kind kind, const std::string& pool,
                        const std::string& name) {
  LatencySeries series;
  series.kind = kind;
  series.pool = pool;
  series.name = name;
  for (std::uint64_t ns = 500; ns < 2'000'000'000; ns *= 3) series.histogram.Record(ns);
  return series;
}

}  // namespace

std::unique_ptr<FakeBackend> FullBackend(const FullBackendSize& size) {
  auto backend = std::make_unique<FakeBackend>();
  backend->Change([&size](FakeBackend::State& state) {
    state.stats = FullStats(size.slabs, size.workers, size.members);
    state.rings = std::vector<std::shared_ptr<const RingView>>{FakeRing("main", size.members)};
    state.drain = {.draining = true, .phase = "announcing", .left = absl::Seconds(3)};
    state.latencies->clear();
    for (const char* command : {"get", "set", "delete", "touch", "arithmetic", "other"}) {
      state.latencies->push_back(Latencies(LatencySeries::Kind::kCommand, "", command));
    }
    for (const MemberStats& member : state.stats->members) {
      state.latencies->push_back(Latencies(LatencySeries::Kind::kMember, member.pool, member.name));
    }
  });
  return backend;
}

}  // namespace ringcache::admin

// What a ring adds to its placement: a key's part is cut out and a slot becomes a member; where an
// ordinal is missing, its keys are ranked. And what it takes to build a ring and to compare two.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "benchmark/benchmark.h"
#include "hashring/ownership.h"
#include "hashring/ring.h"
#include "hashring/ring_diff.h"

namespace ringcache::hashring {
namespace {

// More than the branch predictor learns by heart.
constexpr std::size_t kKeys = 1 << 16;

// The pods 0 to count - 1, but the first of each `missing` if it is not 0.
std::vector<Member> Pods(int count, int missing = 0) {
  std::vector<Member> pods;
  for (int i = 0; i < count; ++i) {
    if (missing > 0 && i % missing == 0) continue;
    pods.push_back({.host = absl::StrCat("cache-", i, ".cache.default.svc.cluster.local")});
  }
  return pods;
}

std::shared_ptr<const Ring> Build(const RingOptions& options, const std::vector<Member>& members) {
  return *Ring::Create(options, members);
}

void Locate(benchmark::State& state, const Ring& ring) {
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < kKeys; ++i) keys.push_back(absl::StrCat("session:{user:", i, "}:a"));
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(ring.MemberOf(keys[i++ % kKeys]));
}

void BM_MemberOf(benchmark::State& state) {
  Locate(state, *Build({.placement = PlacementKind::kJump}, Pods(10)));
}
BENCHMARK(BM_MemberOf);

void BM_MemberOfWithStopAndTag(benchmark::State& state) {
  const RingOptions options{
      .placement = PlacementKind::kJump, .hash_stop = "|#|", .hash_tag = "{}"};
  Locate(state, *Build(options, Pods(10)));
}
BENCHMARK(BM_MemberOfWithStopAndTag);

// One pod of each `state.range(0)` is missing.
void BM_MemberOfWithGaps(benchmark::State& state) {
  const std::vector<Member> pods = Pods(10, static_cast<int>(state.range(0)));
  Locate(state, *Build({.placement = PlacementKind::kJump}, pods));
}
BENCHMARK(BM_MemberOfWithGaps)->Arg(10)->Arg(2);

void BM_Replicas3(benchmark::State& state) {
  const auto ring = Build({.placement = PlacementKind::kJump}, Pods(10));
  std::uint32_t replicas[3];
  for (auto _ : state) benchmark::DoNotOptimize(ring->Replicas("user:1", replicas));
}
BENCHMARK(BM_Replicas3);

void BM_Create(benchmark::State& state) {
  const std::vector<Member> pods = Pods(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(Build({}, pods));
}
BENCHMARK(BM_Create)->Arg(10)->Arg(1000)->Unit(benchmark::kMillisecond);

void BM_Ownership(benchmark::State& state) {
  const auto ring = Build({}, Pods(static_cast<int>(state.range(0))));
  for (auto _ : state) benchmark::DoNotOptimize(OwnershipOf(*ring));
}
BENCHMARK(BM_Ownership)->Arg(10)->Arg(1000)->Unit(benchmark::kMillisecond);

void BM_Diff(benchmark::State& state) {
  const auto from = Build({}, Pods(static_cast<int>(state.range(0))));
  const auto to = Build({}, Pods(static_cast<int>(state.range(0)) + 1));
  for (auto _ : state) benchmark::DoNotOptimize(Diff(*from, *to));
}
BENCHMARK(BM_Diff)->Arg(10)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace ringcache::hashring

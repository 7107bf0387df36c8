// Which of three caches has a key, where its copy would be, and what a fourth cache would move: no
// sockets, no server, only names.

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "hashring/ring.h"
#include "hashring/ring_diff.h"

namespace {

using ringcache::hashring::Diff;
using ringcache::hashring::Member;
using ringcache::hashring::PlacementKind;
using ringcache::hashring::Ring;
using ringcache::hashring::RingDiff;
using ringcache::hashring::RingOptions;

// The pods of a StatefulSet called cache.
absl::StatusOr<std::shared_ptr<const Ring>> RingOfPods(int count) {
  std::vector<Member> members;
  for (int i = 0; i < count; ++i) {
    members.push_back({.host = "cache-" + std::to_string(i) + ".cache.default.svc.cluster.local"});
  }
  // As pymemcache's HashClient would.
  RingOptions options;
  options.placement = PlacementKind::kRendezvous;
  return Ring::Create(options, std::move(members));
}

}  // namespace

int main() {
  const auto three = RingOfPods(3), four = RingOfPods(4);
  if (!three.ok() || !four.ok()) {
    std::fprintf(stderr, "%s\n", (three.ok() ? four : three).status().ToString().c_str());
    return 1;
  }
  for (const char* const key : {"mykey", "key0", "foo"}) {
    std::uint32_t replicas[2];
    (*three)->Replicas(key, replicas);
    std::printf("%s is on %s, a copy would be on %s\n", key,
                (*three)->members()[replicas[0]].host.c_str(),
                (*three)->members()[replicas[1]].host.c_str());
  }
  const RingDiff diff = Diff(**three, **four, /*keys=*/100'000);
  std::printf("a fourth takes %.1f %% of the keys over\n", 100 * diff.moved);
  for (const RingDiff::Move& move : diff.moves) {
    // Nothing moves between the three.
    if ((*four)->members()[move.to].host != (*four)->members()[3].host) return 1;
  }
  return diff.moves.size() == 3 ? 0 : 1;
}

// What it costs to place a key: by its hash, by name of the kind and number of members; to hash it;
// to rank three slots; and to build a placement.
//
// Ketama is compared with the straightforward form, a binary search over sorted pairs.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "benchmark/benchmark.h"
#include "hashring/placement/placement_factory.h"

namespace ringcache::hashring {
namespace {

// More than the branch predictor learns by heart, which 4096 were not.
constexpr std::size_t kInputs = 1 << 16;

std::vector<Member> Members(std::size_t count) {
  std::vector<Member> members;
  for (std::size_t i = 0; i < count; ++i) {
    members.push_back({.host = absl::StrCat("cache-", i, ".cache.default.svc.cluster.local")});
  }
  return members;
}

std::unique_ptr<const Placement> Make(const PlacementRow& row, std::size_t members,
                                      KeyHash key_hash = KeyHash::kDefault) {
  return *MakePlacement(row.kind, key_hash, Members(members));
}

std::vector<std::uint64_t> Hashes(const Placement& placement) {
  std::mt19937_64 random(1);
  std::vector<std::uint64_t> hashes;
  for (std::size_t i = 0; i < kInputs; ++i) {
    hashes.push_back(placement.HashKey(std::to_string(random())));
  }
  return hashes;
}

std::vector<std::string> Keys(std::size_t size) {
  std::mt19937_64 random(1);
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < kInputs; ++i) {
    std::string key = std::to_string(random());
    key.resize(size, 'k');
    keys.push_back(std::move(key));
  }
  return keys;
}

// Each call's input depends on the result before it, as one request waits for its owner: latency,
// where calls that overlap would show throughput.
template <typename Inputs, typename Call>
void RunOver(benchmark::State& state, const Inputs& inputs, Call call) {
  // Always zero, but the compiler may not know.
  std::uint64_t no_bits = 0;
  benchmark::DoNotOptimize(no_bits);
  std::size_t i = 0;
  for (auto _ : state) i = (i + 1 + (call(inputs[i]) & no_bits)) % kInputs;
  benchmark::DoNotOptimize(i);
}

void BM_LocateHash(benchmark::State& state, const PlacementRow& row) {
  const auto placement = Make(row, state.range(0));
  RunOver(state, Hashes(*placement),
          [&](std::uint64_t hash) { return placement->LocateHash(hash); });
}

void BM_Locate(benchmark::State& state, const PlacementRow& row) {
  const auto placement = Make(row, state.range(0));
  RunOver(state, Keys(32), [&](const std::string& key) { return placement->Locate(key); });
}

void BM_Rank3(benchmark::State& state, const PlacementRow& row) {
  const auto placement = Make(row, state.range(0));
  RunOver(state, Keys(32), [&](const std::string& key) {
    std::uint32_t ranked[3];
    placement->Rank(key, ranked);
    return ranked[2];
  });
}

void BM_Build(benchmark::State& state, const PlacementRow& row) {
  const std::vector<Member> members = Members(state.range(0));
  for (auto _ : state) {
    benchmark::DoNotOptimize(MakePlacement(row.kind, KeyHash::kDefault, members));
  }
}

void BM_HashKey(benchmark::State& state, KeyHash key_hash) {
  const auto placement = Make(RowOf(PlacementKind::kModulo), 3, key_hash);
  RunOver(state, Keys(state.range(0)),
          [&](const std::string& key) { return placement->HashKey(key); });
}

// Ketama as one would write it first; neighbouring points of one slot are joined, which helps it.
void BM_KetamaByBinarySearch(benchmark::State& state) {
  const auto placement = Make(RowOf(PlacementKind::kKetama), state.range(0));
  std::vector<std::pair<std::uint32_t, std::uint32_t>> points;
  for (const KeySpace::Arc& arc : placement->Arcs().arcs) {
    points.emplace_back(static_cast<std::uint32_t>(arc.end - 1), arc.slot);
  }
  RunOver(state, Hashes(*placement), [&](std::uint64_t hash) {
    const std::pair<std::uint32_t, std::uint32_t> from(static_cast<std::uint32_t>(hash), 0);
    return std::lower_bound(points.begin(), points.end(), from)->second;
  });
}

void RegisterAll() {
  for (const PlacementRow& row : kPlacements) {
    const auto add = [&row](absl::string_view what,
                            void (*run)(benchmark::State&, const PlacementRow&)) {
      const std::string name = absl::StrCat(what, "/", row.name);
      auto* added = benchmark::RegisterBenchmark(name.c_str(), run, row);
      for (const int members : {3, 10, 100, 1000}) added->Arg(members);
      return added;
    };
    if (Make(row, 1)->LocatesByHash()) add("LocateHash", BM_LocateHash);
    add("Locate", BM_Locate);
    add("Rank3", BM_Rank3);
    add("Build", BM_Build)->Arg(kMaxMembers)->Unit(benchmark::kMicrosecond);
  }
  benchmark::RegisterBenchmark("LocateHash/ketama_by_binary_search", BM_KetamaByBinarySearch)
      ->Arg(3)
      ->Arg(10)
      ->Arg(100)
      ->Arg(1000);
  for (int i = 1; i <= static_cast<int>(KeyHash::kJenkins); ++i) {
    const auto key_hash = static_cast<KeyHash>(i);
    benchmark::RegisterBenchmark(absl::StrCat("HashKey/", NameOf(key_hash)).c_str(), BM_HashKey,
                                 key_hash)
        ->Arg(8)
        ->Arg(32)
        ->Arg(250);
  }
}

const bool kRegistered = (RegisterAll(), true);

}  // namespace
}  // namespace ringcache::hashring

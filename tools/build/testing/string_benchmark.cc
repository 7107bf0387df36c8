// Proves that a benchmark builds and runs; it also shows what joining strings costs.

#include "absl/strings/str_cat.h"
#include "benchmark/benchmark.h"

namespace ringcache::build {
namespace {

void BM_StrCat(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(absl::StrCat("key", state.iterations()));
}
BENCHMARK(BM_StrCat);

}  // namespace
}  // namespace ringcache::build

// What a request costs at several rates of sampling, above what the loop itself costs (`Baseline`),
// and what a reader pays. Keys as of Zipf's law out of 100,000.

#include <cstdint>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "metrics/heavy_hitters.h"
#include "metrics/zipf_stream.h"

namespace ringcache::metrics {
namespace {

// Few enough to stay in the nearest caches: what is measured is the sketch.
constexpr std::size_t kRequests = 4096;

std::vector<std::string> Requests() {
  ZipfStream stream(100'000, 1);
  std::vector<std::string> requests;
  for (std::size_t i = 0; i < kRequests; ++i) requests.push_back(ZipfStream::KeyOf(stream.Next()));
  return requests;
}

void BM_Baseline(benchmark::State& state) {
  const std::vector<std::string> requests = Requests();
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(requests[i++ % kRequests].data());
}
BENCHMARK(BM_Baseline);

void BM_Record(benchmark::State& state) {
  const std::vector<std::string> requests = Requests();
  HeavyHittersOptions options;
  options.sample_one_of = static_cast<std::uint32_t>(state.range(0));
  HeavyHitters hitters(options);
  std::size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(requests[i % kRequests].data());
    hitters.Record(requests[i++ % kRequests]);
  }
}
BENCHMARK(BM_Record)->Arg(1)->Arg(16)->Arg(64)->Arg(256);

void BM_Report(benchmark::State& state) {
  HeavyHittersOptions options;
  options.sample_one_of = 1;
  HeavyHitters hitters(options);
  for (const std::string& request : Requests()) hitters.Record(request);
  for (auto _ : state) benchmark::DoNotOptimize(hitters.Report().requests);
}
BENCHMARK(BM_Report);

}  // namespace
}  // namespace ringcache::metrics

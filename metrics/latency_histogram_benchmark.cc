// What recording costs on the data path, and reading on the control plane.

#include <array>
#include <cstdint>
#include <random>

#include "benchmark/benchmark.h"
#include "metrics/latency_histogram.h"

namespace ringcache::metrics {
namespace {

std::array<std::uint64_t, 4096> Latencies() {
  std::mt19937_64 random(1);
  std::lognormal_distribution<double> latency(11.0, 1.0);
  std::array<std::uint64_t, 4096> values;
  for (std::uint64_t& value : values) value = static_cast<std::uint64_t>(latency(random));
  return values;
}

void BM_Record(benchmark::State& state) {
  const auto values = Latencies();
  LatencyHistogram histogram;
  std::size_t i = 0;
  for (auto _ : state) histogram.Record(values[i++ % values.size()]);
  benchmark::DoNotOptimize(histogram.Count());
}
BENCHMARK(BM_Record);

void BM_Percentile(benchmark::State& state) {
  LatencyHistogram histogram;
  for (const std::uint64_t value : Latencies()) histogram.Record(value);
  for (auto _ : state) benchmark::DoNotOptimize(histogram.PercentileNs(99.9));
}
BENCHMARK(BM_Percentile);

void BM_Merge(benchmark::State& state) {
  LatencyHistogram worker;
  for (const std::uint64_t value : Latencies()) worker.Record(value);
  LatencyHistogram total;
  for (auto _ : state) total.Merge(worker);
  benchmark::DoNotOptimize(total.Count());
}
BENCHMARK(BM_Merge);

}  // namespace
}  // namespace ringcache::metrics

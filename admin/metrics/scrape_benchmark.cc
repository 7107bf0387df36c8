// What a scrape costs: collecting and writing the text, of a full server and of a large router.

#include <cstddef>
#include <string>

#include "admin/metrics/backend_collectable.h"
#include "admin/metrics/full_backend.h"
#include "benchmark/benchmark.h"
#include "prometheus/text_serializer.h"

namespace ringcache::admin {
namespace {

void Scrape(benchmark::State& state, const FullBackendSize& size) {
  const auto backend = FullBackend(size);
  const BackendCollectable collectable(backend.get());
  std::size_t bytes = 0;
  for (auto _ : state) {
    const std::string text = prometheus::TextSerializer().Serialize(collectable.Collect());
    bytes = text.size();
    benchmark::DoNotOptimize(bytes);
  }
  state.counters["text_bytes"] = static_cast<double>(bytes);
}

BENCHMARK_CAPTURE(Scrape, Server, FullBackendSize{63, 8, 0})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Scrape, Router, FullBackendSize{0, 8, 100})->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace ringcache::admin

// How long a store takes to be closed and taken over, by the number of items: keys of 33 bytes,
// values of 100, in a file on /dev/shm. Each iteration is a whole restart; the counters are what it
// consists of, in milliseconds.

#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "benchmark/benchmark.h"
#include "storage/store.h"

namespace ringcache::storage {
namespace {

constexpr UnixSeconds kNow = 1'000'000;

std::unique_ptr<Store> OpenStore(const std::string& path, std::size_t items) {
  StoreOptions options;
  options.limit_bytes = items * 200 + 64 * kPageBytes;
  options.memory_file = path;
  absl::StatusOr<std::unique_ptr<Store>> store = Store::Create(options, kNow);
  if (store.ok()) return *std::move(store);
  std::fprintf(stderr, "%s\n", store.status().ToString().c_str());
  std::abort();
}

void BM_Restart(benchmark::State& state) {
  const auto items = static_cast<std::size_t>(state.range(0));
  const std::string path = absl::StrCat("/dev/shm/ringcache-benchmark-", getpid());
  std::unique_ptr<Store> store = OpenStore(path, items);
  const std::string value(100, 'v');
  for (std::size_t i = 0; i < items; ++i) {
    const std::string key = absl::StrCat("a-prefix-of-:", absl::Dec(i, absl::kZeroPad20));
    store->Put(key, value, 0, kNever, kNow);
    // A third is in use, so that some go to the main queue.
    if (i % 3 == 0) store->Access(key, store->Hash(key), kNow, [](ItemEditor& e) { e.NoteUse(); });
  }
  absl::Duration closing;
  absl::Duration opening;
  std::int64_t restoring_ms = 0;
  for (auto _ : state) {
    const absl::Time begin = absl::Now();
    if (!store->CloseFile(kNow).ok()) return state.SkipWithError("not closed");
    const absl::Time closed = absl::Now();
    store.reset();
    const absl::Time gone = absl::Now();
    store = OpenStore(path, items);
    closing += closed - begin;
    opening += absl::Now() - gone;
    restoring_ms += store->restart_report().milliseconds;
    if (!store->restart_report().warm) return state.SkipWithError("not restored");
  }
  using benchmark::Counter;
  state.counters["items"] = static_cast<double>(store->Stats().items);
  state.counters["close_ms"] =
      Counter(absl::ToDoubleMilliseconds(closing), Counter::kAvgIterations);
  state.counters["open_ms"] = Counter(absl::ToDoubleMilliseconds(opening), Counter::kAvgIterations);
  state.counters["restore_ms"] =
      Counter(static_cast<double>(restoring_ms), Counter::kAvgIterations);
  store.reset();
  unlink(path.c_str());
  unlink((path + ".meta").c_str());
}
BENCHMARK(BM_Restart)->Arg(1'000'000)->Arg(4'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace ringcache::storage

// What the store's operations cost: `bazel run //storage:store_benchmark`.

#include <time.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "benchmark/benchmark.h"
#include "storage/key_hash.h"
#include "storage/store.h"

namespace ringcache::storage {
namespace {

constexpr std::size_t kItems = 1'000'000;
constexpr std::size_t kValueBytes = 100;
constexpr std::size_t kBatch = 32;

std::string Key(std::size_t i) {
  char key[33];
  std::snprintf(key, sizeof(key), "key:%028zu", i);
  return key;
}

const std::vector<std::string>& Keys() {
  static const std::vector<std::string>* const keys = [] {
    auto* const made = new std::vector<std::string>;
    for (std::size_t i = 0; i < kItems; ++i) made->push_back(Key(i));
    return made;
  }();
  return *keys;
}

std::unique_ptr<Store> Make(std::size_t limit_bytes, std::size_t items) {
  StoreOptions options;
  options.limit_bytes = limit_bytes;
  options.hash_seed = 1;
  std::unique_ptr<Store> store = Store::Create(options).value();
  const std::string value(kValueBytes, 'v');
  for (std::size_t i = 0; i < items; ++i) store->Put(Keys()[i], value, 0, kNever, 1);
  return store;
}

Store& Filled() {
  static Store* const store = Make(std::size_t{512} << 20, kItems).release();
  return *store;
}

// A cheap walk over the keys that no prefetcher guesses.
struct Walk {
  std::uint64_t state;
  const std::string& Next() {
    state = state * 6364136223846793005 + 1442695040888963407;
    return Keys()[(state >> 33) % kItems];
  }
};

void BM_Hash(benchmark::State& state) {
  const std::string key(static_cast<std::size_t>(state.range(0)), 'k');
  std::uint64_t seed = 1;
  for (auto _ : state) benchmark::DoNotOptimize(seed = HashKey(seed, key));
}
BENCHMARK(BM_Hash)->Arg(8)->Arg(16)->Arg(32)->Arg(64)->Arg(250);

void BM_GetOneAtATime(benchmark::State& state) {
  Store& store = Filled();
  Walk walk{1};
  std::uint64_t sum = 0;
  for (auto _ : state) {
    const std::string& key = walk.Next();
    store.Access(key, store.Hash(key), 1, [&](ItemEditor& editor) {
      editor.NoteUse();
      sum += static_cast<unsigned char>(editor.item().value()[50]);
    });
  }
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_GetOneAtATime);

void BM_MultiGet(benchmark::State& state) {
  Store& store = Filled();
  Walk walk{1};
  std::array<absl::string_view, kBatch> keys;
  std::uint64_t sum = 0;
  for (auto _ : state) {
    for (absl::string_view& key : keys) key = walk.Next();
    store.MultiGet(keys, 1, [&](std::size_t, ItemEditor& editor) {
      sum += static_cast<unsigned char>(editor.item().value()[50]);
    });
  }
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBatch));
}
BENCHMARK(BM_MultiGet);

void BM_Set(benchmark::State& state) {
  Store& store = Filled();
  const std::string value(kValueBytes, 'w');
  Walk walk{2};
  for (auto _ : state) store.Put(walk.Next(), value, 0, kNever, 1);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Set);

void BM_SetWithEviction(benchmark::State& state) {
  // A tenth of the keys fit, so that nearly every set evicts.
  const std::unique_ptr<Store> store = Make(std::size_t{19} << 20, kItems);
  const std::string value(kValueBytes, 'w');
  Walk walk{3};
  for (auto _ : state) store->Put(walk.Next(), value, 0, kNever, 1);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_SetWithEviction);

// The store of this thread: one for both, or one each.
Store& StoreOfThread(const benchmark::State& state) {
  static std::array<std::unique_ptr<Store>, 2>* const stores =
      new std::array<std::unique_ptr<Store>, 2>{Make(std::size_t{512} << 20, kItems),
                                                Make(std::size_t{512} << 20, kItems)};
  const bool shared = state.range(0) == 1;
  return *(*stores)[shared ? 0 : static_cast<std::size_t>(state.thread_index())];
}

// Nine gets to a set, one at a time.
void BM_TwoThreads(benchmark::State& state) {
  Store& store = StoreOfThread(state);
  const std::string value(kValueBytes, 'w');
  Walk walk{100 + static_cast<std::uint64_t>(state.thread_index())};
  int turn = 0;
  for (auto _ : state) {
    const std::string& key = walk.Next();
    if (++turn % 10 == 0) {
      store.Put(key, value, 0, kNever, 1);
      continue;
    }
    store.Access(key, store.Hash(key), 1, [](ItemEditor& editor) { editor.NoteUse(); });
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_TwoThreads)->ArgName("shared")->Arg(1)->Arg(0)->Threads(2)->UseRealTime();

// Gets alone, in batches.
void BM_TwoThreadsMultiGet(benchmark::State& state) {
  Store& store = StoreOfThread(state);
  Walk walk{100 + static_cast<std::uint64_t>(state.thread_index())};
  std::array<absl::string_view, kBatch> keys;
  std::uint64_t sum = 0;
  for (auto _ : state) {
    for (absl::string_view& key : keys) key = walk.Next();
    store.MultiGet(keys, 1, [&](std::size_t, ItemEditor& editor) {
      sum += static_cast<unsigned char>(editor.item().value()[50]);
    });
  }
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBatch));
}
BENCHMARK(BM_TwoThreadsMultiGet)->ArgName("shared")->Arg(1)->Arg(0)->Threads(2)->UseRealTime();

// The longest single call, in microseconds of the thread's CPU time, which other programs do not
// lengthen: while the table grows to `items`, while it evicts, and of the maintenance that removes
// expired items, moves pages to another size and cleans up after a flush.
class LongestCall {
 public:
  template <typename Call>
  void Time(Call&& call) {
    const double begin = CpuMicroseconds();
    call();
    const double took = CpuMicroseconds() - begin;
    longest_us_ = std::max(longest_us_, took);
    if (took > 1000) ++over_a_millisecond_;
  }
  // The longest, and how many took more than a millisecond: an interrupt, or a host that takes the
  // processor away, lengthens any call, but few.
  void ReportTo(benchmark::State& state, const std::string& name) const {
    state.counters[name + "_us"] = longest_us_;
    state.counters[name + "_over_1ms"] = over_a_millisecond_;
  }

 private:
  static double CpuMicroseconds() {
    timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
  }
  double longest_us_ = 0;
  int over_a_millisecond_ = 0;
};

void BM_LongestCall(benchmark::State& state) {
  const auto items = static_cast<std::size_t>(state.range(0));
  StoreOptions options;
  options.limit_bytes = items * 160 / kPageBytes * kPageBytes;
  options.hash_seed = 1;
  const std::string value(kValueBytes, 'v');
  for (auto _ : state) {
    const std::unique_ptr<Store> store = Store::Create(options).value();
    UnixSeconds now = 1000;
    LongestCall growing, evicting, reading, crawling, moving, flushing, sweeping;
    // As the maintainer does.
    const auto populate = [&] {
      while (store->PopulateAhead()) {
      }
    };
    const auto maintain = [&](LongestCall& longest) {
      for (bool more = true; more;) longest.Time([&] { more = store->Maintain(now); });
    };
    for (std::size_t i = 0; i < items; ++i) {
      const std::string key = Key(i);
      const UnixSeconds expires_at = i % 4 == 0 ? now + 100 : kNever;
      growing.Time([&] { store->Put(key, value, 0, expires_at, now); });
      if (i % 1024 == 0) populate();
    }
    const double full = static_cast<double>(store->Stats().items);
    for (std::size_t i = items; i < items + items / 4; ++i) {
      const std::string key = Key(i);
      evicting.Time([&] { store->Put(key, value, 0, kNever, now); });
      if (i % 1024 == 0) populate();
      reading.Time([&] { store->Access(key, store->Hash(key), now, [](ItemEditor&) {}); });
    }
    now += 4000;
    maintain(crawling);
    const std::string larger(900, 'l');
    for (std::size_t i = 0; i < items / 16; ++i) {
      const std::string key = Key(i);
      moving.Time([&] { store->Put(key, larger, 0, kNever, now); });
      if (i % 64 == 0) moving.Time([&] { store->Maintain(now += 1); });
    }
    for (int flushes = 0; flushes < 600; ++flushes)
      flushing.Time([&] { store->FlushAll(now, now); });
    maintain(sweeping);
    state.counters["items"] = full;
    growing.ReportTo(state, "set_growing");
    evicting.ReportTo(state, "set_evicting");
    reading.ReportTo(state, "get");
    crawling.ReportTo(state, "expired");
    moving.ReportTo(state, "moving");
    flushing.ReportTo(state, "flush");
    sweeping.ReportTo(state, "sweep");
  }
}
BENCHMARK(BM_LongestCall)->Arg(1'000'000)->Arg(20'000'000)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace ringcache::storage

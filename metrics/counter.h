// Counters with one writer each. A worker counts in its own block, without a locked instruction and
// without sharing a cache line; whoever reports adds the workers' blocks up.
//
// Thread safety: one thread writes a counter, any thread reads it.

#ifndef RINGCACHE_METRICS_COUNTER_H_
#define RINGCACHE_METRICS_COUNTER_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace ringcache::metrics {

class Counter {
 public:
  void Add(std::uint64_t count = 1) {
    // Relaxed load and store, no exchange: there is one writer, and a statistic orders nothing.
    value_.store(value_.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
  }
  // For values that also fall, such as open connections.
  void Subtract(std::uint64_t count = 1) { Add(-count); }
  void Set(std::uint64_t value) { value_.store(value, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// Sums of the counters named by the enumerators of `Id`: 0 .. kSize - 1.
template <typename Id, std::size_t kSize>
class CounterTotals {
 public:
  std::uint64_t& operator[](Id id) { return values_[static_cast<std::size_t>(id)]; }
  std::uint64_t operator[](Id id) const { return values_[static_cast<std::size_t>(id)]; }

 private:
  std::array<std::uint64_t, kSize> values_{};
};

// One worker's counters, named by an enum:
//   enum class ServerCounter { kGetHits, kGetMisses, kCount };
//   CounterBlock<ServerCounter> counters;
//   counters[ServerCounter::kGetHits].Add();
// 128: prefetchers fetch cache lines in pairs.
template <typename Id, std::size_t kSize = static_cast<std::size_t>(Id::kCount)>
class alignas(128) CounterBlock {
 public:
  using Totals = CounterTotals<Id, kSize>;

  Counter& operator[](Id id) { return counters_[static_cast<std::size_t>(id)]; }
  const Counter& operator[](Id id) const { return counters_[static_cast<std::size_t>(id)]; }

  // Callable from any thread. Counters are read one by one: their sums may differ by what is
  // counted meanwhile.
  void AddTo(Totals* totals) const {
    for (std::size_t i = 0; i < kSize; ++i) {
      (*totals)[static_cast<Id>(i)] += counters_[i].value();
    }
  }

 private:
  std::array<Counter, kSize> counters_;
};

}  // namespace ringcache::metrics

#endif  // RINGCACHE_METRICS_COUNTER_H_

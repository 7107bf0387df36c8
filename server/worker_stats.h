// What one worker counts while it serves: written by that worker alone, summed by whoever answers
// `stats`.
//
// Each hit is counted once, in its size class; totals such as get_hits and cmd_get are sums and are
// not counted a second time.
//
// Thread safety: one writer; any thread may read, and may do anything with prefixes() and
// what command_latencies.h allows.

#ifndef RINGCACHE_SERVER_WORKER_STATS_H_
#define RINGCACHE_SERVER_WORKER_STATS_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "metrics/counter.h"
#include "server/latency/command_latencies.h"
#include "server/prefix_stats.h"
#include "storage/store_options.h"

namespace ringcache::server {

enum class ServerCounter : std::uint8_t {
  kGetMisses,    // keys of retrievals that were not there, expired and flushed ones included
  kGetExpired,   // of these, expired
  kGetFlushed,   // of these, flushed
  kItemsStored,  // sets and their kin that stored something
  kTouchMisses,
  kDeleteMisses,
  kIncrMisses,
  kDecrMisses,
  kCasMisses,
  kFlushes,
  kMetaDebugs,
  kTooLarge,
  kOutOfMemory,
  kMallocFailures,
  kAuthCommands,
  kAuthErrors,
  kIdleKicks,
  kConnectionsOpened,
  kConnectionsClosed,
  kYields,
  kPauses,  // a peer did not take its replies
  kCount,
};

enum class ClassCounter : std::uint8_t {
  kGetHits,
  kSets,
  kDeleteHits,
  kIncrHits,
  kDecrHits,
  kCasHits,
  kCasBadValues,
  kTouchHits,
  kCount,
};

using ServerTotals = metrics::CounterBlock<ServerCounter>::Totals;
inline constexpr std::size_t kClassCounterCount = static_cast<std::size_t>(ClassCounter::kCount);
using ClassTotals = metrics::CounterTotals<ClassCounter, kClassCounterCount>;

class WorkerStats {
 public:
  // Every id that a store can give: 16 KiB for each worker.
  static constexpr std::size_t kMaxClasses = storage::kMaxSizeClasses;

  metrics::Counter& operator[](ServerCounter id) { return server_[id]; }
  // REQUIRES: size_class < kMaxClasses.
  metrics::Counter& Of(std::uint8_t size_class, ClassCounter id) {
    return classes_[size_class][static_cast<std::size_t>(id)];
  }

  PrefixTable& prefixes() { return prefixes_; }
  CommandLatencies& latencies() { return latencies_; }
  const CommandLatencies& latencies() const { return latencies_; }

  void AddTo(ServerTotals* totals) const { server_.AddTo(totals); }
  void AddTo(std::size_t size_class, ClassTotals* totals) const {
    for (std::size_t i = 0; i < kClassCounterCount; ++i) {
      (*totals)[static_cast<ClassCounter>(i)] += classes_[size_class][i].value();
    }
  }

 private:
  metrics::CounterBlock<ServerCounter> server_;
  // One cache line each.
  alignas(128) std::array<std::array<metrics::Counter, kClassCounterCount>, kMaxClasses> classes_;
  PrefixTable prefixes_;
  // 100 KiB, of which a worker touches a few lines.
  alignas(128) CommandLatencies latencies_;
};

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_WORKER_STATS_H_

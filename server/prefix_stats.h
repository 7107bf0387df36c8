// Counts of commands by the prefix of their keys, for `stats detail`: one table for each worker,
// added up by whoever asks for them.
//
// A prefix is what precedes the delimiter in a key; a key without one is not counted. While
// counting is off, a command costs one look at a flag in the worker's own memory.
//
// Thread safety: any thread may call anything. The worker's lock has no contention but for dumps.

#ifndef RINGCACHE_SERVER_PREFIX_STATS_H_
#define RINGCACHE_SERVER_PREFIX_STATS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "absl/base/optimization.h"
#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "net/mutex.h"

namespace ringcache::server {

struct PrefixCounts {
  std::uint64_t gets = 0;
  std::uint64_t hits = 0;  // of the gets
  std::uint64_t sets = 0;  // successful or not
  std::uint64_t deletes = 0;

  PrefixCounts& operator+=(const PrefixCounts& other) {
    gets += other.gets;
    hits += other.hits;
    sets += other.sets;
    deletes += other.deletes;
    return *this;
  }
};

class PrefixTable {
 public:
  // Prefixes that one worker counts. Later ones are not counted: where every key has a prefix of
  // its own they would fill the memory. Each takes itself and about 100 bytes.
  static constexpr std::size_t kMaxPrefixes = 4096;

  // Relaxed: a command that is executed meanwhile may go either way.
  bool enabled() const { return enabled_.load(std::memory_order_relaxed); }
  // Counting goes on from what there is.
  void Enable(bool enabled) { enabled_.store(enabled, std::memory_order_relaxed); }
  void set_delimiter(char delimiter) { delimiter_.store(delimiter, std::memory_order_relaxed); }

  void CountGet(absl::string_view key, bool hit) {
    if (ABSL_PREDICT_FALSE(enabled())) Add(key, {1, hit ? 1u : 0u, 0, 0});
  }
  void CountSet(absl::string_view key) {
    if (ABSL_PREDICT_FALSE(enabled())) Add(key, {0, 0, 1, 0});
  }
  void CountDelete(absl::string_view key) {
    if (ABSL_PREDICT_FALSE(enabled())) Add(key, {0, 0, 0, 1});
  }

  void Clear();
  void AddTo(std::map<std::string, PrefixCounts>* totals) const;

 private:
  // Nothing if the key has no prefix or the table has no room.
  void Add(absl::string_view key, const PrefixCounts& counts);

  std::atomic<bool> enabled_{false};
  std::atomic<char> delimiter_{':'};
  mutable net::Mutex mutex_;
  absl::flat_hash_map<std::string, PrefixCounts> counts_ ABSL_GUARDED_BY(mutex_);
};

// The reply to `stats detail dump`, in the order of prefixes.
std::string PrefixReport(const std::map<std::string, PrefixCounts>& totals);

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_PREFIX_STATS_H_

// How many items of each size there are, in steps of 32 bytes. Off, it costs a load and a branch
// where an item comes or goes.
//
// Switched on late, it counts what is linked from then on: an item whose CAS id is one of those
// that its stripe of the CasClock had given out before is left out, when it comes as when it goes.
//
// Thread safety: any thread. An item comes and goes under its key's lock. Those that are under way
// while it is switched may be counted once only, coming or going.

#ifndef RINGCACHE_STORAGE_SIZE_HISTOGRAM_H_
#define RINGCACHE_STORAGE_SIZE_HISTOGRAM_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "storage/cas_clock.h"
#include "storage/spin_lock.h"

namespace ringcache::storage {

class SizeHistogram {
 public:
  static constexpr std::size_t kStepBytes = 32;
  // Larger items are counted together, as if they had a step more. So the table, which is there
  // from the first start on, takes 256 KiB.
  static constexpr std::size_t kLargestBytes = std::size_t{1} << 20;

  // Counts all items from the first on. REQUIRES: there are none yet.
  void Start();
  // Counts those that get an id of `clock` from now on, from none. No effect if it is on.
  void StartAfter(const CasClock& clock);
  void Stop();
  // Relaxed: what is read behind it is acquired where it is.
  bool on() const { return counts_.load(std::memory_order_relaxed) != nullptr; }
  // Whether an item with this CAS id counts, if it is on.
  bool Counts(std::uint64_t cas) const {
    return cas >= first_ids_[CasClock::StripeOf(cas)].load(std::memory_order_relaxed);
  }

  // An item of so many bytes was linked with this CAS id, or is going to have another size, another
  // id, or no place in the index any more. No effect if it is off.
  void Add(std::size_t bytes, std::uint64_t cas) { Change(bytes, cas, 1); }
  void Subtract(std::size_t bytes, std::uint64_t cas) { Change(bytes, cas, -1); }

  static std::size_t RoundUp(std::size_t bytes) { return BucketOf(bytes) * kStepBytes; }
  struct Row {
    std::size_t bytes = 0;  // as RoundUp gives it
    std::uint64_t items = 0;
  };
  // Of the sizes that there are, ascending.
  std::vector<Row> Rows() const;

 private:
  // 0, each step, and what is larger.
  static constexpr std::size_t kBuckets = kLargestBytes / kStepBytes + 2;
  // Relaxed: single numbers. Signed, as one may go that was not seen to come.
  using Count = std::atomic<std::int64_t>;

  static std::size_t BucketOf(std::size_t bytes) {
    return std::min((bytes + kStepBytes - 1) / kStepBytes, kBuckets - 1);
  }
  void Change(std::size_t bytes, std::uint64_t cas, int by);
  // Makes an empty table visible. `first_ids_` must be right by then.
  void ShowTable() ABSL_EXCLUSIVE_LOCKS_REQUIRED(lock_);

  // Null when off. Release and acquire: who sees the table sees it empty, and the first ids.
  std::atomic<Count*> counts_{nullptr};
  // The least id of each stripe that counts. Relaxed: see counts_.
  std::array<std::atomic<std::uint64_t>, CasClock::kStripes> first_ids_{};
  SpinLock lock_;
  // Stays after Stop, as others may still look at it.
  std::unique_ptr<Count[]> table_ ABSL_GUARDED_BY(lock_);
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_SIZE_HISTOGRAM_H_

// The items that were moved to another chunk while somebody goes over the chunks: who has passed an
// item's new place and not yet its old one would miss it, and looks it up here.
//
// Bounded: a reader that falls more than kEntries behind is told so and starts over by another way.
// Nothing is kept while nobody reads.
//
// Thread safety: any thread; a Reader belongs to one at a time. Its lock is a leaf.

#ifndef RINGCACHE_STORAGE_RELOCATION_LOG_H_
#define RINGCACHE_STORAGE_RELOCATION_LOG_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/types/span.h"
#include "storage/eviction/eviction_node.h"
#include "storage/spin_lock.h"

namespace ringcache::storage {

class RelocationLog {
 public:
  // One and a half pages of the smallest chunks; 512 KiB while somebody reads.
  static constexpr std::size_t kEntries = std::size_t{1} << 15;
  static constexpr std::size_t kMaxReaders = 8;

  // Where an item is now.
  struct Entry {
    std::uint64_t hash = 0;
    ItemHandle handle = kNoItem;
  };

  // A relocation begins before the item leaves its queue, under the lock of its size class, and
  // ends when it is in a queue again, or gone: kNoItem. Relaxed: whoever finds the item missing has
  // held the class's lock since.
  void Begin() { begun_.fetch_add(1, std::memory_order_relaxed); }
  void End(Entry entry);

  // Sees the relocations that end from its opening on. Movable. Must not outlive the log.
  class Reader {
   public:
    Reader() = default;
    Reader(Reader&& other) noexcept { *this = std::move(other); }
    Reader& operator=(Reader&& other) noexcept {
      std::swap(log_, other.log_);
      std::swap(position_, other.position_);
      return *this;
    }
    ~Reader();

    explicit operator bool() const { return log_ != nullptr; }
    // The next entries, oldest first; 0: there are none. If some were overwritten unread, `*missed`
    // becomes true, and the reader goes on at the newest. REQUIRES: opened.
    std::size_t Read(absl::Span<Entry> entries, bool* missed);

   private:
    friend class RelocationLog;
    RelocationLog* log_ = nullptr;
    std::uint64_t position_ = 0;
  };

  // Empty if there are kMaxReaders already.
  Reader Open();
  // Asked before Read finds nothing: no item is on its way that left its queue before the call.
  bool NoneUnderWay() const {
    // Acquire, and in this order: the beginnings of those that ended are seen, too.
    const std::uint64_t ended = ended_.load(std::memory_order_acquire);
    return begun_.load(std::memory_order_relaxed) == ended;
  }

 private:
  std::atomic<std::uint64_t> begun_{0};
  std::atomic<std::uint64_t> ended_{0};
  SpinLock lock_;
  std::size_t readers_ ABSL_GUARDED_BY(lock_) = 0;
  std::uint64_t written_ ABSL_GUARDED_BY(lock_) = 0;
  std::unique_ptr<Entry[]> entries_ ABSL_GUARDED_BY(lock_);
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_RELOCATION_LOG_H_

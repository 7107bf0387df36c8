// Hands out pages of kPageBytes from one reserved range, within a number of pages that may change,
// and remembers which size class owns each, so that an item's class can be told from its address.
//
// Thread safety: any thread; `table` entries are the owners' (slab_page.h).

#ifndef RINGCACHE_STORAGE_PAGE_POOL_H_
#define RINGCACHE_STORAGE_PAGE_POOL_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "storage/reserved_memory.h"
#include "storage/slab_page.h"
#include "storage/spin_lock.h"
#include "storage/store_options.h"

namespace ringcache::storage {

class PagePool {
 public:
  static constexpr std::uint32_t kNoPage = ~std::uint32_t{0};

  // Addresses for `max_pages`; memory comes as pages are touched.
  static absl::StatusOr<std::unique_ptr<PagePool>> Create(std::size_t max_pages);
  // In memory that is there, of `max_pages` at least.
  static absl::StatusOr<std::unique_ptr<PagePool>> CreateIn(ReservedMemory memory,
                                                            std::size_t max_pages);

  // Gives memory to the pages that come next, up to `allowed` ones, a step a call; false: nothing
  // is to be done. A pool of which no page was taken takes none. One thread at a time.
  bool PopulateAhead(std::size_t allowed) ABSL_LOCKS_EXCLUDED(lock_);

  const ReservedMemory& memory() const { return memory_; }
  char* base() const { return memory_.data(); }
  SlabPage* table() const { return table_.get(); }
  std::size_t max_pages() const { return max_pages_; }
  std::size_t taken_pages() const { return taken_.load(std::memory_order_relaxed); }

  // A page that nobody owned, owned by `size_class` from now on, if fewer than `allowed` are taken;
  // else kNoPage. What is in its memory is undefined.
  std::uint32_t Take(std::size_t allowed, std::uint8_t size_class) ABSL_LOCKS_EXCLUDED(lock_);
  // Takes the pages whose entry is not SizeClasses::kNoClass, for the size class that it names.
  // REQUIRES: none was taken yet; there are at most max_pages() entries.
  void TakeAll(absl::Span<const std::uint8_t> owners) ABSL_LOCKS_EXCLUDED(lock_);
  // The page has no owner until it is passed on or returned. REQUIRES (all three): it is taken, and
  // nothing of it in use.
  void Disown(std::uint32_t page) { table_[page].owner.store(0, std::memory_order_relaxed); }
  void PassOn(std::uint32_t page, std::uint8_t size_class) { SetOwner(page, size_class); }
  // Takes a page back, to be taken again. With `to_system` its memory goes back to the system,
  // unless it is a file's: that keeps it, as it might not get it again.
  void Return(std::uint32_t page, bool to_system) ABSL_LOCKS_EXCLUDED(lock_);

  // REQUIRES: the byte at `offset` from base() lies in a page that is taken.
  std::uint8_t OwnerOf(std::size_t offset) const {
    return static_cast<std::uint8_t>(
        table_[offset / kPageBytes].owner.load(std::memory_order_relaxed) - 1);
  }

 private:
  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };
  using Table = std::unique_ptr<SlabPage[], Free>;

  PagePool(ReservedMemory memory, Table table, std::size_t max_pages)
      : memory_(std::move(memory)), table_(std::move(table)), max_pages_(max_pages) {}
  // Relaxed: a page is known to others by what lies in it, which they reach under a lock.
  void SetOwner(std::uint32_t page, std::uint8_t size_class) {
    table_[page].owner.store(static_cast<std::uint8_t>(size_class + 1), std::memory_order_relaxed);
  }

  // Pages that have memory before they are taken, but no more than are taken.
  static constexpr std::size_t kPagesAhead = 8;

  ReservedMemory memory_;
  const Table table_;
  const std::size_t max_pages_;
  std::atomic<std::size_t> taken_{0};
  SpinLock lock_;
  std::size_t fresh_ ABSL_GUARDED_BY(lock_) = 0;  // pages ever handed out
  std::vector<std::uint32_t> returned_ ABSL_GUARDED_BY(lock_);
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_PAGE_POOL_H_

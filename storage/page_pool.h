// The arena: one reserved range of addresses, handed out in pages of kPageBytes to owners (size
// classes), within a limit. Remembers who owns each page.
//
// Thread safety: any thread.

#ifndef RINGCACHE_STORAGE_PAGE_POOL_H_
#define RINGCACHE_STORAGE_PAGE_POOL_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "storage/reserved_memory.h"
#include "storage/size_classes.h"

namespace ringcache::storage {

class PagePool {
 public:
  // `limit_pages` may be handed out by Take; `spare_pages` more by TakeSpare.
  static absl::StatusOr<PagePool> Create(std::size_t limit_pages, std::size_t spare_pages);
  PagePool(PagePool&& other) noexcept;

  char* base() const { return memory_.data(); }
  std::size_t limit_pages() const { return limit_pages_; }
  std::size_t taken_pages() const { return taken_.load(std::memory_order_relaxed); }

  // A fresh page, owned by `owner` from now on; null when the limit is reached.
  char* Take(std::uint8_t owner) { return TakeWithin(limit_pages_, owner); }
  // The same beyond the limit, so that every size class can have its first page.
  char* TakeSpare(std::uint8_t owner) { return TakeWithin(limit_pages_ + spare_pages_, owner); }

  // REQUIRES: the byte at `offset` from base() lies in a page that was taken.
  std::uint8_t OwnerOf(std::size_t offset) const {
    return owners_[offset / kPageBytes].load(std::memory_order_relaxed);
  }

 private:
  PagePool(ReservedMemory memory, std::size_t limit_pages, std::size_t spare_pages);
  char* TakeWithin(std::size_t bound, std::uint8_t owner);

  ReservedMemory memory_;
  std::size_t limit_pages_;
  std::size_t spare_pages_;
  std::atomic<std::size_t> taken_{0};
  std::unique_ptr<std::atomic<std::uint8_t>[]> owners_;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_PAGE_POOL_H_

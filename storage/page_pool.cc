#include "storage/page_pool.h"

#include <utility>

namespace ringcache::storage {

absl::StatusOr<PagePool> PagePool::Create(std::size_t limit_pages, std::size_t spare_pages) {
  absl::StatusOr<ReservedMemory> memory =
      ReservedMemory::Reserve((limit_pages + spare_pages) * kPageBytes);
  if (!memory.ok()) return memory.status();
  return PagePool(*std::move(memory), limit_pages, spare_pages);
}

PagePool::PagePool(ReservedMemory memory, std::size_t limit_pages, std::size_t spare_pages)
    : memory_(std::move(memory)),
      limit_pages_(limit_pages),
      spare_pages_(spare_pages),
      owners_(std::make_unique<std::atomic<std::uint8_t>[]>(limit_pages + spare_pages)) {
  for (std::size_t page = 0; page < limit_pages + spare_pages; ++page) {
    owners_[page].store(SizeClasses::kNoClass, std::memory_order_relaxed);
  }
}

PagePool::PagePool(PagePool&& other) noexcept
    : memory_(std::move(other.memory_)),
      limit_pages_(other.limit_pages_),
      spare_pages_(other.spare_pages_),
      taken_(other.taken_.load(std::memory_order_relaxed)),
      owners_(std::move(other.owners_)) {}

char* PagePool::TakeWithin(std::size_t bound, std::uint8_t owner) {
  // Relaxed: the count alone decides; the page's bytes are nobody's before.
  std::size_t page = taken_.load(std::memory_order_relaxed);
  do {
    if (page >= bound) return nullptr;
  } while (!taken_.compare_exchange_weak(page, page + 1, std::memory_order_relaxed));
  owners_[page].store(owner, std::memory_order_relaxed);
  return base() + page * kPageBytes;
}

}  // namespace ringcache::storage

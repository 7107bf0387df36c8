#include "storage/page_pool.h"

#include <sys/mman.h>

#include <algorithm>
#include <utility>

#include "storage/size_classes.h"

namespace ringcache::storage {

absl::StatusOr<std::unique_ptr<PagePool>> PagePool::Create(std::size_t max_pages) {
  absl::StatusOr<ReservedMemory> memory = ReservedMemory::Reserve(max_pages * kPageBytes);
  if (!memory.ok()) return memory.status();
  return CreateIn(*std::move(memory), max_pages);
}

absl::StatusOr<std::unique_ptr<PagePool>> PagePool::CreateIn(ReservedMemory memory,
                                                             std::size_t max_pages) {
  // All-zero entries are pages without an owner; calloc leaves those that are never used untouched.
  Table table(static_cast<SlabPage*>(std::calloc(max_pages, sizeof(SlabPage))));
  if (table == nullptr) return absl::ResourceExhaustedError("no memory for the table of pages");
  return std::unique_ptr<PagePool>(new PagePool(std::move(memory), std::move(table), max_pages));
}

std::uint32_t PagePool::Take(std::size_t allowed, std::uint8_t size_class) {
  SpinLockHolder hold(lock_);
  const std::size_t taken = taken_.load(std::memory_order_relaxed);
  if (taken >= allowed) return kNoPage;
  std::uint32_t page;
  if (!returned_.empty()) {
    page = returned_.back();
    returned_.pop_back();
  } else if (fresh_ < max_pages_) {
    page = static_cast<std::uint32_t>(fresh_++);
  } else {
    return kNoPage;
  }
  taken_.store(taken + 1, std::memory_order_relaxed);
  SetOwner(page, size_class);
  return page;
}

void PagePool::TakeAll(absl::Span<const std::uint8_t> owners) {
  SpinLockHolder hold(lock_);
  for (std::size_t page = owners.size(); page > 0; --page) {
    const std::uint8_t owner = owners[page - 1];
    const auto number = static_cast<std::uint32_t>(page - 1);
    if (owner != SizeClasses::kNoClass) {
      fresh_ = std::max(fresh_, page);
      taken_.fetch_add(1, std::memory_order_relaxed);
      SetOwner(number, owner);
    } else if (page < fresh_) {
      returned_.push_back(number);
    }
  }
}

bool PagePool::PopulateAhead(std::size_t allowed) {
  std::size_t pages = 0;
  {
    SpinLockHolder hold(lock_);
    // Those that were returned lie before fresh_ and are taken first.
    if (returned_.empty()) pages = std::min(fresh_ + std::min(fresh_, kPagesAhead), allowed);
  }
  return memory_.Populate(std::min(pages, max_pages_) * kPageBytes);
}

void PagePool::Return(std::uint32_t page, bool to_system) {
  // A failure leaves the memory with us, which is no harm; a file's stays in the file anyway.
  if (to_system) madvise(base() + page * kPageBytes, kPageBytes, MADV_DONTNEED);
  SpinLockHolder hold(lock_);
  table_[page].owner.store(0, std::memory_order_relaxed);
  returned_.push_back(page);
  taken_.fetch_sub(1, std::memory_order_relaxed);
}

}  // namespace ringcache::storage

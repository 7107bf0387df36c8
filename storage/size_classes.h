// The table of chunk sizes. An item lives in the smallest chunk that holds it; one that is larger
// than the largest lies in several (value_layout.h).
//
// By default: every 8 bytes from 48 to 160, then each about kFineGrowth times the one before; or
// coarser, so that there are no more classes than pages, but at least kFewestFine. With a growth
// factor or a smallest value given, memcached's: the first is 48 bytes plus the smallest value,
// each next the factor times larger. The last is kLargestChunkBytes, or the largest item's.
//
// Thread safety: immutable.

#ifndef RINGCACHE_STORAGE_SIZE_CLASSES_H_
#define RINGCACHE_STORAGE_SIZE_CLASSES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "storage/store_options.h"

namespace ringcache::storage {

class SizeClasses {
 public:
  // Ids fit a byte; this one marks a page that has no owner.
  static constexpr std::uint8_t kNoClass = 0xff;
  static_assert(kMaxSizeClasses <= kNoClass);

  // Items are named by 32-bit numbers of units of 1 << shift bytes. Limits up to 31 GiB have units
  // of 8 bytes; each doubling beyond doubles the unit, and with it the rounding of chunk sizes.
  static int UnitShift(std::size_t limit_bytes);

  // About the growth of the default's classes, a sixteenth: of an item drawn at random 3 % of the
  // chunk stay empty. Finer classes would leave less, but each holds a page of its own.
  static constexpr double kFineGrowth = 1.0625;
  static constexpr std::size_t kFineSmallestBytes = 48;
  static constexpr std::size_t kFewestFine = 40;
  // memcached's where only the other is given.
  static constexpr double kMemcachedGrowth = 1.25;
  static constexpr std::size_t kMemcachedMinValueBytes = 48;

  // REQUIRES: options.Validate() is OK.
  explicit SizeClasses(const StoreOptions& options);

  int count() const { return static_cast<int>(chunk_bytes_.size()); }
  std::size_t chunk_bytes(int size_class) const {
    return chunk_bytes_[static_cast<std::size_t>(size_class)];
  }
  std::size_t chunks_per_page(int size_class) const { return kPageBytes / chunk_bytes(size_class); }
  // How much each class is larger than the one before, but for those that rounding decides and
  // those of StoreOptions::chunk_sizes.
  double growth_factor() const { return growth_factor_; }
  std::size_t largest_chunk_bytes() const { return chunk_bytes_.back(); }

  // REQUIRES: item_bytes <= largest_chunk_bytes().
  int ClassFor(std::size_t item_bytes) const {
    const std::size_t unit = (item_bytes + kChunkAlignment - 1) / kChunkAlignment;
    if (unit < small_.size()) return small_[unit];
    return SearchClass(item_bytes);
  }

 private:
  int SearchClass(std::size_t item_bytes) const;

  double growth_factor_;
  std::vector<std::size_t> chunk_bytes_;
  // The class of items up to 4 KiB, by size in units of kChunkAlignment.
  std::vector<std::uint8_t> small_;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_SIZE_CLASSES_H_

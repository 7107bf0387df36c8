#include "storage/size_classes.h"

#include <algorithm>

namespace ringcache::storage {
namespace {

// Where memcached's smallest chunk starts; part of the table that users of -f and -n know.
constexpr std::size_t kSmallestOverheadBytes = 48;
constexpr std::size_t kSmallTableBytes = 4096;
// Up to this, sizes differ by the alignment of chunks: in small items, rounding weighs most.
constexpr std::size_t kLargestEvenBytes = 160;
// Between the growth of one table and the next coarser one.
constexpr double kGrowthStep = 1.0 / 32;

constexpr std::size_t RoundUp(std::size_t bytes, std::size_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

// The largest chunk, a multiple of `unit`, of which as many fit a page as of `bytes`.
std::size_t Widened(std::size_t bytes, std::size_t unit) {
  const std::size_t chunks = kPageBytes / bytes;
  return kPageBytes / chunks / unit * unit;
}

std::vector<std::size_t> Grown(const StoreOptions& options, std::size_t unit, double growth) {
  std::vector<std::size_t> sizes;
  const std::size_t bound = std::min(kLargestChunkBytes, options.max_item_bytes);
  std::size_t bytes = RoundUp(SizeClasses::kFineSmallestBytes, unit);
  while (bytes <= bound) {
    sizes.push_back(bytes);
    const auto grown = static_cast<std::size_t>(static_cast<double>(bytes) * growth);
    const std::size_t next = bytes + unit;
    bytes =
        next <= kLargestEvenBytes || grown < next ? next : std::max(next, Widened(grown + 1, unit));
  }
  return sizes;
}

// Each class wants a page: a small cache has fewer.
std::vector<std::size_t> Fine(const StoreOptions& options, std::size_t unit, double* growth) {
  const std::size_t most = std::max(SizeClasses::kFewestFine, options.limit_bytes / kPageBytes);
  std::vector<std::size_t> sizes = Grown(options, unit, *growth = SizeClasses::kFineGrowth);
  // One more follows for the largest item.
  while (sizes.size() >= most) sizes = Grown(options, unit, *growth += kGrowthStep);
  return sizes;
}

std::vector<std::size_t> Memcacheds(const StoreOptions& options, double growth_factor) {
  std::vector<std::size_t> sizes;
  std::size_t bytes = kSmallestOverheadBytes +
                      options.min_value_bytes.value_or(SizeClasses::kMemcachedMinValueBytes);
  const std::size_t bound = std::min(kLargestChunkBytes, options.max_item_bytes);
  // 61 leaves room for the two that follow within memcached's 63.
  while (sizes.size() < 61 &&
         static_cast<double>(bytes) < static_cast<double>(bound) / growth_factor) {
    bytes = RoundUp(bytes, kChunkAlignment);
    sizes.push_back(bytes);
    // A factor close to 1 must not give the same size twice.
    bytes =
        std::max(static_cast<std::size_t>(static_cast<double>(bytes) * growth_factor), bytes + 1);
  }
  if (sizes.empty() || sizes.back() < bound) sizes.push_back(bound);
  return sizes;
}

}  // namespace

SizeClasses::SizeClasses(const StoreOptions& options)
    : growth_factor_(options.growth_factor.value_or(kMemcachedGrowth)) {
  const std::size_t unit = std::size_t{1} << UnitShift(options.limit_bytes);
  if (options.fine_classes()) {
    chunk_bytes_ = Fine(options, unit, &growth_factor_);
  } else {
    chunk_bytes_ =
        options.chunk_sizes.empty() ? Memcacheds(options, growth_factor_) : options.chunk_sizes;
  }
  const std::size_t largest = std::min(kLargestChunkBytes, options.max_item_bytes);
  if (chunk_bytes_.empty() || chunk_bytes_.back() < largest) chunk_bytes_.push_back(largest);
  for (std::size_t& bytes : chunk_bytes_) bytes = RoundUp(bytes, unit);
  // Large units make neighbours equal; the second would never be used.
  chunk_bytes_.erase(std::unique(chunk_bytes_.begin(), chunk_bytes_.end()), chunk_bytes_.end());
  const std::size_t table_bytes = std::min(kSmallTableBytes, largest_chunk_bytes());
  int size_class = 0;
  for (std::size_t bytes = 0; bytes <= table_bytes; bytes += kChunkAlignment) {
    while (chunk_bytes(size_class) < bytes) ++size_class;
    small_.push_back(static_cast<std::uint8_t>(size_class));
  }
}

int SizeClasses::UnitShift(std::size_t limit_bytes) {
  // Every class may have a page beyond the limit.
  const std::size_t arena_bytes = limit_bytes + kMaxSizeClasses * kPageBytes;
  int shift = 3;
  while (arena_bytes >> shift > 0xfffffffe) ++shift;
  return shift;
}

int SizeClasses::SearchClass(std::size_t item_bytes) const {
  const auto found = std::lower_bound(chunk_bytes_.begin(), chunk_bytes_.end(), item_bytes);
  return static_cast<int>(found - chunk_bytes_.begin());
}

}  // namespace ringcache::storage

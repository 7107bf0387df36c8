#include "storage/store_options.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace ringcache::storage {
namespace {

absl::Status ValidateChunkSizes(const std::vector<std::size_t>& sizes) {
  if (sizes.size() >= kMaxSizeClasses) {
    return absl::InvalidArgumentError(
        absl::StrCat("too many chunk sizes: ", sizes.size(), ", at most ", kMaxSizeClasses - 1));
  }
  std::size_t previous = 0;
  for (const std::size_t bytes : sizes) {
    if (bytes < 48 || bytes > kLargestChunkBytes) {
      return absl::InvalidArgumentError(
          absl::StrCat("a chunk size must be 48 to ", kLargestChunkBytes, " bytes, not ", bytes));
    }
    if (bytes < previous + kChunkAlignment) {
      return absl::InvalidArgumentError(absl::StrCat("chunk sizes must ascend by at least ",
                                                     kChunkAlignment, ": ", bytes, " follows ",
                                                     previous));
    }
    previous = bytes;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status StoreOptions::Validate() const {
  if (limit_bytes < kPageBytes) {
    return absl::InvalidArgumentError(absl::StrCat("the memory limit must be at least ", kPageBytes,
                                                   " bytes (one page), not ", limit_bytes));
  }
  if (limit_bytes > std::size_t{1} << 42) {
    return absl::InvalidArgumentError(
        absl::StrCat("the memory limit must be at most 4 TiB, not ", limit_bytes, " bytes"));
  }
  const std::size_t largest = std::min(kMaxItemBytes, std::max(limit_bytes / 2, kPageBytes));
  if (max_item_bytes < 1024 || max_item_bytes > largest) {
    return absl::InvalidArgumentError(absl::StrCat("the largest item must be 1024 to ", largest,
                                                   " bytes (with this memory limit), not ",
                                                   max_item_bytes));
  }
  if (growth_factor.has_value() && !(*growth_factor > 1.0 && *growth_factor <= 64.0)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the growth factor must be above 1.0 and at most 64, not ", *growth_factor));
  }
  if (min_value_bytes.has_value() &&
      (*min_value_bytes < 1 || *min_value_bytes > max_item_bytes / 2)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the smallest value must be 1 to ", max_item_bytes / 2, " bytes, not ", *min_value_bytes));
  }
  if (initial_items_log2 < 12 || initial_items_log2 > 32) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the initial index size must be 12 to 32 (a power of two), not ", initial_items_log2));
  }
  return ValidateChunkSizes(chunk_sizes);
}

}  // namespace ringcache::storage

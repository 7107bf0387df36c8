// What a Store is told at creation.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_STORAGE_STORE_OPTIONS_H_
#define RINGCACHE_STORAGE_STORE_OPTIONS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace ringcache::storage {

// Memory is handed to size classes in pages of this size.
inline constexpr std::size_t kPageBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxSizeClasses = 254;
// Chunk sizes are multiples of this.
inline constexpr std::size_t kChunkAlignment = 8;
// The largest chunk. An item that does not fit one continues in others (value_layout.h).
inline constexpr std::size_t kLargestChunkBytes = kPageBytes / 2;
inline constexpr std::size_t kMaxItemBytes = std::size_t{1} << 30;

// Who chooses the items that leave (docs/storage.md, "Eviction").
enum class EvictionKind : std::uint8_t { kS3Fifo, kSegmentedLru };
// Its name on command lines and in stats, in order.
inline constexpr std::array<absl::string_view, 2> kEvictionNames = {"s3fifo", "slru"};
inline absl::string_view NameOf(EvictionKind kind) {
  return kEvictionNames[static_cast<std::size_t>(kind)];
}

struct StoreOptions {
  // Memory for item pages, in bytes; rounded down to whole pages of kPageBytes. The index comes on
  // top (docs/storage.md has the arithmetic).
  std::size_t limit_bytes = std::size_t{64} << 20;
  // Largest item in bytes: header, key and value. At most kMaxItemBytes, and half of the limit or
  // kPageBytes, whichever is more.
  std::size_t max_item_bytes = std::size_t{1} << 20;
  // If any of these three is given, the chunk sizes are memcached's, else finer ones
  // (size_classes.h). Classes grow by the factor (1.25 if only the other is given), from
  // memcached's smallest chunk: 48 bytes plus `min_value_bytes` (48).
  std::optional<double> growth_factor;
  std::optional<std::size_t> min_value_bytes;
  // If not empty, the chunk sizes, ascending; takes the place of growth_factor.
  std::vector<std::size_t> chunk_sizes;
  bool fine_classes() const { return !growth_factor && !min_value_bytes && chunk_sizes.empty(); }
  // False: a full cache answers kOutOfMemory and evicts nothing.
  bool evict = true;
  EvictionKind eviction = EvictionKind::kS3Fifo;
  // False: pages stay with their size class, unless MovePage is called.
  bool move_pages = true;
  // A class that evicts gets a page of another if what it evicts has been idle for less than this
  // share of the time that the other's next items have. 0 .. 1; lower moves fewer pages.
  double move_ratio = 0.8;
  // False: expired items stay until somebody looks for them or needs the room.
  bool crawl = true;
  // False: items carry no CAS id (8 bytes less); every id reads as 0.
  bool cas = true;
  // True: items are counted by size from the start, as Store::CountSizes does it later.
  bool track_sizes = false;
  // log2 of the number of items the index is laid out for at the start, 12 .. 32. It grows by
  // itself.
  int initial_items_log2 = 16;
  // Seed of the key hash. 0: drawn at random, so that nobody can aim keys at one bucket.
  std::uint64_t hash_seed = 0;
  // Where CAS ids start, in units of 1/62500 s since 2020: 0 means from the clock (cas_clock.h).
  std::uint64_t cas_start = 0;

  // If not empty, pages live in this file, on a tmpfs as a rule, and are taken over by the next
  // store after Store::CloseFile (docs/storage.md, "Warm restart"). The limit cannot be raised
  // then.
  std::string memory_file;

  // Says what is wrong and what would be right.
  absl::Status Validate() const;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_STORE_OPTIONS_H_

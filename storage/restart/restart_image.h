// What has to be known beside the pages of a memory file to go on with them, as bytes: the content
// of FILE.meta (memory_file.h).
//
//   ┌───────┬────────┬──────────┬───────────────────┬─ ─ ─ for each size class ─ ─ ─┬──────────┐
//   │ magic │ layout │ settings │ seed, CAS, flush, │ its pages in │ its items on   │ checksum │
//   │       │        │          │ time, ...         │ order, cuts  │ probation      │          │
//   └───────┴────────┴──────────┴───────────────────┴──────────────┴────────────────┴──────────┘
//
// Numbers are little-endian and not aligned; a list follows its length of 4 bytes.
//
// Thread safety: pure functions and plain values.

#ifndef RINGCACHE_STORAGE_RESTART_RESTART_IMAGE_H_
#define RINGCACHE_STORAGE_RESTART_RESTART_IMAGE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace ringcache::storage {

// To be raised with each change of the image, of an item's header or of what is in a chunk.
inline constexpr std::uint32_t kRestartLayout = 1;

// What must be the same before and after, since it decides where items lie and how they look.
struct RestartSettings {
  std::uint64_t limit_bytes = 0;
  std::uint64_t max_item_bytes = 0;
  std::uint64_t page_bytes = 0;
  std::uint32_t unit_shift = 0;  // of item handles
  bool has_cas = false;
  std::vector<std::uint32_t> chunk_bytes;  // by size class
};

// Names the first setting that differs, with both values; empty if none does.
std::string DifferenceOf(const RestartSettings& kept, const RestartSettings& wanted);

struct RestartImage {
  struct Page {
    std::uint32_t number = 0;
    std::uint32_t cut = 0;  // chunks from its start that have been in use
    bool operator==(const Page&) const = default;
  };
  struct SizeClass {
    std::vector<Page> pages;               // the next to be looked at for eviction first
    std::vector<std::uint32_t> probation;  // handles, the next to leave first; may repeat
  };

  RestartSettings settings;
  std::uint64_t generation = 0;  // of the file that this belongs to
  std::uint64_t hash_seed = 0;
  std::uint64_t cas_base = 0;
  std::uint64_t cas_ticks = 0;  // the highest given out
  std::uint64_t items = 0;
  std::uint32_t flush_at = 0;
  std::uint32_t stopped_at = 0;  // Unix seconds
  std::uint8_t flush_count = 0;
  std::vector<SizeClass> classes;
};

std::string EncodeRestartImage(const RestartImage& image);
// Trusts nothing: what it returns names each page once, within the limit, with no more chunks than
// fit, and no more items than chunks. Handles are not checked. Else says what is wrong, as a part
// of a sentence.
absl::StatusOr<RestartImage> DecodeRestartImage(absl::string_view bytes);

// What the last 8 bytes of an image are for those before them.
std::uint64_t RestartChecksum(absl::string_view bytes);

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_RESTART_RESTART_IMAGE_H_

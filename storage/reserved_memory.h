// A range of addresses that is reserved at once and given memory as it is touched, or a file's.
//
// Thread safety: the range does not move; what is in it is the owner's matter.

#ifndef RINGCACHE_STORAGE_RESERVED_MEMORY_H_
#define RINGCACHE_STORAGE_RESERVED_MEMORY_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"

namespace ringcache::storage {

class ReservedMemory {
 public:
  // Zero-filled when touched; backed by huge pages where the kernel grants them (a get touches two
  // random places in memory, and with 4 KiB pages each costs a page walk on top). Aligned to 2 MiB.
  // With kSmallPages, memory comes in pages of 4 KiB: for what is mostly empty and seldom read.
  enum class Pages : std::uint8_t { kHugePages, kSmallPages };
  static absl::StatusOr<ReservedMemory> Reserve(std::size_t bytes, Pages pages = Pages::kHugePages);

  // The same addresses for `bytes` of a file from `offset` on, shared with the file and with
  // whoever else maps it. The descriptor may be closed afterwards. REQUIRES: the file has as many;
  // offset is a multiple of 2 MiB, bytes of 4 KiB.
  static absl::StatusOr<ReservedMemory> MapFile(int descriptor, std::size_t offset,
                                                std::size_t bytes);

  ReservedMemory() = default;
  ReservedMemory(ReservedMemory&& other) noexcept;
  ReservedMemory& operator=(ReservedMemory&& other) noexcept;
  ~ReservedMemory();

  // Gives memory to the first `end` bytes, one step of kPopulateBytes a call, so that whoever
  // touches them first need not wait for the system, which takes milliseconds for a huge page on
  // some machines. False: nothing is to be done, or the system cannot. What lies there stays as it
  // is. One thread at a time.
  bool Populate(std::size_t end);
  static constexpr std::size_t kPopulateBytes = std::size_t{2} << 20;

  char* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  ReservedMemory(char* data, std::size_t size) : data_(data), size_(size) {}
  char* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t populated_ = 0;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_RESERVED_MEMORY_H_

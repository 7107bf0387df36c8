#include "storage/reserved_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace ringcache::storage {
namespace {

constexpr std::size_t kHugePageBytes = std::size_t{2} << 20;

}  // namespace

absl::StatusOr<ReservedMemory> ReservedMemory::Reserve(std::size_t bytes, Pages pages) {
  const std::size_t size = (bytes + kHugePageBytes - 1) / kHugePageBytes * kHugePageBytes;
  // Mapped with room to cut an aligned range out of.
  const std::size_t mapped = size + kHugePageBytes;
  void* const start = mmap(nullptr, mapped, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (start == MAP_FAILED) {
    return absl::ResourceExhaustedError(
        absl::StrCat("cannot reserve ", mapped, " bytes of address space: ", std::strerror(errno),
                     "; lower the memory limit or raise the process's (ulimit -v)"));
  }
  const auto address = reinterpret_cast<std::uintptr_t>(start);
  const std::size_t head = (kHugePageBytes - address % kHugePageBytes) % kHugePageBytes;
  char* const data = static_cast<char*>(start) + head;
  if (head > 0) munmap(start, head);
  munmap(data + size, kHugePageBytes - head);
  // A wish; refused where huge pages are switched off.
  madvise(data, size, pages == Pages::kHugePages ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
  return ReservedMemory(data, size);
}

absl::StatusOr<ReservedMemory> ReservedMemory::MapFile(int descriptor, std::size_t offset,
                                                       std::size_t bytes) {
  absl::StatusOr<ReservedMemory> memory = Reserve(bytes);
  if (!memory.ok()) return memory;
  // In place of the first bytes of what was reserved, whose alignment it keeps. What is left over,
  // less than 2 MiB, is never touched.
  void* const mapped = mmap(memory->data(), bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
                            descriptor, static_cast<off_t>(offset));
  if (mapped == MAP_FAILED) {
    return absl::ResourceExhaustedError(
        absl::StrCat("cannot map ", bytes, " bytes of a file: ", std::strerror(errno)));
  }
  madvise(memory->data(), bytes, MADV_HUGEPAGE);  // a wish, see above
  return memory;
}

ReservedMemory::ReservedMemory(ReservedMemory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      populated_(std::exchange(other.populated_, 0)) {}

ReservedMemory& ReservedMemory::operator=(ReservedMemory&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(populated_, other.populated_);
  return *this;
}

bool ReservedMemory::Populate(std::size_t end) {
// Linux 5.14.
#ifdef MADV_POPULATE_WRITE
  constexpr int kPopulateWrite = MADV_POPULATE_WRITE;
#else
  constexpr int kPopulateWrite = 23;
#endif
  if (populated_ >= std::min(end, size_)) return false;
  const std::size_t bytes = std::min(kPopulateBytes, size_ - populated_);
  const bool done = madvise(data_ + populated_, bytes, kPopulateWrite) == 0;
  // A system that does not know this will not learn it.
  populated_ = done ? populated_ + bytes : size_;
  return done;
}

ReservedMemory::~ReservedMemory() {
  if (data_ != nullptr) munmap(data_, size_);
}

}  // namespace ringcache::storage

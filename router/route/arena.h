// Memory that is given back all at once: what one call needs while it runs. Blocks are kept from
// one call to the next.
//
// Thread safety: none.

#ifndef RINGCACHE_ROUTER_ROUTE_ARENA_H_
#define RINGCACHE_ROUTER_ROUTE_ARENA_H_

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"

namespace ringcache::router {

class Arena {
 public:
  // Most calls need one block: a request, its key, and the frames of a few routes.
  static constexpr std::size_t kBlockBytes = 4096;

  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Aligned for anything.
  void* Allocate(std::size_t bytes) {
    bytes = (bytes + kAlignment - 1) & ~(kAlignment - 1);
    if (static_cast<std::size_t>(end_ - at_) < bytes) AddBlock(bytes);
    char* const begin = at_;
    at_ += bytes;
    return begin;
  }

  absl::string_view Copy(absl::string_view text) {
    if (text.empty()) return {};
    char* const begin = static_cast<char*>(Allocate(text.size()));
    std::memcpy(begin, text.data(), text.size());
    return absl::string_view(begin, text.size());
  }

  // Takes everything back; one block of the usual size is kept.
  void Clear() {
    if (blocks_.size() > 1) blocks_.resize(1);
    if (first_bytes_ > kBlockBytes) blocks_.clear();
    at_ = blocks_.empty() ? nullptr : blocks_.front().get();
    end_ = blocks_.empty() ? nullptr : at_ + first_bytes_;
    if (blocks_.empty()) first_bytes_ = 0;
  }

 private:
  static constexpr std::size_t kAlignment = alignof(std::max_align_t);

  void AddBlock(std::size_t bytes) {
    const std::size_t block_bytes = std::max(bytes, kBlockBytes);
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(block_bytes));
    if (blocks_.size() == 1) first_bytes_ = block_bytes;
    at_ = blocks_.back().get();
    end_ = at_ + block_bytes;
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t first_bytes_ = 0;
  char* at_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_ARENA_H_

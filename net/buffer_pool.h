// A worker's pool of equal buffers. The buffer that was given back last is handed out next, as it
// is still in the cache: connections that are served one after another share one warm buffer.
//
// Thread safety: none; belongs to one worker. The pool outlives the buffers it handed out.

#ifndef RINGCACHE_NET_BUFFER_POOL_H_
#define RINGCACHE_NET_BUFFER_POOL_H_

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "absl/types/span.h"

namespace ringcache::net {

class BufferPool {
 public:
  struct Options {
    // Large enough that one recv takes what a socket usually holds; half of a core's L2 is too
    // much.
    std::size_t buffer_bytes = 64 * 1024;
    // Free buffers kept, 4 MiB a worker by default; what is given back past that is freed.
    std::size_t max_free = 64;
  };

  // Gives its buffer back when destroyed. Empty by default and after being moved from.
  class Buffer {
   public:
    Buffer() = default;
    Buffer(Buffer&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)), bytes_(std::move(other.bytes_)) {}
    Buffer& operator=(Buffer&& other) noexcept {
      if (this != &other) {
        Reset();
        pool_ = std::exchange(other.pool_, nullptr);
        bytes_ = std::move(other.bytes_);
      }
      return *this;
    }
    ~Buffer() { Reset(); }

    explicit operator bool() const { return bytes_ != nullptr; }
    char* data() const { return bytes_.get(); }
    std::size_t size() const { return pool_ == nullptr ? 0 : pool_->options_.buffer_bytes; }
    absl::Span<char> span() const { return absl::MakeSpan(data(), size()); }

    void Reset() {
      if (pool_ != nullptr) std::exchange(pool_, nullptr)->GiveBack(std::move(bytes_));
    }

   private:
    friend class BufferPool;
    Buffer(BufferPool* pool, std::unique_ptr<char[]> bytes)
        : pool_(pool), bytes_(std::move(bytes)) {}

    BufferPool* pool_ = nullptr;
    std::unique_ptr<char[]> bytes_;
  };

  BufferPool() : BufferPool(Options()) {}
  explicit BufferPool(const Options& options) : options_(options) {
    free_.reserve(options.max_free);
  }
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;

  // The bytes are not cleared.
  Buffer Take() {
    ++in_use_;
    if (free_.empty()) {
      return Buffer(this, std::make_unique_for_overwrite<char[]>(options_.buffer_bytes));
    }
    std::unique_ptr<char[]> bytes = std::move(free_.back());
    free_.pop_back();
    return Buffer(this, std::move(bytes));
  }

  std::size_t buffer_bytes() const { return options_.buffer_bytes; }
  std::size_t free_buffers() const { return free_.size(); }
  std::size_t buffers_in_use() const { return in_use_; }

 private:
  void GiveBack(std::unique_ptr<char[]> bytes) {
    --in_use_;
    if (free_.size() < options_.max_free) free_.push_back(std::move(bytes));
  }

  const Options options_;
  std::size_t in_use_ = 0;
  std::vector<std::unique_ptr<char[]>> free_;
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_BUFFER_POOL_H_

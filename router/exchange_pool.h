// Exchanges of one kind that are over, kept with their buffers for the next requests.
//
// Thread safety: belongs to the worker.

#ifndef RINGCACHE_ROUTER_EXCHANGE_POOL_H_
#define RINGCACHE_ROUTER_EXCHANGE_POOL_H_

#include <cstddef>
#include <memory>
#include <vector>

namespace ringcache::router {

struct WorkerContext;

template <typename Kind>
class ExchangePool {
 public:
  // Most that are kept from one wake-up to the next.
  static constexpr std::size_t kMaxFree = 8192;

  explicit ExchangePool(WorkerContext* worker) : worker_(worker) {}

  Kind* Take() {
    ++in_use_;
    if (free_.empty()) return new Kind(worker_);
    Kind* const exchange = free_.back().release();
    free_.pop_back();
    return exchange;
  }
  // REQUIRES: it came from Take() and nobody will call it any more, but to see that it is over.
  void GiveBack(Kind* exchange) {
    --in_use_;
    free_.emplace_back(exchange);
  }
  // Frees those past kMaxFree. REQUIRES: nobody looks at them any more: the end of a wake-up.
  void Trim() {
    if (free_.size() > kMaxFree) free_.resize(kMaxFree);
  }
  std::size_t in_use() const { return in_use_; }

 private:
  WorkerContext* const worker_;
  std::size_t in_use_ = 0;
  std::vector<std::unique_ptr<Kind>> free_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_EXCHANGE_POOL_H_

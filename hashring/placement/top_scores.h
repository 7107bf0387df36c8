// The best of many scored slots, for rendezvous hashing.
//
// Thread safety: one thread.

#ifndef RINGCACHE_HASHRING_PLACEMENT_TOP_SCORES_H_
#define RINGCACHE_HASHRING_PLACEMENT_TOP_SCORES_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"

namespace ringcache::hashring {

struct Scored {
  double score = 0;
  std::uint32_t tie = 0;  // decides between equal scores; the higher wins
  std::uint32_t slot = 0;

  bool BetterThan(const Scored& other) const {
    return score > other.score || (score == other.score && tie > other.tie);
  }
};

class TopScores {
 public:
  // Keeps the best `wanted`.
  explicit TopScores(std::size_t wanted) : wanted_(wanted) {}

  void Offer(const Scored& scored) {
    if (heap_.size() < wanted_) {
      heap_.push_back(scored);
      std::push_heap(heap_.begin(), heap_.end(), Better);
    } else if (wanted_ > 0 && scored.BetterThan(heap_.front())) {
      std::pop_heap(heap_.begin(), heap_.end(), Better);
      heap_.back() = scored;
      std::push_heap(heap_.begin(), heap_.end(), Better);
    }
  }

  // Writes the slots, best first, and returns how many. REQUIRES: ranked.size() >= wanted.
  std::size_t Take(absl::Span<std::uint32_t> ranked) {
    std::sort_heap(heap_.begin(), heap_.end(), Better);
    for (std::size_t i = 0; i < heap_.size(); ++i) ranked[i] = heap_[i].slot;
    return heap_.size();
  }

 private:
  static bool Better(const Scored& a, const Scored& b) { return a.BetterThan(b); }

  const std::size_t wanted_;
  // The worst of them in front. As many as a failover tries need no allocation.
  absl::InlinedVector<Scored, 8> heap_;
};

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_PLACEMENT_TOP_SCORES_H_

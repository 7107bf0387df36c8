// The most frequent keys of a stream in fixed memory: Space-Saving (Metwally, Agrawal and El
// Abbadi, Efficient Computation of Frequent and Top-k Elements in Data Streams, ICDT 2005). A key
// without a counter takes the lowest one over, and what that had counted is its error:
//
//   true weight <= counted <= true weight + error,   error <= total weight / capacity
//
// Thread safety: none.

#ifndef RINGCACHE_METRICS_SPACE_SAVING_H_
#define RINGCACHE_METRICS_SPACE_SAVING_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "metrics/hot_keys.h"

namespace ringcache::metrics {

class SpaceSaving {
 public:
  // The protocol's longest key.
  static constexpr std::size_t kMaxKeyBytes = 250;

  // Takes 300 bytes a counter. REQUIRES: capacity > 0.
  explicit SpaceSaving(std::size_t capacity);
  SpaceSaving(const SpaceSaving&) = delete;
  SpaceSaving& operator=(const SpaceSaving&) = delete;

  // Without allocation, in O(log capacity). REQUIRES: key.size() <= kMaxKeyBytes.
  void Add(absl::string_view key, std::uint64_t weight);

  // Halves what was counted, and drops the keys of which nothing is left. Rounding adds less than 1
  // to the distance from the true weight, however often this is called.
  void Halve();

  std::size_t size() const { return heap_.size(); }
  HotKeys Report() const;

 private:
  struct Slot {
    std::uint64_t error = 0;
    std::uint32_t place = 0;  // in heap_
    std::uint8_t key_bytes = 0;
    std::array<char, kMaxKeyBytes> key;

    absl::string_view text() const { return {key.data(), key_bytes}; }
    void SetKey(absl::string_view text);
  };
  // The least count is at the front, each node's two successors at 2 i + 1 and 2 i + 2.
  struct Node {
    std::uint64_t count;
    std::uint32_t slot;
  };

  // A slot is found by its key, without a copy of the key.
  struct SlotHash {
    using is_transparent = void;
    const std::vector<Slot>* slots;
    std::size_t operator()(std::uint32_t slot) const { return (*this)((*slots)[slot].text()); }
    std::size_t operator()(absl::string_view key) const {
      return absl::Hash<absl::string_view>()(key);
    }
  };
  struct SlotEqual {
    using is_transparent = void;
    const std::vector<Slot>* slots;
    bool operator()(std::uint32_t a, std::uint32_t b) const { return a == b; }
    bool operator()(std::uint32_t slot, absl::string_view key) const {
      return (*slots)[slot].text() == key;
    }
    bool operator()(absl::string_view key, std::uint32_t slot) const { return (*this)(slot, key); }
  };

  void AddCounter(absl::string_view key, std::uint64_t weight);
  void Put(Node node, std::size_t place);
  void SiftUp(std::size_t place);
  void SiftDown(std::size_t place);

  const std::size_t capacity_;
  std::uint64_t total_ = 0;
  std::vector<Slot> slots_;
  std::vector<Node> heap_;
  absl::flat_hash_set<std::uint32_t, SlotHash, SlotEqual> index_;
};

}  // namespace ringcache::metrics

#endif  // RINGCACHE_METRICS_SPACE_SAVING_H_

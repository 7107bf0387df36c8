#include "metrics/space_saving.h"

#include <cassert>
#include <cstring>
#include <string>
#include <utility>

namespace ringcache::metrics {

void SpaceSaving::Slot::SetKey(absl::string_view text) {
  // An empty key has no bytes to point at.
  if (!text.empty()) std::memcpy(key.data(), text.data(), text.size());
  key_bytes = static_cast<std::uint8_t>(text.size());
}

SpaceSaving::SpaceSaving(std::size_t capacity)
    : capacity_(capacity), index_(0, SlotHash{&slots_}, SlotEqual{&slots_}) {
  assert(capacity > 0);
  slots_.reserve(capacity);
  heap_.reserve(capacity);
  // Twice, so that the marks of erased ones are cleared in place and never by growing.
  index_.reserve(2 * capacity);
}

void SpaceSaving::Add(absl::string_view key, std::uint64_t weight) {
  assert(key.size() <= kMaxKeyBytes);
  total_ += weight;
  if (const auto at = index_.find(key); at != index_.end()) {
    const std::size_t place = slots_[*at].place;
    heap_[place].count += weight;
    return SiftDown(place);
  }
  if (heap_.size() < capacity_) return AddCounter(key, weight);
  Node& least = heap_.front();
  Slot& slot = slots_[least.slot];
  index_.erase(least.slot);
  slot.SetKey(key);
  slot.error = least.count;
  index_.insert(least.slot);
  least.count += weight;
  SiftDown(0);
}

void SpaceSaving::AddCounter(absl::string_view key, std::uint64_t weight) {
  const auto number = static_cast<std::uint32_t>(slots_.size());
  slots_.emplace_back().SetKey(key);
  index_.insert(number);
  heap_.push_back({});
  Put({weight, number}, heap_.size() - 1);
  SiftUp(heap_.size() - 1);
}

void SpaceSaving::Halve() {
  total_ /= 2;
  // Slots of which nothing is left close ranks. Halving keeps the order of counts, but not a heap
  // without gaps: the heap is built anew.
  std::vector<std::uint64_t> counts(slots_.size());
  for (const Node& node : heap_) counts[node.slot] = node.count;
  index_.clear();
  index_.reserve(2 * capacity_);
  heap_.clear();
  std::uint32_t kept = 0;
  for (std::uint32_t slot = 0; slot < slots_.size(); ++slot) {
    const std::uint64_t count = counts[slot] / 2;
    if (count == 0) continue;
    const std::uint64_t certain = (counts[slot] - slots_[slot].error) / 2;
    if (kept != slot) slots_[kept] = slots_[slot];
    slots_[kept].error = count - certain;
    index_.insert(kept);
    heap_.push_back({});
    Put({count, kept}, heap_.size() - 1);
    SiftUp(heap_.size() - 1);
    ++kept;
  }
  slots_.resize(kept);
}

HotKeys SpaceSaving::Report() const {
  HotKeys report;
  report.requests = total_;
  report.others_at_most = heap_.size() < capacity_ ? 0 : heap_.front().count;
  report.keys.reserve(heap_.size());
  for (const Node& node : heap_) {
    const Slot& slot = slots_[node.slot];
    report.keys.push_back({std::string(slot.text()), node.count, slot.error});
  }
  SortHotKeys(&report.keys);
  return report;
}

void SpaceSaving::Put(Node node, std::size_t place) {
  heap_[place] = node;
  slots_[node.slot].place = static_cast<std::uint32_t>(place);
}

void SpaceSaving::SiftUp(std::size_t place) {
  const Node node = heap_[place];
  while (place > 0 && node.count < heap_[(place - 1) / 2].count) {
    Put(heap_[(place - 1) / 2], place);
    place = (place - 1) / 2;
  }
  Put(node, place);
}

void SpaceSaving::SiftDown(std::size_t place) {
  const Node node = heap_[place];
  for (;;) {
    std::size_t next = 2 * place + 1;
    if (next >= heap_.size()) break;
    if (next + 1 < heap_.size() && heap_[next + 1].count < heap_[next].count) ++next;
    if (heap_[next].count >= node.count) break;
    Put(heap_[next], place);
    place = next;
  }
  Put(node, place);
}

}  // namespace ringcache::metrics

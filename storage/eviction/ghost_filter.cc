#include "storage/eviction/ghost_filter.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace ringcache::storage {

void GhostFilter::GrowTo(std::size_t capacity) {
  if (capacity <= this->capacity()) return;
  if (written_segments_ == 0) {
    segments_.resize((capacity + kGhostsPerSegment - 1) / kGhostsPerSegment);
    return;
  }
  const std::size_t count = segments_.size();
  const std::unique_ptr<Segment>& split = segments_[count - std::bit_floor(count)];
  std::unique_ptr<Segment> added;
  if (split != nullptr) {
    added = std::make_unique<Segment>(*split);
    ++written_segments_;
  }
  segments_.push_back(std::move(added));
}

void GhostFilter::ShrinkTo(std::size_t capacity) {
  if (segments_.empty() || capacity + kGhostsPerSegment > this->capacity()) return;
  if (segments_.back() != nullptr) --written_segments_;
  segments_.pop_back();
}

std::size_t GhostFilter::SegmentOf(std::uint64_t hash) const {
  const std::uint64_t low = hash & 0xffffffff;
  const std::uint64_t mask = std::bit_ceil(segments_.size()) - 1;
  return (low & mask) < segments_.size() ? low & mask : low & (mask >> 1);
}

void GhostFilter::Put(std::uint64_t hash) {
  std::unique_ptr<Segment>& segment = segments_[SegmentOf(hash)];
  if (segment == nullptr) {
    segment = std::make_unique<Segment>();
    ++written_segments_;
  }
  Set& set = (*segment)[SetOf(hash)];
  std::copy_backward(set.begin(), set.end() - 1, set.end());
  set.front() = FingerprintOf(hash);
}

bool GhostFilter::Take(std::uint64_t hash) {
  if (segments_.empty()) return false;
  const std::unique_ptr<Segment>& segment = segments_[SegmentOf(hash)];
  if (segment == nullptr) return false;
  Set& set = (*segment)[SetOf(hash)];
  const auto found = std::find(set.begin(), set.end(), FingerprintOf(hash));
  if (found == set.end()) return false;
  std::copy(found + 1, set.end(), found);
  set.back() = 0;
  return true;
}

}  // namespace ringcache::storage

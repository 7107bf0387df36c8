#include "server/event_ring.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace ringcache::server {
namespace {

constexpr std::size_t kAlignment = 8;

constexpr std::size_t Aligned(std::size_t bytes) {
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

static_assert(std::is_trivially_copyable_v<Event>);

}  // namespace

EventRing::EventRing(std::size_t bytes)
    : capacity_(bytes / kAlignment * kAlignment), bytes_(new char[capacity_]) {
  static_assert(2 * Aligned(kHeadBytes + Event::kMaxTextBytes) <= kMinBytes,
                "an entry fits wherever the ring is cut");
}

bool EventRing::Write(const Event& event, absl::string_view text) {
  text = text.substr(0, Event::kMaxTextBytes);
  const std::size_t needed = Aligned(kHeadBytes + text.size());
  const std::uint64_t begin = written_.load(std::memory_order_relaxed);  // its own
  std::size_t free = capacity_ - (begin - read_.load(std::memory_order_acquire));
  std::size_t at = begin % capacity_;
  std::size_t skipped = 0;
  if (at + needed > capacity_) {
    skipped = capacity_ - at;
    if (free < skipped + needed) return false;
    const Length wrap = 0;
    std::memcpy(&bytes_[at], &wrap, sizeof(wrap));
    free -= skipped;
    at = 0;
  }
  if (free < needed) return false;
  const Length length = kHeadBytes + text.size();
  std::memcpy(&bytes_[at], &length, sizeof(length));
  std::memcpy(&bytes_[at + sizeof(length)], &event, sizeof(event));
  if (!text.empty()) std::memcpy(&bytes_[at + kHeadBytes], text.data(), text.size());
  written_.store(begin + skipped + needed, std::memory_order_release);
  return true;
}

bool EventRing::Front(Event* event, absl::string_view* text) {
  std::uint64_t begin = read_.load(std::memory_order_relaxed);  // its own
  const std::uint64_t end = written_.load(std::memory_order_acquire);
  if (begin == end) return false;
  Length length = 0;
  std::memcpy(&length, &bytes_[begin % capacity_], sizeof(length));
  if (length == 0) {
    // An entry follows the mark: both became visible at once.
    begin += capacity_ - begin % capacity_;
    read_.store(begin, std::memory_order_release);
    std::memcpy(&length, &bytes_[0], sizeof(length));
  }
  const std::size_t at = begin % capacity_;
  std::memcpy(event, &bytes_[at + sizeof(length)], sizeof(*event));
  *text = absl::string_view(&bytes_[at + kHeadBytes], length - kHeadBytes);
  return true;
}

void EventRing::Pop() {
  const std::uint64_t begin = read_.load(std::memory_order_relaxed);  // its own
  Length length = 0;
  std::memcpy(&length, &bytes_[begin % capacity_], sizeof(length));
  read_.store(begin + Aligned(length), std::memory_order_release);
}

}  // namespace ringcache::server

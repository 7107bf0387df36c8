#include "net/timer_queue.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace ringcache::net {
namespace {

// Stale entries kept before they are dropped all at once: few enough to cost little memory, many
// enough that the pass is seldom.
constexpr std::size_t kStaleSlack = 64;

}  // namespace

TimerQueue::TimerQueue() : slots_(1) {}

TimerQueue::TimerId TimerQueue::Add(std::int64_t deadline_ns, Task task) {
  std::size_t slot;
  if (free_slots_.empty()) {
    slot = slots_.size();
    if (slot >> kSlotBits != 0) {
      std::fputs("TimerQueue: more than 2^24 timers are pending\n", stderr);
      std::abort();
    }
    slots_.emplace_back();
  } else {
    slot = free_slots_.back();
    free_slots_.pop_back();
  }
  const TimerId timer = next_sequence_++ << kSlotBits | slot;
  slots_[slot].timer = timer;
  slots_[slot].task = std::move(task);
  heap_.push_back(Entry{deadline_ns, timer});
  std::push_heap(heap_.begin(), heap_.end(), Later);
  ++live_;
  return timer;
}

void TimerQueue::Cancel(TimerId timer) {
  const std::size_t slot = SlotOf(timer);
  if (timer == 0 || slot >= slots_.size() || slots_[slot].timer != timer) return;
  // The task dies at the end of this function: what it captured may use the queue.
  const Task cancelled = Free(slot);
  if (heap_.size() > 2 * live_ + kStaleSlack) DropAllStale();
}

std::int64_t TimerQueue::NextDeadline() {
  DropStaleTop();
  return heap_.empty() ? kNever : heap_.front().deadline_ns;
}

bool TimerQueue::PopDue(std::int64_t now_ns, TimerId mark, Task* task) {
  DropStaleTop();
  if (heap_.empty() || heap_.front().deadline_ns > now_ns || heap_.front().timer >= mark) {
    return false;
  }
  *task = Free(SlotOf(heap_.front().timer));
  return true;
}

bool TimerQueue::Later(const Entry& a, const Entry& b) {
  return a.deadline_ns != b.deadline_ns ? a.deadline_ns > b.deadline_ns : a.timer > b.timer;
}

TimerQueue::Task TimerQueue::Free(std::size_t slot) {
  slots_[slot].timer = 0;
  free_slots_.push_back(static_cast<std::uint32_t>(slot));
  --live_;
  return std::exchange(slots_[slot].task, nullptr);
}

void TimerQueue::DropStaleTop() {
  while (!heap_.empty() && !IsLive(heap_.front())) {
    std::pop_heap(heap_.begin(), heap_.end(), Later);
    heap_.pop_back();
  }
}

void TimerQueue::DropAllStale() {
  std::erase_if(heap_, [this](const Entry& entry) { return !IsLive(entry); });
  std::make_heap(heap_.begin(), heap_.end(), Later);
}

}  // namespace ringcache::net

// Tasks ordered by deadline: the timers of an event loop, real or simulated. A binary heap of small
// entries points at slots that hold the tasks; cancelling empties the slot at once (what the task
// captured is freed) and leaves the entry, which is dropped when it surfaces or when stale entries
// outnumber live ones, so that a timeout per request that is nearly always cancelled stays cheap.
//
// Thread safety: none; belongs to its loop's thread.

#ifndef RINGCACHE_NET_TIMER_QUEUE_H_
#define RINGCACHE_NET_TIMER_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "net/event_loop.h"

namespace ringcache::net {

class TimerQueue {
 public:
  using TimerId = EventLoop::TimerId;
  using Task = EventLoop::Task;

  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
  // A slot's index has 24 bits of a timer's id. Past 16 million pending timers Add ends the
  // process.
  static constexpr int kSlotBits = 24;

  TimerQueue();

  // Never returns 0.
  TimerId Add(std::int64_t deadline_ns, Task task);
  // A timer that was popped or cancelled is ignored.
  void Cancel(TimerId timer);

  bool empty() const { return live_ == 0; }
  // Deadline of the first timer, kNever without one.
  std::int64_t NextDeadline();

  // Removes the first timer due at `now_ns`, among equal ones the oldest, and puts its task in
  // `*task`. False if none is due. Timers added at or after `mark` (see Mark) are left for the next
  // pass.
  bool PopDue(std::int64_t now_ns, TimerId mark, Task* task);
  // Timers added from now on compare as later than this.
  TimerId Mark() const { return next_sequence_ << kSlotBits; }

  // For tests of the bound on stale entries.
  std::size_t entries() const { return heap_.size(); }

 private:
  struct Entry {
    std::int64_t deadline_ns;
    TimerId timer;  // sequence << kSlotBits | slot: older timers compare less
  };
  struct Slot {
    TimerId timer = 0;  // 0: free
    Task task;
  };

  static bool Later(const Entry& a, const Entry& b);
  static std::size_t SlotOf(TimerId timer) { return timer & ((TimerId{1} << kSlotBits) - 1); }
  bool IsLive(const Entry& entry) const { return slots_[SlotOf(entry.timer)].timer == entry.timer; }
  Task Free(std::size_t slot);
  void DropStaleTop();
  void DropAllStale();

  std::vector<Entry> heap_;
  std::vector<Slot> slots_;  // slot 0 is unused, so that no id is 0
  std::vector<std::uint32_t> free_slots_;
  std::size_t live_ = 0;
  TimerId next_sequence_ = 1;
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_TIMER_QUEUE_H_

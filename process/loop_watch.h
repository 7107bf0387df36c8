// Whether the loops of a process still turn, each with a name. Loops are asked by posted tasks,
// only when somebody asks here.
//
// Ownership: the loops outlive this, and may stop before it. Thread safety: Add before all else,
// which any thread may call.

#ifndef RINGCACHE_PROCESS_LOOP_WATCH_H_
#define RINGCACHE_PROCESS_LOOP_WATCH_H_

#include <cstddef>
#include <deque>
#include <string>

#include "absl/time/time.h"
#include "net/event_loop.h"
#include "net/loop_pulse.h"

namespace ringcache::process {

class LoopWatch {
 public:
  // `name`: as in "thread rc-worker-0 ...".
  void Add(std::string name, net::EventLoop* loop);

  // Names a loop that has owed an answer for longer than `limit`, in a sentence; empty if there is
  // none. Asks all again, so it is to be called several times within `limit`.
  std::string FindStuck(absl::Duration limit);
  // For how long the loop that was added as number `index` has owed an answer.
  absl::Duration SilentFor(std::size_t index) const;

 private:
  struct Loop {
    std::string name;
    net::LoopPulse pulse;
  };

  // Pulses stay where they are.
  std::deque<Loop> loops_;
};

}  // namespace ringcache::process

#endif  // RINGCACHE_PROCESS_LOOP_WATCH_H_

// The end of a service, as a list of phases: readiness goes and clients move on, then connections
// are closed, .... Each phase begins when the one before it is over, or its time is up.
//
//   sequence.Begin({{"announcing", wait, [] {}, true}, {"closing", limit, [this] { Close(); }}});
//
// Ownership: the loop outlives this. Thread safety: state() from any thread, all else on the
// loop's.

#ifndef RINGCACHE_PROCESS_DRAIN_SEQUENCE_H_
#define RINGCACHE_PROCESS_DRAIN_SEQUENCE_H_

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "net/event_loop.h"
#include "net/mutex.h"

namespace ringcache::process {

class DrainSequence {
 public:
  struct Phase {
    std::string name;
    // After this it is over, at the latest.
    absl::Duration limit;
    std::function<void()> begin;
    bool can_be_undone = false;
  };
  struct State {
    bool draining = false;
    // The one that it is in; empty if it does not drain, or is done.
    std::string phase;
    absl::Duration left;
  };

  // `done` is called once, after the last phase.
  DrainSequence(net::EventLoop* loop, std::function<void()> done);
  ~DrainSequence();
  DrainSequence(const DrainSequence&) = delete;
  DrainSequence& operator=(const DrainSequence&) = delete;

  // Begins the first phase. False, and nothing happens, if it drains already.
  bool Begin(std::vector<Phase> phases);
  // The phase of that name is over, if it is the present one: the next begins. A phase may end
  // itself from within its `begin`.
  void EndPhase(absl::string_view name);
  // The same, but once so much time has passed, if it has more.
  void ShortenPhase(absl::string_view name, absl::Duration limit);
  // Takes the drain back. False, and nothing happens, if the present phase cannot be undone, or it
  // does not drain.
  bool Undo();

  State state() const;

 private:
  void BeginPhase(std::size_t phase);
  void EndPhaseAfter(absl::Duration limit);

  net::EventLoop& loop_;
  const std::function<void()> done_;
  std::vector<Phase> phases_;
  std::size_t current_ = 0;
  net::EventLoop::TimerId timer_ = 0;

  mutable net::Mutex mutex_;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  std::string phase_name_ ABSL_GUARDED_BY(mutex_);
  std::int64_t ends_at_ns_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace ringcache::process

#endif  // RINGCACHE_PROCESS_DRAIN_SEQUENCE_H_

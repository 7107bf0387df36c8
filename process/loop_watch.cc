#include "process/loop_watch.h"

#include <time.h>

#include <utility>

#include "absl/strings/str_cat.h"

namespace ringcache::process {
namespace {

// A loop's own clock is told to its thread only.
absl::Duration MonotonicNow() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return absl::DurationFromTimespec(now);
}

}  // namespace

void LoopWatch::Add(std::string name, net::EventLoop* loop) {
  loops_.push_back({std::move(name), net::LoopPulse(loop)});
}

std::string LoopWatch::FindStuck(absl::Duration limit) {
  const absl::Duration now = MonotonicNow();
  std::string reason;
  for (Loop& loop : loops_) {
    const absl::Duration silent = loop.pulse.SilentFor(now);
    if (silent > limit && reason.empty()) {
      reason = absl::StrCat("thread ", loop.name, " has been busy for ",
                            absl::FormatDuration(absl::Trunc(silent, absl::Milliseconds(1))));
    }
    loop.pulse.Ask(now);
  }
  return reason;
}

absl::Duration LoopWatch::SilentFor(std::size_t index) const {
  return loops_[index].pulse.SilentFor(MonotonicNow());
}

}  // namespace ringcache::process

// The lines that wait for one watcher: written by the logging thread, taken by the worker that owns
// the watcher's connection. Bounded: lines that find no room are counted, and the next that does is
// preceded by "skipped=<count>".
//
// Thread safety: Offer and Notify by the logging thread, Take by the worker.

#ifndef RINGCACHE_SERVER_WATCHER_H_
#define RINGCACHE_SERVER_WATCHER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "net/mutex.h"
#include "server/event_record.h"

namespace ringcache::server {

class Watcher {
 public:
  // Events of `streams` from `first_gid` on, at most `limit_bytes` of lines at a time. `wake` is
  // called by the logging thread when there are lines to take, and not again until Take.
  Watcher(EventStreams streams, std::uint64_t first_gid, std::size_t limit_bytes,
          std::function<void()> wake)
      : streams_(streams),
        first_gid_(first_gid),
        limit_bytes_(limit_bytes),
        wake_(std::move(wake)) {}

  EventStreams streams() const { return streams_; }
  bool Wants(const Event& event) const {
    return (StreamOf(event.kind) & streams_) != 0 && event.gid >= first_gid_;
  }

  // False if the line was skipped.
  bool Offer(absl::string_view line);
  // Wakes the worker if there is something to take and it does not know yet.
  void Notify();

  // Replaces `lines` by what waits; empty if nothing does.
  void Take(std::string* lines);

 private:
  const EventStreams streams_;
  const std::uint64_t first_gid_;
  const std::size_t limit_bytes_;
  const std::function<void()> wake_;
  net::Mutex mutex_;
  std::string lines_ ABSL_GUARDED_BY(mutex_);
  std::uint64_t skipped_ ABSL_GUARDED_BY(mutex_) = 0;
  bool notified_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_WATCHER_H_

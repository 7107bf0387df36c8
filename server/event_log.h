// The server's live log: carries events from the workers to those who watch.
//
//   worker ── EventWriter ──► ring ─┐
//   worker ── EventWriter ──► ring ─┼─► logging thread ──► Watcher (lines) ──► its worker ──► peer
//   others ── Write ────────► ring ─┘         └──► console (-vv)
//
// Nobody waits for anybody: a full ring drops the event, a full watcher skips the line, and both
// are counted. When nobody watches, a worker reads one word once a wake-up and the thread sleeps.
//
// Thread safety: each EventWriter belongs to one worker; all else may be called from any thread,
// except Drain (the logging thread, or a test that started none).

#ifndef RINGCACHE_SERVER_EVENT_LOG_H_
#define RINGCACHE_SERVER_EVENT_LOG_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "metrics/counter.h"
#include "net/mutex.h"
#include "server/event_record.h"
#include "server/event_ring.h"
#include "server/watcher.h"

namespace ringcache::server {

class EventLog;

// Where one worker writes its events.
class EventWriter {
 public:
  EventWriter(EventLog* log, std::size_t ring_bytes) : log_(*log), ring_(ring_bytes) {}

  // Takes notice of who watches what; once a wake-up.
  void Refresh();
  bool Wants(EventStreams streams) const { return (streams_ & streams) != 0; }
  EventLog& log() { return log_; }
  // Sets the event's gid and time. Dropped, and counted, if there is no room.
  void Write(Event event, absl::string_view text);

 private:
  friend class EventLog;

  EventLog& log_;
  EventStreams streams_ = kNoStreams;
  EventRing ring_;
  metrics::Counter written_;
  metrics::Counter dropped_;
};

struct EventTotals {
  std::uint64_t dropped = 0;  // events that found their ring full
  std::uint64_t written = 0;  // events that did not
  std::uint64_t skipped = 0;  // lines that found their watcher full
  std::uint64_t sent = 0;     // lines that did not
  std::uint64_t watchers = 0;
};

class EventLog {
 public:
  struct Options {
    std::size_t workers = 1;
    std::size_t worker_buffer_bytes = std::size_t{64} << 10;
    std::size_t watcher_buffer_bytes = std::size_t{256} << 10;
  };
  static constexpr std::size_t kMaxWatchers = 20;

  using Console = std::function<void(absl::string_view line)>;

  explicit EventLog(const Options& options);
  ~EventLog();

  // Starts the logging thread; without it, call Drain. Stop ends it: nobody is woken afterwards.
  void Start();
  void Stop();

  EventWriter* writer(std::size_t worker) { return writers_[worker].get(); }
  // Relaxed: an event that is about to be written when a watcher comes or goes may go either way.
  EventStreams streams() const { return streams_.load(std::memory_order_relaxed); }
  bool Wants(EventStreams wanted) const { return (streams() & wanted) != 0; }
  // For threads that are no workers, and for callbacks that do not know theirs.
  void Write(Event event, absl::string_view text);
  // A system event: "<type> <field>=<value> ...".
  void WriteSystem(absl::string_view text);

  // Null if there are kMaxWatchers. See Watcher.
  std::shared_ptr<Watcher> AddWatcher(EventStreams streams, std::function<void()> wake);
  void RemoveWatcher(const Watcher* watcher);
  // Lines of these streams, without time, gid and newline, go to `console` too, on the logging
  // thread; it must not call back.
  void SetConsole(EventStreams streams, Console console);

  EventTotals Totals() const;

  // Hands on what is in the rings, at most one ring's worth of each, in the order of gids as far as
  // they are there. Returns the number of events.
  std::size_t Drain();

 private:
  friend class EventWriter;

  void Stamp(Event* event);
  void UpdateStreams() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void HandOn(const Event& event, absl::string_view text);
  void Run();

  const Options options_;
  std::atomic<EventStreams> streams_{kNoStreams};
  std::atomic<std::uint64_t> last_gid_{0};
  std::vector<std::unique_ptr<EventWriter>> writers_;
  // Of everyone else: whoever writes takes turns, for the copying of one event. The logging thread
  // does not take the lock.
  net::Mutex shared_mutex_;
  std::unique_ptr<EventWriter> shared_;
  metrics::Counter skipped_;
  metrics::Counter sent_;

  mutable net::Mutex mutex_;
  net::CondVar changed_;
  std::vector<std::shared_ptr<Watcher>> watchers_ ABSL_GUARDED_BY(mutex_);
  EventStreams console_streams_ ABSL_GUARDED_BY(mutex_) = kNoStreams;
  std::shared_ptr<const Console> console_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;

  // The logging thread's: a snapshot for one round, and the line that is being written.
  std::vector<std::shared_ptr<Watcher>> round_watchers_;
  EventStreams round_console_streams_ = kNoStreams;
  std::shared_ptr<const Console> round_console_;
  std::string line_;
};

inline void EventWriter::Refresh() { streams_ = log_.streams(); }

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_EVENT_LOG_H_

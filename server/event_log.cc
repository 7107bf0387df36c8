#include "server/event_log.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace ringcache::server {
namespace {

// After this many events the thread looks again at who watches.
constexpr std::size_t kMaxEventsPerRound = 4096;
// Between two looks at the rings while somebody watches: short while there is something, since a
// ring of 64 KiB holds the events of about a millisecond, then longer and longer.
constexpr absl::Duration kShortestPause = absl::Milliseconds(1);
constexpr absl::Duration kLongestPause = absl::Milliseconds(32);

}  // namespace

void EventWriter::Write(Event event, absl::string_view text) {
  log_.Stamp(&event);
  (ring_.Write(event, text) ? written_ : dropped_).Add();
}

EventLog::EventLog(const Options& options)
    : options_(options), shared_(std::make_unique<EventWriter>(this, options.worker_buffer_bytes)) {
  for (std::size_t i = 0; i < options.workers; ++i) {
    writers_.push_back(std::make_unique<EventWriter>(this, options.worker_buffer_bytes));
  }
}

EventLog::~EventLog() { Stop(); }

void EventLog::Start() {
  thread_ = std::thread([this] { Run(); });
}

void EventLog::Stop() {
  {
    net::MutexLock lock(&mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

void EventLog::Stamp(Event* event) {
  // Relaxed: the gid is the order; nothing else is told by it.
  event->gid = last_gid_.fetch_add(1, std::memory_order_relaxed) + 1;
  event->unix_us = absl::ToUnixMicros(absl::Now());
}

void EventLog::Write(Event event, absl::string_view text) {
  net::MutexLock lock(&shared_mutex_);
  shared_->Write(event, text);
}

void EventLog::WriteSystem(absl::string_view text) {
  if (!Wants(kSystemEvents)) return;
  Event event;
  event.kind = EventKind::kSystem;
  Write(event, text);
}

std::shared_ptr<Watcher> EventLog::AddWatcher(EventStreams streams, std::function<void()> wake) {
  net::MutexLock lock(&mutex_);
  if (watchers_.size() >= kMaxWatchers) return nullptr;
  auto watcher = std::make_shared<Watcher>(streams, last_gid_.load(std::memory_order_relaxed) + 1,
                                           options_.watcher_buffer_bytes, std::move(wake));
  watchers_.push_back(watcher);
  UpdateStreams();
  return watcher;
}

void EventLog::RemoveWatcher(const Watcher* watcher) {
  net::MutexLock lock(&mutex_);
  watchers_.erase(std::remove_if(watchers_.begin(), watchers_.end(),
                                 [watcher](const auto& other) { return other.get() == watcher; }),
                  watchers_.end());
  UpdateStreams();
}

void EventLog::SetConsole(EventStreams streams, Console console) {
  net::MutexLock lock(&mutex_);
  console_streams_ = streams;
  console_ = std::make_shared<const Console>(std::move(console));
  UpdateStreams();
}

void EventLog::UpdateStreams() {
  EventStreams streams = console_streams_;
  for (const auto& watcher : watchers_) streams |= watcher->streams();
  streams_.store(streams, std::memory_order_relaxed);
  changed_.NotifyAll();
}

EventTotals EventLog::Totals() const {
  EventTotals totals;
  for (const auto& writer : writers_) {
    totals.written += writer->written_.value();
    totals.dropped += writer->dropped_.value();
  }
  totals.written += shared_->written_.value();
  totals.dropped += shared_->dropped_.value();
  totals.skipped = skipped_.value();
  totals.sent = sent_.value();
  net::MutexLock lock(&mutex_);
  totals.watchers = watchers_.size();
  return totals;
}

void EventLog::HandOn(const Event& event, absl::string_view text) {
  if ((StreamOf(event.kind) & round_console_streams_) != 0) {
    line_.clear();
    AppendEventText(event, text, &line_);
    (*round_console_)(line_);
  }
  line_.clear();
  for (const auto& watcher : round_watchers_) {
    if (!watcher->Wants(event)) continue;
    if (line_.empty()) AppendEventLine(event, text, &line_);
    (watcher->Offer(line_) ? sent_ : skipped_).Add();
  }
}

std::size_t EventLog::Drain() {
  {
    net::MutexLock lock(&mutex_);
    round_watchers_ = watchers_;
    round_console_streams_ = console_streams_;
    round_console_ = console_;
  }
  std::size_t events = 0;
  for (; events < kMaxEventsPerRound; ++events) {
    // Fronts are few and near: looking at each again costs less than a heap would.
    EventRing* oldest = nullptr;
    Event first;
    absl::string_view first_text;
    const auto consider = [&](EventRing& ring) {
      Event event;
      absl::string_view text;
      if (!ring.Front(&event, &text) || (oldest != nullptr && event.gid > first.gid)) return;
      oldest = &ring;
      first = event;
      first_text = text;
    };
    for (const auto& writer : writers_) consider(writer->ring_);
    consider(shared_->ring_);
    if (oldest == nullptr) break;
    HandOn(first, first_text);
    oldest->Pop();
  }
  for (const auto& watcher : round_watchers_) watcher->Notify();
  round_watchers_.clear();
  return events;
}

void EventLog::Run() {
  pthread_setname_np(pthread_self(), "rc-log");
  absl::Duration pause = kShortestPause;
  for (;;) {
    {
      net::MutexLock lock(&mutex_);
      while (!stopping_ && streams() == kNoStreams) changed_.Wait(&mutex_);
      if (stopping_) return;
    }
    if (Drain() > 0) {
      pause = kShortestPause;
    } else {
      pause = std::min(2 * pause, kLongestPause);
    }
    absl::SleepFor(pause);
  }
}

}  // namespace ringcache::server

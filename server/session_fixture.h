// What tests and benchmarks need to play a client against a session without a socket: a loop whose
// time stands still until it is moved, a connection that collects replies and takes as much as it
// is told, and a server's worth of collaborators.
//
// Thread safety: none.

#ifndef RINGCACHE_SERVER_SESSION_FIXTURE_H_
#define RINGCACHE_SERVER_SESSION_FIXTURE_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "net/connection.h"
#include "net/event_loop.h"
#include "server/session.h"
#include "server/stats_report.h"
#include "server/worker_context.h"
#include "storage/store.h"

namespace ringcache::server {

// Only its clock is used.
class StandingLoop final : public net::EventLoop {
 public:
  bool Watch(int, bool, bool, net::DescriptorWatcher*) override { return true; }
  void Update(int, bool, bool, net::DescriptorWatcher*) override {}
  void Unwatch(int, net::DescriptorWatcher*) override {}
  void Post(Task task) override { task(); }
  TimerId RunAfter(absl::Duration, Task) override { return 1; }
  void CancelTimer(TimerId) override {}
  absl::Duration MonotonicNow() const override { return monotonic_now_; }
  absl::Time WallNow() const override { return wall_now_; }
  std::int64_t MonotonicSeconds() const override { return absl::ToInt64Seconds(MonotonicNow()); }
  std::int64_t PresentNs() const override {
    return absl::ToInt64Nanoseconds(MonotonicNow() + worked_);
  }
  void Run() override {}
  void Stop() override {}

  void Advance(absl::Duration by) {
    monotonic_now_ += by;
    wall_now_ += by;
  }
  // From now on, a wake-up has lasted so long when it is asked.
  void WorkFor(absl::Duration time) { worked_ = time; }
  // Somebody sets the clock of the host.
  void SetWallClock(absl::Time to) { wall_now_ = to; }

 private:
  absl::Duration monotonic_now_ = absl::Seconds(1000);
  absl::Duration worked_;
  absl::Time wall_now_ = absl::FromUnixSeconds(1'800'000'000);
};

// Plays the transport: hands bytes to the session in fragments and follows what it answers.
class FakeConnection final : public net::Connection {
 public:
  explicit FakeConnection(net::Session* session) : session_(*session) {}

  // Everything sent and taken so far; Take() also forgets it.
  const std::string& sent() const { return sent_; }
  std::string Take() { return std::exchange(sent_, std::string()); }
  bool open() const { return open_; }
  bool paused() const { return paused_; }
  bool drained() const { return drained_; }
  std::size_t pending_bytes() const override { return pending_.size(); }
  // Bytes that the session has not been given, because it paused or closed.
  absl::string_view unread() const { return absl::string_view(input_).substr(begin_); }
  int yields() const { return yields_; }
  int sends() const { return sends_; }

  // Bytes that the peer takes before it stops reading; then Send answers false.
  void set_window(std::size_t bytes) { window_ = bytes; }
  // The peer reads again: what is pending goes out, and the session goes on.
  void OpenWindow(std::size_t bytes = std::numeric_limits<std::size_t>::max()) {
    window_ = bytes;
    while (!pending_.empty() && window_ > 0) {
      TakeUpTo(std::exchange(pending_, std::string()));
      if (!pending_.empty()) return;
      Follow(session_.OnSent());
    }
    Pump();
  }

  // Hands `bytes` over, at most `fragment` at a time.
  void Receive(absl::string_view bytes,
               std::size_t fragment = std::numeric_limits<std::size_t>::max()) {
    input_ = std::string(unread());
    input_.append(bytes.data(), bytes.size());
    begin_ = 0;
    fragment_ = fragment;
    Pump();
  }
  void EndOfPeer() {
    if (open_) Follow(session_.OnPeerEnded());
  }

  using net::Connection::Send;
  bool Send(absl::Span<const iovec> spans) override {
    ++sends_;
    for (const iovec& span : spans) {
      TakeUpTo(std::string(static_cast<const char*>(span.iov_base), span.iov_len));
    }
    return pending_.empty();
  }
  void ResumeReceiving() override { paused_ = false; }
  void Drain() override {
    drained_ = true;
    open_ = false;
  }
  void Close(net::CloseReason) override { open_ = false; }

 private:
  void TakeUpTo(std::string bytes) {
    const std::size_t taken = pending_.empty() ? std::min(window_, bytes.size()) : 0;
    window_ -= taken;
    sent_.append(bytes, 0, taken);
    pending_.append(bytes, taken, std::string::npos);
  }
  void Pump() {
    while (open_ && !paused_ && !unread().empty()) {
      const absl::Span<char> room = session_.LendReceiveBuffer();
      const std::size_t bytes = std::min({unread().size(), room.size(), fragment_});
      std::memcpy(room.data(), unread().data(), bytes);
      begin_ += bytes;
      Follow(session_.OnReceived(bytes));
    }
  }
  void Follow(net::Progress progress) {
    while (progress == net::Progress::kYield) {
      ++yields_;
      progress = session_.OnReceived(0);
    }
    paused_ = progress == net::Progress::kPause;
    if (progress == net::Progress::kClose || progress == net::Progress::kAbort) open_ = false;
  }

  net::Session& session_;
  std::string sent_;
  std::string pending_;
  std::string input_;
  std::size_t begin_ = 0;  // of what was not handed over
  std::size_t window_ = std::numeric_limits<std::size_t>::max();
  std::size_t fragment_ = std::numeric_limits<std::size_t>::max();
  int yields_ = 0;
  int sends_ = 0;
  bool open_ = true;
  bool paused_ = false;
  bool drained_ = false;
};

// Remembers what it was asked.
class FakeControl final : public ServerControl {
 public:
  // Without a report, `stats` answers `stats_reply`.
  void set_report(StatsReport* report) { report_ = report; }

  std::string Stats(absl::string_view arguments) override {
    return report_ == nullptr ? stats_reply : report_->Reply(arguments);
  }
  void SetVerbosity(int level) override { verbosity = level; }
  void Shutdown(bool graceful) override { shutdown = graceful ? "graceful" : "at once"; }

  std::string stats_reply = "END\r\n";
  int verbosity = 0;
  std::string shutdown;

 private:
  StatsReport* report_ = nullptr;
};

// A worker and what it stands on.
struct WorkerFixture final : SessionOwner {
  explicit WorkerFixture(const ServerOptions& options = ServerOptions(),
                         AccessPolicy* policy = nullptr)
      : options(options),
        clock(static_cast<storage::UnixSeconds>(absl::ToUnixSeconds(loop.WallNow()) - 100)) {
    storage::StoreOptions store_options;
    store_options.limit_bytes = options.memory_limit_bytes;
    store_options.max_item_bytes = options.max_item_bytes;
    store_options.evict = options.evict;
    store_options.eviction = options.eviction;
    store_options.cas = options.cas;
    store_options.track_sizes = options.track_sizes;
    store_options.crawl = options.crawl;
    store_options.hash_seed = 1;
    store = *storage::Store::Create(store_options);
    worker = std::make_unique<WorkerContext>(
        &loop,
        CommandExecutor(store.get(), &stats, &clock, &this->options, &control, events.writer(0)),
        policy == nullptr ? &open_access : policy, options.max_operations_per_event,
        /*seed=*/1);
  }
  void OnSessionClosed(Session*, net::CloseReason) override {}

  const ServerOptions options;
  StandingLoop loop;
  Clock clock;
  WorkerStats stats;
  FakeControl control;
  OpenAccess open_access;
  // Without its thread: Drain() hands the events on.
  EventLog events{EventLog::Options()};
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<WorkerContext> worker;
};

// One client of a WorkerFixture.
struct ClientFixture {
  explicit ClientFixture(WorkerFixture* worker)
      : session(worker->worker.get(), worker), connection(&session) {
    session.Attach(&connection);
  }
  // The replies to `request`, sent in fragments.
  std::string Ask(absl::string_view request,
                  std::size_t fragment = std::numeric_limits<std::size_t>::max()) {
    connection.Receive(request, fragment);
    return connection.Take();
  }

  Session session;
  FakeConnection connection;
};

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_SESSION_FIXTURE_H_

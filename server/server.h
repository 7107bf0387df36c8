// A cache server: a store, workers with their connections, and listeners, composed and run.
//
//   listener (main loop) ── deals each connection to a worker in turn ──► worker loops
//
// Memory besides the items: per worker at most 64 free buffers of 64 KiB (they come into being when
// that many connections are held up at once), per connection see session.h.
//
// Thread safety: Create, Run and the destructor on one thread; RequestShutdown and Interrupt on
// any.

#ifndef RINGCACHE_SERVER_SERVER_H_
#define RINGCACHE_SERVER_SERVER_H_

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "net/descriptor.h"
#include "net/epoll_event_loop.h"
#include "net/listener.h"
#include "net/socket_address.h"
#include "net/worker_pool.h"
#include "process/drain_sequence.h"
#include "process/log_sink.h"
#include "server/access_policy.h"
#include "server/admin/server_actions.h"
#include "server/admin/server_admin.h"
#include "server/clock.h"
#include "server/event_log.h"
#include "server/eviction_events.h"
#include "server/refresh_list.h"
#include "server/server_control.h"
#include "server/server_options.h"
#include "server/stats_report.h"
#include "server/worker.h"
#include "storage/maintainer.h"
#include "storage/store.h"

namespace ringcache::server {

class Server final : private ServerControl, private ServerActions {
 public:
  // How long connections have to take their last replies and close before they are cut off.
  static constexpr absl::Duration kDrainLimit = absl::Seconds(5);

  // Makes the store and listens: peers can connect from here on. Fails with what is wrong.
  // `log` outlives the server.
  static absl::StatusOr<std::unique_ptr<Server>> Create(const ServerOptions& options,
                                                        process::LogSink* log);
  ~Server() override;

  // Where it listens, with real ports.
  std::vector<net::SocketAddress> addresses() const;
  // Answers until Run has ended, and refuses from then on.
  admin::Backend* admin() { return admin_.get(); }
  // Before others use admin(): whose ring it shows. `rings` outlives the server.
  void SetRings(admin::RingSource* rings) { admin_->SetRings(rings); }
  // Runs on the calling thread; more may be watched there.
  net::EventLoop* loop() { return loop_.get(); }

  // Serves until RequestShutdown has been carried out: it is not ready for the options' drain_wait,
  // serving as before; then connections are accepted no more, what was received is answered, each
  // connection is closed after its peer or after kDrainLimit.
  void Run();
  void RequestShutdown();
  // As RequestShutdown; if that was asked for before, without waiting: there is a person.
  void Interrupt();
  // Takes up what can be changed without a restart, logs and returns what that was. On the main
  // loop.
  RefreshList::Outcome Refresh() override;

 private:
  Server(const ServerOptions& options, process::LogSink* log);

  absl::Status Listen();
  absl::Status ListenOn(const std::string& text, std::uint16_t port);
  absl::Status StartWorkers();
  void OnAccept(net::Descriptor socket, std::size_t listener);
  void OnClientGone();
  void LeaveExcessWaiting();
  void AcceptAgain();
  void BeginClosing();
  void StopIfDrained();
  storage::UnixSeconds Now() const;
  // The memory file, if there is one, is to be closed from now on; says what became of its items.
  void TakeMemoryFile();
  // Once. REQUIRES: no worker runs. Closes their connections.
  void CloseMemoryFile();
  // Shows connections and commands on the log, as far as `verbosity` asks for it.
  void FollowEvents(int verbosity);

  // ServerControl.
  std::string Stats(absl::string_view arguments) override;
  void SetVerbosity(int level) override;  // of ServerActions, too
  void Shutdown(bool graceful) override;
  // ServerActions.
  bool BeginDrain(absl::Duration wait) override;
  bool Undrain() override;

  const ServerOptions options_;
  process::LogSink& log_;
  Clock clock_;
  OpenAccess policy_;
  ServerGauges gauges_;
  std::unique_ptr<net::EpollEventLoop> loop_;
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<storage::Maintainer> maintainer_;
  std::unique_ptr<EventLog> events_;
  std::unique_ptr<EvictionEvents> evictions_;
  std::unique_ptr<net::WorkerPool> pool_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<StatsReport> report_;
  std::vector<std::unique_ptr<net::Listener>> listeners_;
  std::vector<std::string> names_;  // of the listeners' addresses; fixed once workers run
  // The main thread wants to hear when a connection is gone.
  std::atomic<bool> awaited_{false};
  // The main thread's.
  std::unique_ptr<process::DrainSequence> drain_;
  std::unique_ptr<ServerAdmin> admin_;
  RefreshList refreshable_;
  bool memory_file_is_open_ = false;
  bool closing_ = false;
  bool paused_ = false;
  absl::Duration paused_since_;
};

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_SERVER_H_

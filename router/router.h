// A router: listens, deals clients to its workers, follows the pools, and gives the workers new
// routes when the configuration changes.
//
//   auto router = Router::Create(options, &log);
//   (*router)->Run();                                 until RequestShutdown() was carried out
//
// Thread safety: RequestShutdown, Interrupt and what admin() gives may be called on any thread, all
// else on the one that runs it.

#ifndef RINGCACHE_ROUTER_ROUTER_H_
#define RINGCACHE_ROUTER_ROUTER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "admin/backend/backend.h"
#include "net/epoll_event_loop.h"
#include "net/listener.h"
#include "net/socket_address.h"
#include "net/worker_pool.h"
#include "process/drain_sequence.h"
#include "process/log_sink.h"
#include "process/posted_log.h"
#include "router/admin/router_admin.h"
#include "router/admin/router_control.h"
#include "router/backend/backend_pools.h"
#include "router/backend/pool_followers.h"
#include "router/config/router_config.h"
#include "router/replay/delete_spool.h"
#include "router/router_monitor.h"
#include "router/router_options.h"
#include "router/stats/router_commands.h"
#include "router/worker.h"

namespace ringcache::router {

class Router final : private RouterControl {
 public:
  // How long clients have to take their last replies before they are cut off.
  static constexpr absl::Duration kDrainLimit = absl::Seconds(5);
  // How long clients wait for the first members, and a changed configuration for its own.
  static constexpr absl::Duration kPatience = absl::Seconds(3);

  // Reads the configuration, begins to follow its pools, and listens: clients can connect, and are
  // served once Run() has found the pools. Fails with what is wrong. `log` outlives the router.
  static absl::StatusOr<std::unique_ptr<Router>> Create(const RouterOptions& options,
                                                        process::LogSink* log);
  ~Router() override;

  // What `--validate-config` says of the configuration: OK, or what is wrong where.
  static absl::Status ValidateConfig(const RouterOptions& options);

  // Where it listens, with real ports.
  std::vector<net::SocketAddress> addresses() const;
  // Runs on the calling thread; more may be watched there.
  net::EventLoop* loop() { return loop_.get(); }

  // Serves until RequestShutdown has been carried out: it is not ready for the options' drain_wait,
  // serving as before; then connections are accepted no more, what was received is answered, each
  // connection is closed after its client or after kDrainLimit.
  void Run();
  void RequestShutdown();
  // As RequestShutdown; if that was asked for before, without waiting: there is a person.
  void Interrupt();
  // Looks at the configuration now. On the main loop. An error is logged, too.
  absl::Status Reload() override;

  // What an admin may ask, as long as the router lives.
  admin::Backend* admin() { return admin_.get(); }

 private:
  Router(const RouterOptions& options, process::LogSink* log,
         std::unique_ptr<net::EpollEventLoop> loop);

  absl::Status OpenSpool();
  absl::Status Listen();
  absl::Status ListenOn(const std::string& host, int port);
  absl::Status StartWorkers();
  void MakeAdmin();
  void OnAccept(net::Descriptor socket);
  void OnClientGone();

  // A configuration whose routes can be built, and the pools that they use.
  struct Configuration {
    std::shared_ptr<const RouterConfig> config;
    std::map<std::string, PoolConfig> pools;
    std::vector<std::string> notes;
  };

  absl::StatusOr<Configuration> ReadConfig();
  absl::StatusOr<Configuration> TryConfig();
  // Takes `config` into use once its pools are known.
  absl::Status Stage(const Configuration& configuration);
  void UseStaged();
  void OnMembers(const PoolConfig& pool, const PoolFollowers::Snapshot& members);
  // Tells the replay where all members are. REQUIRES: deletes_ is not null.
  void ShowMembers();
  void CheckFileLater();
  // Of the file; changes when it is written or another takes its place.
  std::string FileStamp() const;

  // RouterControl
  process::DrainSequence::State draining() const override { return drain_.state(); }
  // Relaxed: who asks at that moment may hear either.
  bool accepting() const override { return accepting_.load(std::memory_order_relaxed); }
  bool BeginDrain(absl::Duration wait) override;
  bool Undrain() override;

  void BeginClosing();
  void StopIfDrained();

  const RouterOptions options_;
  process::LogSink& log_;
  const std::unique_ptr<net::EpollEventLoop> loop_;
  process::PostedLog workers_log_;
  std::shared_ptr<const RouterConfig> config_;
  std::shared_ptr<const RouterConfig> staged_;
  std::string file_stamp_;
  std::unique_ptr<PoolFollowers> followers_;
  std::unique_ptr<DeleteSpool> deletes_;
  std::unique_ptr<net::WorkerPool> pool_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::unique_ptr<net::Listener>> listeners_;
  std::atomic<std::size_t> reply_bytes_{0};
  std::atomic<std::size_t> connections_{0};
  RouterMonitor monitor_;
  RouterCommands commands_;
  std::unique_ptr<RouterAdmin> admin_;
  process::DrainSequence drain_;
  std::atomic<bool> accepting_{false};
  // The main thread wants to hear when a connection is gone.
  std::atomic<bool> awaited_{false};
  bool showing_members_ = false;  // is posted
  bool serving_ = false;
  bool closing_ = false;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTER_H_

// One thread's share of a router: its clients for as long as they live, its routes, and its
// connections to the members of pools.
//
// Thread safety: belongs to its loop's thread; the counters may be read from any thread.

#ifndef RINGCACHE_ROUTER_WORKER_H_
#define RINGCACHE_ROUTER_WORKER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "discovery/watcher.h"
#include "net/connection.h"
#include "net/connection_context.h"
#include "net/descriptor.h"
#include "net/dialer.h"
#include "net/event_loop.h"
#include "router/backend/backend_pools.h"
#include "router/client_session.h"
#include "router/config/router_config.h"
#include "router/hot_keys/worker_hot_keys.h"
#include "router/route/route_tree.h"
#include "router/router_counters.h"
#include "router/router_options.h"
#include "router/stats/snapshot_publisher.h"
#include "router/stats/worker_snapshot.h"
#include "router/worker_context.h"

namespace ringcache::router {

// What every worker is given. All outlive the workers.
struct WorkerDependencies {
  const RouterOptions* options = nullptr;
  LocalCommands* local = nullptr;
  // Of all workers together.
  std::atomic<std::size_t>* reply_bytes = nullptr;
  // How members are reached; null: by sockets.
  net::Dialer* dialer = nullptr;
  // Behind which members are kept; null: nothing is kept for those who are away.
  client::MemberGates* gates = nullptr;
  // Different for each.
  std::uint64_t seed = 1;
  // Called on the worker's thread when a connection is gone.
  std::function<void()> on_client_gone;
};

class Worker final : private ClientSessionOwner {
 public:
  Worker(net::EventLoop* loop, const WorkerDependencies& dependencies);
  // REQUIRES: the loop does not run. Connections are closed.
  ~Worker() override;

  // Makes a client's connection for its session.
  using MakeConnection = absl::FunctionRef<std::unique_ptr<net::Connection>(
      net::ConnectionContext* context, net::Session* session)>;

  // Takes over a connected socket.
  void Adopt(net::Descriptor socket);
  // The same for a client that comes by another way.
  void AdoptConnection(MakeConnection make);
  // New requests take the routes of `config`. Those under way go on as they began. An error leaves
  // all as it was.
  absl::Status UseConfig(const RouterConfig& config);
  void UseTree(std::shared_ptr<RouteTree> tree);
  // The pools of that name have these members.
  absl::Status UpdatePool(const std::string& name,
                          std::shared_ptr<const discovery::Snapshot> snapshot);
  // Each connection answers what has arrived by now, then closes.
  void DrainAll();

  const BackendPools& pools() const { return pools_; }
  const RouterCounters& counters() const { return context_.counters; }
  // Any thread.
  const WorkerHotKeys& hot_keys() const { return context_.hot_keys; }
  const OperationCounters& operations() const { return context_.operations; }
  const FailureCounters& failures() const { return context_.failures; }
  const CommandLatencies& latencies() const { return context_.latencies; }
  // At most a second old. From any thread.
  std::shared_ptr<const WorkerSnapshot> snapshot() const { return publisher_.latest(); }
  const net::ConnectionContext& traffic() const { return context_.traffic; }
  std::size_t clients() const { return clients_.size(); }
  // Requests that are not over, also those of clients that have gone.
  std::size_t exchanges() const {
    return context_.singles.in_use() + context_.multi_gets.in_use() + context_.uploads.in_use() +
           context_.broadcasts.in_use();
  }

 private:
  struct Client {
    Client(Worker* worker, MakeConnection make);

    ClientSession session;
    const std::unique_ptr<net::Connection> connection;
  };

  void OnSessionClosed(ClientSession* session, net::CloseReason reason) override;
  void ForgetTrees();
  WorkerSnapshot TakeSnapshot() const;

  const WorkerDependencies dependencies_;
  WorkerContext context_;
  BackendPools pools_;
  net::EventLoop::TimerId forget_timer_ = 0;
  absl::flat_hash_map<ClientSession*, std::unique_ptr<Client>> clients_;
  SnapshotPublisher publisher_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_WORKER_H_

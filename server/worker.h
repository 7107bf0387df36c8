// One worker of the server: an event loop, the connections that were dealt to it, and what they
// share.
//
// Thread safety: everything on the loop's thread, except stats(), traffic(), hot_keys(), clients()
// and DescribeClients(), which any thread may call.

#ifndef RINGCACHE_SERVER_WORKER_H_
#define RINGCACHE_SERVER_WORKER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "net/connection_context.h"
#include "net/descriptor.h"
#include "net/event_loop.h"
#include "net/mutex.h"
#include "net/socket_address.h"
#include "net/socket_connection.h"
#include "server/access_policy.h"
#include "server/command_executor.h"
#include "server/session.h"
#include "server/worker_context.h"
#include "server/worker_stats.h"
#include "storage/store.h"

namespace ringcache::server {

// What every worker is given. All outlive the workers.
struct WorkerDependencies {
  storage::Store* store = nullptr;
  Clock* clock = nullptr;
  const ServerOptions* options = nullptr;
  AccessPolicy* policy = nullptr;
  ServerControl* control = nullptr;
  // This worker's own.
  EventWriter* events = nullptr;
  std::uint64_t seed = 0;
  // Called on the worker's thread when a connection is gone.
  std::function<void()> on_client_gone;
};

class Worker final : private SessionOwner {
 public:
  Worker(net::EventLoop* loop, const WorkerDependencies& dependencies);
  // REQUIRES: the loop does not run. Connections are closed.
  ~Worker() override;

  // Takes over a connected socket that was accepted on `listen_address`, which outlives it.
  void Adopt(net::Descriptor socket, const std::string& listen_address);
  // Each connection answers what was received of it, then closes.
  void DrainAll();
  // As flush_all with that exptime.
  void Flush(std::int64_t delay);
  // From the loop's start on, if there is an idle time-out.
  void WatchForIdleClients();

  const WorkerStats& stats() const { return stats_; }
  PrefixTable& prefixes() { return stats_.prefixes(); }
  CommandLatencies& latencies() { return stats_.latencies(); }
  const net::ConnectionContext& traffic() const { return traffic_; }
  const WorkerHotKeys& hot_keys() const { return context_.hot_keys; }
  std::size_t clients() const;
  // How memcached writes an address.
  static std::string ShownAddress(const std::string& address);
  // Appends memcached's lines of `stats conns`.
  void DescribeClients(std::string* text) const;

 private:
  // What an idle connection occupies, in bytes: a name (32) and the listener's (8), the session
  // (168) and the connection (56) make 264, which malloc rounds to 272; and 17 for each slot of the
  // map below, from 8 / 7 to 16 / 7 slots a connection. Nothing else is held for an idle one.
  struct Client {
    Client(Worker* worker, net::Descriptor socket, std::string peer, const std::string& listen);

    const std::string peer;
    const std::string& listen_address;
    Session session;
    net::SocketConnection connection;
    // When idle clients were looked for last: a peer that takes what waits for it is not idle.
    std::size_t pending_bytes = 0;
  };

  void OnSessionClosed(Session* session, net::CloseReason reason) override;
  void CloseIdleClients();
  void NoteConnection(EventKind kind, EventStatus status, const Client& client);

  net::EventLoop& loop_;
  const WorkerDependencies dependencies_;
  WorkerStats stats_;
  net::ConnectionContext traffic_;
  WorkerContext context_;
  // Written by the worker only, so the worker reads without the lock what only it changes; others
  // look at it for statistics.
  mutable net::Mutex mutex_;
  absl::flat_hash_map<Session*, std::unique_ptr<Client>> clients_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_WORKER_H_

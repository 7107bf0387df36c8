// What a router is told at creation: a plain struct with its defaults. options.h fills it from a
// command line.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_ROUTER_ROUTER_OPTIONS_H_
#define RINGCACHE_ROUTER_ROUTER_OPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "admin/backend/admin_options.h"
#include "client/cluster_options.h"
#include "discovery/watcher_factory.h"
#include "net/worker_pool.h"
#include "process/log_format.h"
#include "process/process_options.h"
#include "router/hot_keys/local_cache_options.h"
#include "router/route/route_builder.h"
#include "router/route/tree_builder.h"
#include "router/spool/spool_options.h"

namespace ringcache::router {

struct RouterOptions {
  static constexpr int kMaxProxies = static_cast<int>(net::WorkerPool::kMaxWorkers);
  static constexpr std::size_t kMaxOutstanding = std::size_t{1} << 20;
  static constexpr std::size_t kMaxHeldValueBytes = std::size_t{1} << 30;
  // A request line with the longest key and the smallest values fit.
  static constexpr std::size_t kMinReplyBytes = 4096;

  // Where to listen; 0 lets the system choose. `listen_hosts`: names or numeric addresses; empty:
  // all addresses.
  std::vector<int> ports = {5000};
  std::vector<std::string> listen_hosts;
  std::string unix_socket;
  int listen_backlog = 1024;
  // Workers, each with a loop, clients and connections of its own.
  int num_proxies = 1;
  int verbosity = 0;

  // Clients. 0: as many as descriptors.
  std::size_t max_connections = 0;
  // Requests of one client that await replies, each key of a retrieval being one; past it nothing
  // more is read from it.
  std::size_t max_client_outstanding = 4096;
  // Replies that one client has not taken: past the first nothing more is read from it, past the
  // second they are discarded and it is disconnected.
  std::size_t client_pause_bytes = std::size_t{1} << 20;
  std::size_t max_client_reply_bytes = std::size_t{64} << 20;
  // The same for all clients of the router together: who adds to it past that is disconnected.
  std::size_t max_reply_bytes = std::size_t{512} << 20;
  // Requests of one client in one wake-up, before others have their turn.
  std::size_t max_requests_per_event = 1024;
  // Longer values are not held whole: they stream where one member is asked, and are an error where
  // they would have to be repeated, copied or compared.
  std::size_t max_held_value_bytes = (std::size_t{1} << 20) + 4096;
  // A client that is in the midst of such a value may send nothing for so long.
  absl::Duration max_upload_pause = absl::Seconds(10);

  // Copies of the hottest keys' values, of each worker.
  LocalCacheOptions hot_key_cache;

  // mcrouter answers a get that failed with a miss; false: with the error.
  bool miss_on_get_errors = true;
  bool enable_flush = false;

  // The configuration: a file, a text, or the simple start with the servers that a discovery
  // address names (docs/discovery.md). One of the three.
  std::string config_file;
  std::string config_text;
  std::string servers;
  // Of the simple start, besides cluster.ring: whether a key's next members are asked when its
  // owner does not answer, how many of them, and for how long after a change of members who had a
  // key before is asked on a miss.
  bool failover = true;
  std::size_t max_failovers = 1;
  absl::Duration warm_up = absl::ZeroDuration();
  // How often it is looked whether the file has changed; a bad one changes nothing.
  bool reload_config = true;
  absl::Duration reload_interval = absl::Seconds(1);

  // How long the router serves on when it is told to stop, so that clients learn of it by its
  // readiness.
  absl::Duration drain_wait = absl::ZeroDuration();
  static constexpr absl::Duration kMaxDrainWait = absl::Hours(24);
  admin::AdminOptions admin{5010};

  // What pools do not say of themselves, what routes are told, how members are looked for.
  client::ClusterOptions cluster;
  RouteSettings routes;
  RouteTreeOptions tree;
  discovery::WatcherOptions discovery;

  // Deletes that members have not carried out, and deletes for writes that others took in their
  // place, are kept in spool.folder and replayed; without a folder among the temporary files, for
  // as long as the process lives.
  bool keep_deletes = true;
  SpoolOptions spool;

  // The process and its log, which goes to standard error if it has no path.
  process::ProcessOptions process;
  std::string log_path;
  // As it was given, to be told to who asks.
  std::string command_line;
  process::LogFormat log_format = process::LogFormat::kText;

  // Says which value is wrong and what would be right.
  absl::Status Validate() const;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTER_OPTIONS_H_

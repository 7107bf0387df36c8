// What a server is told at creation: a plain struct with memcached's defaults. options.h fills it
// from a command line.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_SERVER_SERVER_OPTIONS_H_
#define RINGCACHE_SERVER_SERVER_OPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "admin/backend/admin_options.h"
#include "process/log_format.h"
#include "storage/store_options.h"

namespace ringcache::server {

// One address to listen on.
struct ListenAddress {
  static constexpr int kDefaultPort = -1;
  // Name or numeric address (IPv6 without brackets). Empty: all addresses.
  std::string host;
  // kDefaultPort: ServerOptions::port.
  int port = kDefaultPort;
};

struct ServerOptions {
  // Where to listen. Port 0 lets the system choose.
  int port = 11211;
  std::vector<ListenAddress> listen;  // empty: all addresses
  // If not empty, listens there and on no network address.
  std::string unix_socket;
  unsigned unix_mode = 0700;
  int listen_backlog = 1024;

  // The process.
  bool daemonize = false;
  std::string pid_file;
  std::string user;
  bool lock_memory = false;
  bool maximize_core_file = false;
  int verbosity = 0;
  process::LogFormat log_format = process::LogFormat::kText;

  // Memory.
  std::size_t memory_limit_bytes = std::size_t{64} << 20;
  bool memory_limit_from_container = false;
  std::size_t max_item_bytes = std::size_t{1} << 20;
  // Any of these given: memcached's size classes, else finer ones (storage/size_classes.h).
  std::optional<double> growth_factor;
  std::optional<std::size_t> min_value_bytes;
  std::vector<std::size_t> chunk_sizes;  // not empty: takes the place of growth_factor
  bool evict = true;
  storage::EvictionKind eviction = storage::EvictionKind::kS3Fifo;
  bool cas = true;
  bool crawl = true;         // look for expired items
  bool track_sizes = false;  // count items by size from the start
  // If not empty, items live in this file and outlast a clean stop.
  std::string memory_file;
  // log2 of the items that the index is laid out for at the start; 0: the store's default.
  // Whether pages move between size classes, and how much less a class must use its items than
  // another to give one: storage::StoreOptions.
  bool move_pages = true;
  double move_ratio = 0.8;
  int initial_items_log2 = 0;

  // Clients.
  int threads = 4;
  int max_connections = 1024;
  // At max_connections: answer and close (true), or leave newcomers in the listen backlog (false).
  bool refuse_excess_connections = true;
  // Operations (each key of a retrieval counts) that one connection may have executed before others
  // have their turn. memcached's 20 would cut every batch; 1024 take about half a millisecond.
  int max_operations_per_event = 1024;
  // Connections that sent nothing for this long are closed; 0: never.
  int idle_timeout_s = 0;

  // Commands.
  bool allow_flush_all = true;
  bool allow_dump = true;
  bool allow_watch = true;
  bool allow_shutdown = false;
  bool allow_debug_time = false;
  // `stats detail` counts from the start, by what precedes the delimiter in a key.
  bool count_prefixes = false;
  char prefix_delimiter = ':';

  // Watchers: what one worker's events and one watcher's lines may occupy until they are handed on.
  std::size_t worker_buffer_bytes = std::size_t{64} << 10;
  std::size_t watcher_buffer_bytes = std::size_t{256} << 10;

  // Health, statistics and drain for operators.
  admin::AdminOptions admin{11210};
  // When it is told to end, it is not ready for so long before it refuses connections.
  absl::Duration drain_wait;
  static constexpr absl::Duration kMaxDrainWait = absl::Hours(24);

  // Smallest and largest values that make sense, by field; the message says what was wrong and what
  // would be right.
  absl::Status Validate() const;
};

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_SERVER_OPTIONS_H_

// What the sessions and exchanges of one worker share.
//
// Thread safety: belongs to the worker; the counters may be read from any thread.

#ifndef RINGCACHE_ROUTER_WORKER_CONTEXT_H_
#define RINGCACHE_ROUTER_WORKER_CONTEXT_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "client/connection_resources.h"
#include "net/buffer_pool.h"
#include "net/connection_context.h"
#include "net/dialer.h"
#include "net/event_loop.h"
#include "protocol/request.h"
#include "router/exchange_pool.h"
#include "router/hot_keys/worker_hot_keys.h"
#include "router/latency/command_latencies.h"
#include "router/output_buffer.h"
#include "router/route/call.h"
#include "router/route/route_tree.h"
#include "router/router_counters.h"
#include "router/router_options.h"
#include "router/wake_up.h"

namespace ringcache::router {

class BroadcastExchange;
class MultiGetExchange;
class SingleExchange;
class UploadExchange;

// Answers what this router answers by itself: stats, version, ....
class LocalCommands {
 public:
  virtual ~LocalCommands() = default;
  // The whole reply, with its "\r\n". `request` has no key.
  virtual std::string Answer(const protocol::Request& request) = 0;
  // The value of the key "__mcrouter__.<command>"; fails with a sentence.
  // `tree` is the asking worker's.
  virtual absl::StatusOr<std::string> AnswerKey(absl::string_view command,
                                                const RouteTree& tree) = 0;
};

// A tree and how many exchanges use it: it stays until the last of them is over.
struct TreeInUse {
  std::shared_ptr<RouteTree> tree;
  std::size_t users = 0;
};

struct WorkerContext {
  // All outlive this. `reply_bytes`: of all workers together. Without a dialer members are reached
  // by sockets. `seed`: workers get different ones.
  WorkerContext(net::EventLoop* loop, const RouterOptions* options, LocalCommands* local,
                std::atomic<std::size_t>* reply_bytes, net::Dialer* dialer = nullptr,
                std::uint64_t seed = 1);
  ~WorkerContext();

  net::EventLoop& loop;
  const RouterOptions& options;
  LocalCommands& local;
  std::atomic<std::size_t>& reply_bytes;

  RouterCounters counters;
  WorkerHotKeys hot_keys;
  OperationCounters operations;
  CommandLatencies latencies;
  FailureCounters failures;
  net::ConnectionContext traffic;         // with clients
  client::ConnectionResources resources;  // with members
  net::BufferPool buffers;
  WakeUp wake_up;
  CallPool calls;
  ExchangePool<SingleExchange> singles;
  ExchangePool<MultiGetExchange> multi_gets;
  ExchangePool<UploadExchange> uploads;
  ExchangePool<BroadcastExchange> broadcasts;
  // The replies of one client, one client after the other; who cannot send them all keeps it and
  // leaves a new one.
  std::unique_ptr<OutputBuffer> output;
  // The line that is being read.
  protocol::Request request;
  // The last one is what new requests use.
  std::vector<std::unique_ptr<TreeInUse>> trees;
  std::uint64_t last_client_id = 0;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_WORKER_CONTEXT_H_

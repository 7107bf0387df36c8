// What the sessions of one worker share: its loop, its buffers, its executor, and the scratch
// memory of the wake-up in progress.
//
// Thread safety: none; belongs to one worker.

#ifndef RINGCACHE_SERVER_WORKER_CONTEXT_H_
#define RINGCACHE_SERVER_WORKER_CONTEXT_H_

#include <cstdint>
#include <memory>

#include "absl/container/flat_hash_map.h"
#include "net/buffer_pool.h"
#include "net/event_loop.h"
#include "server/access_policy.h"
#include "server/command_executor.h"
#include "server/dump/dump_stream.h"
#include "server/hot_keys/worker_hot_keys.h"
#include "server/reply_buffer.h"
#include "server/request_batch.h"

namespace ringcache::server {

struct WorkerContext {
  // `seed`: workers get different ones.
  WorkerContext(net::EventLoop* loop, CommandExecutor executor, AccessPolicy* policy,
                int max_operations_per_event, std::uint64_t seed)
      : loop(*loop),
        executor(executor),
        policy(*policy),
        max_operations_per_event(static_cast<std::size_t>(max_operations_per_event)),
        hot_keys(loop, seed),
        reply(std::make_unique<ReplyBuffer>(&buffers)) {}

  net::EventLoop& loop;
  net::BufferPool buffers;
  CommandExecutor executor;
  AccessPolicy& policy;
  const std::size_t max_operations_per_event;
  RequestBatch batch;
  WorkerHotKeys hot_keys;
  // Replies of the session that is running; empty between wake-ups. A session whose peer does not
  // take them all keeps it and leaves a new one.
  std::unique_ptr<ReplyBuffer> reply;
  // By session. Here, as few sessions dump, and all others would have to keep a place for it.
  absl::flat_hash_map<const void*, std::unique_ptr<DumpStream>> dumps;
};

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_WORKER_CONTEXT_H_

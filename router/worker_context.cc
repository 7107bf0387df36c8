#include "router/worker_context.h"

#include "router/broadcast_exchange.h"
#include "router/multi_get_exchange.h"
#include "router/single_exchange.h"
#include "router/upload_exchange.h"

namespace ringcache::router {

WorkerContext::WorkerContext(net::EventLoop* loop, const RouterOptions* options,
                             LocalCommands* local, std::atomic<std::size_t>* reply_bytes,
                             net::Dialer* dialer, std::uint64_t seed)
    : loop(*loop),
      options(*options),
      local(*local),
      reply_bytes(*reply_bytes),
      hot_keys(loop, options->hot_key_cache, seed),
      traffic(loop),
      resources(loop, dialer),
      wake_up(&resources,
              [this] {
                singles.Trim();
                multi_gets.Trim();
                uploads.Trim();
                broadcasts.Trim();
              }),
      calls(loop),
      singles(this),
      multi_gets(this),
      uploads(this),
      broadcasts(this),
      output(std::make_unique<OutputBuffer>(&buffers)) {
  resources.max_held_value_bytes = options->max_held_value_bytes;
}

WorkerContext::~WorkerContext() = default;

}  // namespace ringcache::router

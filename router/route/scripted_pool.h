// A pool of tests behind a simulated network, whose members write down what they are asked, and
// answer, refuse connections, or are silent, as the test says. Untold a member is a cache that has
// everything, with its own number as the value.
//
// Thread safety: none.

#ifndef RINGCACHE_ROUTER_ROUTE_SCRIPTED_POOL_H_
#define RINGCACHE_ROUTER_ROUTE_SCRIPTED_POOL_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "client/connection_resources.h"
#include "net/connection_context.h"
#include "net/simulated_loop.h"
#include "net/simulated_network.h"
#include "net/socket_address.h"
#include "router/backend/backend_pool.h"

namespace ringcache::router {

class ScriptedPool {
 public:
  // `loop` outlives this. `warm_up`: as of BackendPoolOptions.
  ScriptedPool(net::SimulatedLoop* loop, std::size_t members,
               absl::Duration warm_up = absl::ZeroDuration());
  ~ScriptedPool();

  BackendPool& pool() { return pool_; }
  // The first `members` of them are the pool from now on.
  void Resize(std::size_t members);
  // A key that `member` owns.
  std::string KeyOf(std::uint32_t member);

  // What it says to everything, without the last "\r\n"; "" nothing.
  void Says(std::size_t member, std::string reply);
  void Refuses(std::size_t member);
  // What it was asked, as transcript.h has it, since that was asked last.
  std::vector<std::string> TakeRequests(std::size_t member);

 private:
  class Server;

  net::SimulatedNetwork network_;
  net::ConnectionContext server_context_;
  std::vector<std::unique_ptr<Server>> servers_;
  client::ConnectionResources resources_;
  BackendPool pool_;
  std::uint64_t version_ = 0;
  int next_key_ = 0;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_SCRIPTED_POOL_H_

// One worker of a router in simulated time, for fuzz tests: clients say what an input has them say,
// and what must hold of any router, whatever clients and members have said, holds at its end.
//
// Thread safety: none.

#ifndef RINGCACHE_ROUTER_FUZZ_SIMULATED_ROUTER_H_
#define RINGCACHE_ROUTER_FUZZ_SIMULATED_ROUTER_H_

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/stream/simulated_peer.h"
#include "net/simulated_loop.h"
#include "net/simulated_network.h"
#include "net/socket_address.h"
#include "protocol/request.h"
#include "router/route/route_tree.h"
#include "router/router_options.h"
#include "router/worker.h"

namespace ringcache::router {

// Ends the process if what must hold does not.
void Require(bool condition);

class SimulatedRouter {
 public:
  static constexpr absl::Duration kTimeout = absl::Milliseconds(100);
  // Longer than anything waits: for a member, for a client that is in the midst of a value.
  static constexpr absl::Duration kLongest = absl::Seconds(60);

  SimulatedRouter() { options_.cluster.timeout = kTimeout; }
  // Hangs up for all clients, and requires that nothing is left of them. REQUIRES: members are
  // still there.
  void End();

  RouterOptions* options() { return &options_; }
  net::SimulatedLoop* loop() { return &loop_; }
  net::SimulatedNetwork* network() { return &network_; }
  static net::SocketAddress AddressOf(std::size_t member);

  // After options were set and members listen. `pools`: which members each has.
  void Start(const std::string& config,
             const std::map<std::string, std::vector<std::size_t>>& pools);

  // Lives as long as the router.
  client::SimulatedPeer* Connect();
  // What can be done without time passing is done.
  void Settle() { loop_.RunFor(absl::ZeroDuration()); }
  void Pass(absl::Duration time) { loop_.RunFor(time); }
  void Drain() { worker_->DrainAll(); }

  // The member of pool "A" that has `key`.
  std::size_t OwnerOf(absl::string_view key) const;
  std::size_t reply_bytes() const { return reply_bytes_.load(); }

  // What the router answers by itself.
  static absl::string_view LocalAnswer(const protocol::Request& request);
  static std::string AdminAnswer(absl::string_view command);

 private:
  class Commands final : public LocalCommands {
   public:
    std::string Answer(const protocol::Request& request) override {
      return std::string(LocalAnswer(request));
    }
    absl::StatusOr<std::string> AnswerKey(absl::string_view command, const RouteTree&) override {
      return AdminAnswer(command);
    }
  };

  void Publish(const std::string& pool, const std::vector<std::size_t>& members);

  RouterOptions options_;
  net::SimulatedLoop loop_;
  net::SimulatedNetwork network_{&loop_};
  Commands commands_;
  std::atomic<std::size_t> reply_bytes_{0};
  std::unique_ptr<Worker> worker_;
  std::vector<std::unique_ptr<client::SimulatedPeer>> clients_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_FUZZ_SIMULATED_ROUTER_H_

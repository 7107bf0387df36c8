// OutstandingLimitRoute: so many requests at a time; others wait their turn, client by client, so
// that one that asks for much does not keep others waiting.
//
//   {"type": "OutstandingLimitRoute", "target": "...", "max_outstanding": 100}
//
// Past kMaxWaiting waiting requests the reply is kFull at once. Each worker counts for itself.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_LIMIT_OUTSTANDING_LIMIT_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_LIMIT_OUTSTANDING_LIMIT_ROUTE_H_

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

class OutstandingLimitRoute final : public Route {
 public:
  static constexpr std::size_t kMaxWaiting = 65536;
  static constexpr std::int64_t kMostOutstanding = 1 << 20;
  static constexpr absl::string_view kFull = "SERVER_ERROR 307 busy";

  // REQUIRES: max_outstanding >= 1.
  OutstandingLimitRoute(Route* target, std::size_t max_outstanding)
      : target_(*target), max_outstanding_(max_outstanding) {}

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  std::string name() const override;
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

 private:
  class Turn;
  using Queue = std::deque<std::coroutine_handle<>>;

  // One is done: those go on whose turn it is.
  void Release();
  // REQUIRES: one waits.
  std::coroutine_handle<> TakeNext();

  Route& target_;
  const std::size_t max_outstanding_;
  std::size_t outstanding_ = 0;
  std::size_t waiting_ = 0;
  bool releasing_ = false;
  // Those that wait, by client, and the clients in the order of their turns.
  absl::flat_hash_map<std::uint64_t, Queue> queues_;
  std::deque<std::uint64_t> clients_;
};

absl::StatusOr<Route*> MakeOutstandingLimitRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_LIMIT_OUTSTANDING_LIMIT_ROUTE_H_

// LoggingRoute: passes requests on and says in the log what became of them.
//
//   {"type": "LoggingRoute", "target": "..."}    or "LoggingRoute|PoolRoute|A"
//   get user:7: hit, 25 bytes, by 10.0.0.1:11211
//
// A bounded number of lines a second, of each worker and route; a line says how many were left out
// before it. Requests and replies take the long way, so that none is longer than --max-held-value.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_LOGGING_LOGGING_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_LOGGING_LOGGING_ROUTE_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "process/log_sink.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"
#include "router/route/token_bucket.h"

namespace ringcache::router {

class LoggingRoute final : public Route {
 public:
  static constexpr int kMaxLinesPerSecond = 100;
  // Members that a line names: the one that was asked, or those that could be, in their order.
  static constexpr std::size_t kMaxMembers = 4;

  // Both outlive this. Null: nothing is said.
  LoggingRoute(Route* target, process::LogSink* log) : target_(*target), log_(log) {}

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  std::string name() const override { return "logging"; }
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

 private:
  std::string Line(const RouteRequest& request, const Reply& reply) const;

  Route& target_;
  process::LogSink* const log_;
  TokenBucket lines_{kMaxLinesPerSecond, kMaxLinesPerSecond};
  std::size_t left_out_ = 0;  // since the last line
};

absl::StatusOr<Route*> MakeLoggingRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_LOGGING_LOGGING_ROUTE_H_

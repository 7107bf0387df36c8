// ErrorRoute: an error for everything.
//
//   {"type": "ErrorRoute", "response": "what the client is told"}       or short: "ErrorRoute"
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_CONSTANT_ERROR_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_CONSTANT_ERROR_ROUTE_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

class ErrorRoute final : public Route {
 public:
  // `line` without "\r\n", such as "SERVER_ERROR closed for today".
  explicit ErrorRoute(std::string line) : line_(std::move(line)) {}

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  std::string name() const override { return "error|" + line_; }
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

 private:
  const std::string line_;
};

absl::StatusOr<Route*> MakeErrorRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_CONSTANT_ERROR_ROUTE_H_

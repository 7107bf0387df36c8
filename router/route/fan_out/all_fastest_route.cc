#include "router/route/fan_out/all_fastest_route.h"

#include "router/route/gathering.h"

namespace ringcache::router {

Task<Reply> AllFastestRoute::Send(Call& call, const RouteRequest& request) {
  Gathering gathering(&call);
  StartAll(call, request, &gathering);
  for (;;) {
    Gathering::Part part = co_await gathering.Next();
    if (!part.reply.is_error() || gathering.left() == 0) co_return std::move(part.reply);
  }
}

absl::StatusOr<Route*> MakeAllFastestRoute(const ConfigNode& node, RouteBuilder* builder) {
  return MakeFanOut<AllFastestRoute>(node, builder);
}

}  // namespace ringcache::router

#include "router/route/fan_out/all_async_route.h"

namespace ringcache::router {

Task<Reply> AllAsyncRoute::Send(Call& call, const RouteRequest& request) {
  for (Route* child : children()) call.Spawn(child->Send(call, request));
  co_return DefaultReply(request.operation());
}

absl::StatusOr<Route*> MakeAllAsyncRoute(const ConfigNode& node, RouteBuilder* builder) {
  return MakeFanOut<AllAsyncRoute>(node, builder);
}

}  // namespace ringcache::router

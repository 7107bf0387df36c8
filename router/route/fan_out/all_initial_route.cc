#include "router/route/fan_out/all_initial_route.h"

#include <cstddef>

namespace ringcache::router {

Task<Reply> AllInitialRoute::Send(Call& call, const RouteRequest& request) {
  for (std::size_t i = 1; i < children().size(); ++i) {
    call.Spawn(children()[i]->Send(call, request));
  }
  co_return co_await children()[0]->Send(call, request);
}

absl::StatusOr<Route*> MakeAllInitialRoute(const ConfigNode& node, RouteBuilder* builder) {
  return MakeFanOut<AllInitialRoute>(node, builder);
}

}  // namespace ringcache::router

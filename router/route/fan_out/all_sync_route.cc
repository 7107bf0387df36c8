#include "router/route/fan_out/all_sync_route.h"

#include "router/route/gathering.h"

namespace ringcache::router {

Task<Reply> AllSyncRoute::Send(Call& call, const RouteRequest& request) {
  Gathering gathering(&call);
  StartAll(call, request, &gathering);
  Gathering::Part worst = co_await gathering.Next();
  while (gathering.left() > 0) {
    Gathering::Part part = co_await gathering.Next();
    const Verdict verdict = part.reply.verdict();
    const Verdict so_far = worst.reply.verdict();
    // Of equal ones the first child's, whichever came first.
    if (verdict > so_far || (verdict == so_far && part.index < worst.index)) {
      worst = std::move(part);
    }
  }
  co_return std::move(worst.reply);
}

absl::StatusOr<Route*> MakeAllSyncRoute(const ConfigNode& node, RouteBuilder* builder) {
  return MakeFanOut<AllSyncRoute>(node, builder);
}

}  // namespace ringcache::router

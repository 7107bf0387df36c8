#include "router/route/fan_out/all_majority_route.h"

#include <array>
#include <cstddef>

#include "router/route/gathering.h"

namespace ringcache::router {

Task<Reply> AllMajorityRoute::Send(Call& call, const RouteRequest& request) {
  constexpr std::size_t kVerdicts = static_cast<std::size_t>(Verdict::kError) + 1;
  std::array<std::size_t, kVerdicts> votes = {};
  Gathering gathering(&call);
  StartAll(call, request, &gathering);
  Reply worst;
  bool is_first = true;
  while (gathering.left() > 0) {
    Gathering::Part part = co_await gathering.Next();
    const Verdict verdict = part.reply.verdict();
    if (++votes[static_cast<std::size_t>(verdict)] > children().size() / 2) {
      co_return std::move(part.reply);
    }
    if (is_first || verdict > worst.verdict()) worst = std::move(part.reply);
    is_first = false;
  }
  co_return worst;
}

absl::StatusOr<Route*> MakeAllMajorityRoute(const ConfigNode& node, RouteBuilder* builder) {
  return MakeFanOut<AllMajorityRoute>(node, builder);
}

}  // namespace ringcache::router

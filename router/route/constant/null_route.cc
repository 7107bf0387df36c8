#include "router/route/constant/null_route.h"

#include <memory>

namespace ringcache::router {
namespace {

absl::StatusOr<Route*> Make(const ConfigNode& node, RouteBuilder* builder, std::string name) {
  if (absl::Status status = node.AllowOnly({}); !status.ok()) return status;
  return builder->Own(std::make_unique<NullRoute>(std::move(name)));
}

}  // namespace

Task<Reply> NullRoute::Send(Call& call, const RouteRequest& request) {
  (void)call;
  co_return DefaultReply(request.operation());
}

void NullRoute::Visit(const RouteRequest&, RouteVisitor* visitor, int depth) const {
  visitor->OnRoute(*this, depth);
}

absl::StatusOr<Route*> MakeNullRoute(const ConfigNode& node, RouteBuilder* builder) {
  return Make(node, builder, "null");
}

absl::StatusOr<Route*> MakeDevNullRoute(const ConfigNode& node, RouteBuilder* builder) {
  return Make(node, builder, "devnull");
}

}  // namespace ringcache::router

#include "router/route/failover/failover_with_exptime_route.h"

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "router/route/children.h"
#include "router/route/exptime.h"
#include "router/route/failover/failover_errors.h"
#include "router/route/failover/failover_route.h"
#include "router/route/rewriting/modify_exptime_route.h"

namespace ringcache::router {

absl::StatusOr<Route*> MakeFailoverWithExptimeRoute(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status = node.AllowOnly(
          {"normal", "failover", "failover_exptime", "failover_errors", "failover_tag", "name"});
      !status.ok()) {
    return status;
  }
  const absl::StatusOr<Route*> normal = ReadChild(node, "normal", builder);
  if (!normal.ok()) return normal.status();
  const absl::StatusOr<std::vector<Route*>> others = ReadChildren(node, builder, "failover");
  if (!others.ok()) return others.status();
  const absl::StatusOr<std::int64_t> exptime =
      node.GetInteger("failover_exptime", 60, 1, kMaxRelativeExptimeS);
  if (!exptime.ok()) return exptime.status();
  FailoverOptions options;
  const absl::StatusOr<FailoverErrors> errors = ReadFailoverErrors(node);
  if (!errors.ok()) return errors.status();
  options.errors = *errors;
  std::vector<Route*> children = {*normal};
  for (Route* other : *others) {
    children.push_back(
        builder->Own(std::make_unique<ModifyExptimeRoute>(other, ExptimeAction::kMin, *exptime)));
  }
  return builder->Own(std::make_unique<FailoverRoute>(std::move(children), std::move(options)));
}

}  // namespace ringcache::router

#include "router/route/configurations/any_route.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "router/config/config_node.h"
#include "router/route/call.h"
#include "router/route/reply.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"
#include "router/route/route_request.h"
#include "router/route/route_types.h"
#include "router/route/task.h"

namespace ringcache::router {
namespace {

constexpr absl::string_view kRouteKeys[] = {"target", "normal", "default_policy", "wildcard",
                                            "warm",   "cold",   "from",           "to"};
constexpr absl::string_view kListKeys[] = {"children", "failover"};
constexpr absl::string_view kMapKeys[] = {"operation_policies", "policies"};

constexpr absl::string_view kAlone[] = {"ErrorRoute", "NullRoute", "DevNullRoute"};
constexpr absl::string_view kWithChildren[] = {"AllAsyncRoute",
                                               "AllFastestRoute",
                                               "AllInitialRoute",
                                               "AllMajorityRoute",
                                               "AllSyncRoute",
                                               "FailoverRoute",
                                               "HashRoute",
                                               "HostIdRoute",
                                               "LatestRoute",
                                               "MigrateRoute",
                                               "MissFailoverRoute",
                                               "ModifyKeyRoute",
                                               "PrefixPolicyRoute",
                                               "OperationSelectorRoute",
                                               "PrefixSelectorRoute",
                                               "RandomRoute",
                                               "RateLimitRoute",
                                               "WarmUpRoute",
                                               "FailoverWithExptimeRoute"};

class AnyRoute final : public Route {
 public:
  explicit AnyRoute(std::string type) : type_(std::move(type)) {}

  Task<Reply> Send(Call&, const RouteRequest& request) override {
    co_return DefaultReply(request.operation());
  }
  std::string name() const override { return type_; }
  void Visit(const RouteRequest&, RouteVisitor*, int) const override {}

 private:
  const std::string type_;
};

absl::Status BuildInside(const ConfigNode& node, RouteBuilder* builder) {
  for (const absl::string_view key : kRouteKeys) {
    if (!node.Has(key)) continue;
    if (const auto route = builder->Build(*node.Get(key)); !route.ok()) return route.status();
  }
  for (const absl::string_view key : kListKeys) {
    if (!node.Has(key)) continue;
    if (const auto list = builder->BuildList(*node.Get(key)); !list.ok()) return list.status();
  }
  for (const absl::string_view key : kMapKeys) {
    if (!node.Has(key)) continue;
    const auto routes = node.Get(key)->AsObject();
    if (!routes.ok()) return routes.status();
    for (const auto& [name, child] : *routes) {
      if (const auto route = builder->Build(child); !route.ok()) return route.status();
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Route*> MakeAnyRoute(const ConfigNode& node, RouteBuilder* builder) {
  absl::StatusOr<std::string> type = node.GetString("type", "");
  if (!type.ok()) return type.status();
  if (const auto use = builder->ReadHash(node); !use.ok()) return use.status();
  if (absl::Status status = BuildInside(node, builder); !status.ok()) return status;
  return builder->Own(std::make_unique<AnyRoute>(*std::move(type)));
}

void AddMissing(absl::Span<const absl::string_view> names, absl::string_view short_key,
                std::vector<RouteType>* types) {
  for (const absl::string_view name : names) {
    const bool is_there = std::any_of(types->begin(), types->end(),
                                      [name](const RouteType& type) { return type.name == name; });
    if (!is_there) types->push_back({name, MakeAnyRoute, short_key});
  }
}

}  // namespace

std::vector<RouteType> TypesAndStandIns() {
  std::vector<RouteType> types(RouteTypes().begin(), RouteTypes().end());
  AddMissing(kAlone, "", &types);
  AddMissing(kWithChildren, "children", &types);
  return types;
}

}  // namespace ringcache::router

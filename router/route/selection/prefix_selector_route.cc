#include "router/route/selection/prefix_selector_route.h"

#include <algorithm>
#include <cstddef>
#include <memory>

#include "absl/strings/match.h"
#include "router/route/children.h"
#include "router/route/routing_key.h"

namespace ringcache::router {

PrefixSelectorRoute::PrefixSelectorRoute(std::vector<std::pair<std::string, Route*>> policies,
                                         Route* wildcard)
    : wildcard_(wildcard) {
  std::sort(policies.begin(), policies.end());
  for (auto& [prefix, route] : policies) {
    Policy policy = {std::move(prefix), route, policies_.size()};
    // What it begins with is before it, and all between begin with that, too.
    for (std::size_t i = policies_.size(); i > 0;) {
      const Policy& before = policies_[i - 1];
      if (absl::StartsWith(policy.prefix, before.prefix)) {
        policy.shorter = i - 1;
        break;
      }
      if (before.shorter == i - 1) break;
      i = before.shorter + 1;
    }
    policies_.push_back(std::move(policy));
  }
}

// The last prefix that is not after the key, or the longest of those that this one begins with.
Route* PrefixSelectorRoute::Of(absl::string_view key) const {
  key = RoutingKey(key);
  const auto after = std::upper_bound(
      policies_.begin(), policies_.end(), key,
      [](absl::string_view wanted, const Policy& policy) { return wanted < policy.prefix; });
  std::size_t place = static_cast<std::size_t>(after - policies_.begin());
  if (place == 0) return wildcard_;
  for (--place;; place = policies_[place].shorter) {
    if (absl::StartsWith(key, policies_[place].prefix)) return policies_[place].route;
    if (policies_[place].shorter == place) return wildcard_;
  }
}

Task<Reply> PrefixSelectorRoute::Send(Call& call, const RouteRequest& request) {
  Route* const route = Of(request.key());
  if (route == nullptr) co_return ErrorReply(kNoRoute);
  co_return co_await route->Send(call, request);
}

FirstStep PrefixSelectorRoute::First(const protocol::Request& request, absl::string_view key) {
  Route* const route = Of(key);
  return route == nullptr ? FirstStep() : route->First(request, key);
}

void PrefixSelectorRoute::Visit(const RouteRequest& request, RouteVisitor* visitor,
                                int depth) const {
  visitor->OnRoute(*this, depth);
  if (const Route* route = Of(request.key())) route->Visit(request, visitor, depth + 1);
}

absl::StatusOr<Route*> MakePrefixSelectorRoute(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status = node.AllowOnly({"policies", "wildcard"}); !status.ok()) return status;
  std::vector<std::pair<std::string, Route*>> policies;
  if (node.Has("policies")) {
    const absl::StatusOr<std::vector<std::pair<std::string, ConfigNode>>> list =
        node.Get("policies")->AsObject();
    if (!list.ok()) return list.status();
    for (const auto& [prefix, policy] : *list) {
      const absl::StatusOr<Route*> route = builder->Build(policy);
      if (!route.ok()) return route.status();
      policies.emplace_back(prefix, *route);
    }
  }
  Route* wildcard = nullptr;
  if (node.Has("wildcard")) {
    const absl::StatusOr<Route*> route = ReadChild(node, "wildcard", builder);
    if (!route.ok()) return route.status();
    wildcard = *route;
  }
  if (policies.empty() && wildcard == nullptr) {
    return node.Error("has neither \"policies\" nor a \"wildcard\"");
  }
  return builder->Own(std::make_unique<PrefixSelectorRoute>(std::move(policies), wildcard));
}

}  // namespace ringcache::router

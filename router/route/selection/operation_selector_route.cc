#include "router/route/selection/operation_selector_route.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "protocol/request_writer.h"
#include "router/route/children.h"

namespace ringcache::router {
namespace {

using protocol::Operation;

// An operation that is not named goes where its twin goes.
struct Twin {
  Operation operation;
  Operation named;
};
constexpr Twin kTwins[] = {
    {Operation::kGets, Operation::kGet},
    {Operation::kMetaGet, Operation::kGet},
    {Operation::kMetaDebug, Operation::kMetaGet},
    {Operation::kMetaSet, Operation::kSet},
    {Operation::kMetaDelete, Operation::kDelete},
    {Operation::kMetaArithmetic, Operation::kIncrement},
    {Operation::kGats, Operation::kGat},
};

Route*& At(OperationSelectorRoute::Routes& routes, Operation operation) {
  return routes[static_cast<std::size_t>(operation)];
}

// Those that have a key.
bool CanBeNamed(Operation operation) { return operation <= Operation::kMetaDebug; }

absl::Status ReadOperations(const ConfigNode& node, RouteBuilder* builder,
                            OperationSelectorRoute::Routes* routes) {
  const absl::StatusOr<std::vector<std::pair<std::string, ConfigNode>>> policies = node.AsObject();
  if (!policies.ok()) return policies.status();
  for (const auto& [name, policy] : *policies) {
    int index = 0;
    while (CanBeNamed(static_cast<Operation>(index)) &&
           protocol::CommandWord(static_cast<Operation>(index)) != name) {
      ++index;
    }
    if (!CanBeNamed(static_cast<Operation>(index))) {
      return policy.Error(absl::StrCat("there is no operation \"", name,
                                       "\"; they are named as on the wire: get, set, delete, mg"));
    }
    const absl::StatusOr<Route*> route = builder->Build(policy);
    if (!route.ok()) return route.status();
    At(*routes, static_cast<Operation>(index)) = *route;
  }
  return absl::OkStatus();
}

}  // namespace

Task<Reply> OperationSelectorRoute::Send(Call& call, const RouteRequest& request) {
  Route* const route = Of(request.operation());
  if (route == nullptr) co_return DefaultReply(request.operation());
  co_return co_await route->Send(call, request);
}

FirstStep OperationSelectorRoute::First(const protocol::Request& request, absl::string_view key) {
  Route* const route = Of(request.operation);
  return route == nullptr ? FirstStep() : route->First(request, key);
}

void OperationSelectorRoute::Visit(const RouteRequest& request, RouteVisitor* visitor,
                                   int depth) const {
  visitor->OnRoute(*this, depth);
  if (const Route* route = Of(request.operation())) route->Visit(request, visitor, depth + 1);
}

absl::StatusOr<Route*> MakeOperationSelectorRoute(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status = node.AllowOnly({"default_policy", "operation_policies"});
      !status.ok()) {
    return status;
  }
  OperationSelectorRoute::Routes routes = {};
  if (node.Has("operation_policies")) {
    const absl::Status status = ReadOperations(*node.Get("operation_policies"), builder, &routes);
    if (!status.ok()) return status;
  }
  for (const Twin& twin : kTwins) {
    if (At(routes, twin.operation) == nullptr) {
      At(routes, twin.operation) = At(routes, twin.named);
    }
  }
  if (node.Has("default_policy")) {
    const absl::StatusOr<Route*> otherwise = ReadChild(node, "default_policy", builder);
    if (!otherwise.ok()) return otherwise.status();
    for (Route*& route : routes) {
      if (route == nullptr) route = *otherwise;
    }
  }
  return builder->Own(std::make_unique<OperationSelectorRoute>(routes));
}

}  // namespace ringcache::router

// PrefixSelectorRoute: a route for each prefix of keys, the longest that fits.
//
//   {"type": "PrefixSelectorRoute", "policies": {"user:": "...", "user:1": "..."},
//    "wildcard": "..."}
//
// Only what stands before "|#|" counts. Without a wildcard, keys that fit nowhere are an error.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_SELECTION_PREFIX_SELECTOR_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_SELECTION_PREFIX_SELECTOR_ROUTE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

class PrefixSelectorRoute final : public Route {
 public:
  // The reply where no prefix fits and there is no wildcard.
  static constexpr absl::string_view kNoRoute = "SERVER_ERROR no route for this prefix";

  // Each prefix once. `wildcard` may be null.
  PrefixSelectorRoute(std::vector<std::pair<std::string, Route*>> policies, Route* wildcard);

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  FirstStep First(const protocol::Request& request, absl::string_view key) override;
  std::string name() const override { return "prefix-selector"; }
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

 private:
  struct Policy {
    std::string prefix;
    Route* route = nullptr;
    // The place of the longest other prefix that this one begins with; its own if there is none.
    std::size_t shorter = 0;
  };

  Route* Of(absl::string_view key) const;

  // By prefix.
  std::vector<Policy> policies_;
  Route* const wildcard_;
};

absl::StatusOr<Route*> MakePrefixSelectorRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_SELECTION_PREFIX_SELECTOR_ROUTE_H_

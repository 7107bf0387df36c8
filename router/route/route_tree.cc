#include "router/route/route_tree.h"

#include <utility>

#include "router/config/routing_prefix.h"

namespace ringcache::router {

RouteTree::RouteTree(std::unique_ptr<Route> root, std::vector<BackendPool*> pools)
    : provider_(nullptr), pools_(std::move(pools)) {
  default_route_ = root.get();
  routes_.push_back(std::move(root));
}

RouteTree::~RouteTree() {
  routes_.clear();
  if (provider_ == nullptr) return;
  for (BackendPool* const pool : pools_) provider_->Release(pool);
}

Route* RouteTree::ForPrefixed(absl::string_view key, absl::string_view* key_without_prefix) const {
  const std::size_t bytes = RoutingPrefixBytes(key);
  if (bytes == 0) return default_route_;
  // No server takes an empty key.
  if (bytes == key.size()) return nullptr;
  *key_without_prefix = key.substr(bytes);
  const auto found = by_prefix_.find(key.substr(0, bytes));
  if (found != by_prefix_.end()) return found->second;
  return unknown_to_default_ ? default_route_ : nullptr;
}

}  // namespace ringcache::router

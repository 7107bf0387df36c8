#include "router/route/tree_builder.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "flags/nearest_name.h"
#include "router/config/pool_reader.h"
#include "router/route/logging/logging_route.h"
#include "router/route/member_route.h"

namespace ringcache::router {
namespace {

constexpr absl::string_view kServersOf = "Pool|";

}  // namespace

class TreeBuilder final : public RouteBuilder {
 public:
  TreeBuilder(const RouterConfig* config, const RouteSettings* settings,
              const RouteTreeOptions* options, PoolProvider* provider)
      : config_(*config),
        settings_(*settings),
        options_(*options),
        provider_(*provider),
        pool_reader_(config->pools_node()),
        tree_(new RouteTree(provider)) {}

  absl::StatusOr<std::unique_ptr<RouteTree>> BuildAll();

  // RouteBuilder
  absl::StatusOr<Route*> Build(const ConfigNode& node) override;
  absl::StatusOr<std::vector<Route*>> BuildList(const ConfigNode& node) override;
  absl::StatusOr<PoolUse> ReadHash(const ConfigNode& node) override { return ReadPoolUse(node); }
  absl::StatusOr<BackendPool*> Pool(const ConfigNode& node, const PoolUse& use) override;
  Route* Own(std::unique_ptr<Route> route) override {
    tree_->routes_.push_back(std::move(route));
    return tree_->routes_.back().get();
  }
  const RouteSettings& settings() const override { return settings_; }

 private:
  // A route, and how many lie in each other in it, itself included.
  struct NamedRoute {
    Route* route;
    std::size_t height;
  };

  absl::Status BuildPrefixed(const RouterConfig::PrefixedRoute& prefixed);
  // `route` with what the options put above it.
  Route* Covered(Route* route);
  absl::StatusOr<Route*> Make(const RouteType& type, const ConfigNode& node);
  absl::StatusOr<Route*> BuildObject(const ConfigNode& node);
  absl::StatusOr<Route*> BuildText(const ConfigNode& node, const std::string& text);
  absl::StatusOr<Route*> BuildNamed(const ConfigNode& user, const std::string& name);
  // One route, or, of "Pool|A", one for each server.
  absl::Status Append(const ConfigNode& node, std::vector<Route*>* routes);
  bool IsServersOf(const ConfigNode& node) const;
  absl::Status AppendServers(const ConfigNode& node, std::vector<Route*>* routes);
  absl::StatusOr<const PoolConfig*> FindPool(const ConfigNode& node);
  absl::StatusOr<const PoolConfig*> ReadInlinePool(const ConfigNode& node);
  absl::StatusOr<BackendPool*> Take(const ConfigNode& node, const PoolConfig& config,
                                    const PoolUse& use);
  const RouteType* FindType(absl::string_view name) const;
  // That there is no such route, and which there are.
  absl::Status Unknown(const ConfigNode& node, absl::string_view name) const;

  const RouterConfig& config_;
  const RouteSettings& settings_;
  const RouteTreeOptions& options_;
  PoolProvider& provider_;
  PoolReader pool_reader_;
  std::unique_ptr<RouteTree> tree_;
  std::map<std::string, PoolConfig> inline_pools_;
  // By name, and the names of those that are being built, each for the one before it.
  std::map<std::string, NamedRoute> named_;
  std::vector<std::string> being_built_;
  // Routes that are being made, each in the one before it; and of what was made so far in the last
  // of them, the highest.
  std::size_t depth_ = 0;
  std::size_t height_ = 0;
};

absl::StatusOr<std::unique_ptr<RouteTree>> TreeBuilder::BuildAll() {
  if (absl::Status status = CheckRoutingPrefix(options_.default_prefix); !status.ok()) {
    return status;
  }
  tree_->has_prefixes_ = options_.routing_prefixes;
  tree_->unknown_to_default_ = options_.send_invalid_route_to_default;
  for (const RouterConfig::PrefixedRoute& prefixed : config_.routes()) {
    if (absl::Status status = BuildPrefixed(prefixed); !status.ok()) return status;
  }
  // Those that nobody names have to be right as well.
  for (const auto& [name, node] : config_.named_handles()) {
    if (const auto route = BuildNamed(node, name); !route.ok()) return route.status();
  }
  tree_->notes_ = pool_reader_.notes();
  if (tree_->default_route_ == nullptr) {
    tree_->notes_.push_back(absl::StrCat(config_.file().name(), ": no route is for the prefix ",
                                         options_.default_prefix,
                                         ", so that keys without a prefix have none"));
  }
  return std::move(tree_);
}

absl::Status TreeBuilder::BuildPrefixed(const RouterConfig::PrefixedRoute& prefixed) {
  const absl::StatusOr<Route*> built = Build(prefixed.route);
  if (!built.ok()) return built.status();
  Route* const route = Covered(*built);
  if (prefixed.prefixes.empty()) {
    tree_->default_route_ = route;
    tree_->by_prefix_[options_.default_prefix] = route;
  }
  for (const std::string& prefix : prefixed.prefixes) {
    if (prefix == options_.default_prefix) tree_->default_route_ = route;
    tree_->by_prefix_[prefix] = route;
  }
  return absl::OkStatus();
}

Route* TreeBuilder::Covered(Route* route) {
  if (options_.big_value_split_bytes > 0) {
    BigValueOptions big;
    big.threshold_bytes = options_.big_value_split_bytes;
    big.batch = options_.big_value_batch;
    big.max_bytes = settings_.max_held_value_bytes;
    route = Own(std::make_unique<BigValueRoute>(route, big, settings_));
  }
  if (options_.logs_requests) route = Own(std::make_unique<LoggingRoute>(route, settings_.log));
  return route;
}

absl::StatusOr<Route*> TreeBuilder::Build(const ConfigNode& node) {
  if (node.is_object()) return BuildObject(node);
  if (node.is_string()) return BuildText(node, *node.AsString());
  return node.Error(
      "is not a route; write an object with a \"type\", or a string such as \"PoolRoute|A\"");
}

absl::StatusOr<Route*> TreeBuilder::Make(const RouteType& type, const ConfigNode& node) {
  const auto too_deep = [&node] {
    return node.Error(absl::StrCat("routes lie in each other more than ", kMaxRouteDepth, " deep"));
  };
  if (depth_ == kMaxRouteDepth) return too_deep();
  ++depth_;
  const std::size_t beside = std::exchange(height_, 0);
  const absl::StatusOr<Route*> route = type.make(node, this);
  const std::size_t height = height_ + 1;
  height_ = std::max(beside, height);
  --depth_;
  if (!route.ok()) return route;
  // Named handles may have been built before, deep in themselves.
  if (height > kMaxRouteDepth) return too_deep();
  if (tree_->routes_.size() > kMaxRoutes) {
    return node.Error(absl::StrCat("there are more than ", kMaxRoutes, " routes"));
  }
  return route;
}

absl::StatusOr<Route*> TreeBuilder::BuildObject(const ConfigNode& node) {
  const absl::StatusOr<ConfigNode> type = node.Get("type");
  if (!type.ok()) return type.status();
  const absl::StatusOr<std::string> name = type->AsString();
  if (!name.ok()) return name.status();
  const RouteType* const row = FindType(*name);
  if (row == nullptr) return Unknown(*type, *name);
  return Make(*row, node);
}

absl::StatusOr<Route*> TreeBuilder::BuildText(const ConfigNode& node, const std::string& text) {
  if (config_.named_handles().count(text) > 0) return BuildNamed(node, text);
  if (IsServersOf(node)) {
    std::vector<Route*> routes;
    if (absl::Status status = AppendServers(node, &routes); !status.ok()) return status;
    if (routes.size() == 1) return routes[0];
    return node.Error(absl::StrCat("is a list of ", routes.size(),
                                   " servers, and one route is wanted; write \"PoolRoute|",
                                   absl::StripPrefix(text, kServersOf), "\""));
  }
  const std::size_t bar = text.find('|');
  const absl::string_view name = absl::string_view(text).substr(0, bar);
  const RouteType* const row = FindType(name);
  if (row == nullptr) return Unknown(node, name);
  if (bar == std::string::npos) return Make(*row, node.Expanded(name, "", ""));
  if (row->short_key.empty()) {
    return node.Error(absl::StrCat("nothing can follow ", name, "; write \"", name, "\""));
  }
  return Make(*row, node.Expanded(name, row->short_key, text.substr(bar + 1)));
}

absl::StatusOr<Route*> TreeBuilder::BuildNamed(const ConfigNode& user, const std::string& name) {
  if (const auto built = named_.find(name); built != named_.end()) {
    height_ = std::max(height_, built->second.height);
    return built->second.route;
  }
  const auto begun = std::find(being_built_.begin(), being_built_.end(), name);
  if (begun != being_built_.end()) {
    return user.Error(absl::StrCat("named handles lead back to themselves: ",
                                   absl::StrJoin(begun, being_built_.end(), " -> "), " -> ", name));
  }
  if (being_built_.size() == kMaxRouteDepth) {
    return user.Error(
        absl::StrCat("named handles name others more than ", kMaxRouteDepth, " deep"));
  }
  being_built_.push_back(name);
  const std::size_t beside = std::exchange(height_, 0);
  const absl::StatusOr<Route*> route = Build(config_.named_handles().at(name));
  if (!route.ok()) return route;
  named_.emplace(name, NamedRoute{*route, height_});
  height_ = std::max(beside, height_);
  being_built_.pop_back();
  return route;
}

absl::StatusOr<std::vector<Route*>> TreeBuilder::BuildList(const ConfigNode& node) {
  std::vector<Route*> routes;
  if (!node.is_array()) {
    if (absl::Status status = Append(node, &routes); !status.ok()) return status;
    return routes;
  }
  const auto children = node.AsArray();
  for (const ConfigNode& child : *children) {
    if (absl::Status status = Append(child, &routes); !status.ok()) return status;
  }
  return routes;
}

absl::Status TreeBuilder::Append(const ConfigNode& node, std::vector<Route*>* routes) {
  if (IsServersOf(node)) return AppendServers(node, routes);
  const absl::StatusOr<Route*> route = Build(node);
  if (!route.ok()) return route.status();
  routes->push_back(*route);
  return absl::OkStatus();
}

bool TreeBuilder::IsServersOf(const ConfigNode& node) const {
  if (!node.is_string()) return false;
  const std::string text = *node.AsString();
  return absl::StartsWith(text, kServersOf) && config_.named_handles().count(text) == 0;
}

absl::Status TreeBuilder::AppendServers(const ConfigNode& node, std::vector<Route*>* routes) {
  const std::string text = *node.AsString();
  const absl::StatusOr<const PoolConfig*> pool = FindPool(
      node.Expanded("Pool", "pool", absl::StripPrefix(text, kServersOf)).Get("pool").value());
  if (!pool.ok()) return pool.status();
  if (!(*pool)->listed) {
    return node.Error(absl::StrCat("the servers of the pool ", (*pool)->name,
                                   " are found by \"discovery\", and their number may change; name "
                                   "them in \"servers\""));
  }
  const std::size_t servers = (*pool)->address.members.size();
  if (tree_->routes_.size() + servers > kMaxRoutes) {
    return node.Error(absl::StrCat("there are more than ", kMaxRoutes, " routes"));
  }
  // mcrouter's default, which most routes to the pool have as well, goes by the list's order.
  PoolUse by_place;
  by_place.names_placement = true;
  const absl::StatusOr<BackendPool*> backends = Take(node, **pool, by_place);
  if (!backends.ok()) return backends.status();
  for (std::size_t i = 0; i < servers; ++i) {
    routes->push_back(Own(std::make_unique<MemberRoute>(*backends, static_cast<std::uint32_t>(i))));
  }
  return absl::OkStatus();
}

absl::StatusOr<BackendPool*> TreeBuilder::Pool(const ConfigNode& node, const PoolUse& use) {
  const absl::StatusOr<const PoolConfig*> config =
      node.is_object() ? ReadInlinePool(node) : FindPool(node);
  if (!config.ok()) return config.status();
  return Take(node, **config, use);
}

absl::StatusOr<const PoolConfig*> TreeBuilder::FindPool(const ConfigNode& node) {
  const absl::StatusOr<std::string> name = node.AsString();
  if (!name.ok()) return name.status();
  if (const auto pool = config_.pools().find(*name); pool != config_.pools().end()) {
    return &pool->second;
  }
  if (const auto pool = inline_pools_.find(*name); pool != inline_pools_.end()) {
    return &pool->second;
  }
  std::vector<absl::string_view> names;
  for (const auto& [pool_name, pool] : config_.pools()) names.push_back(pool_name);
  const absl::string_view nearest = flags::NearestName(*name, names);
  return node.Error(absl::StrCat("there is no pool ", ConfigNode::Shown(*name),
                                 nearest.empty()
                                     ? "; describe it in \"pools\""
                                     : absl::StrCat("; did you mean \"", nearest, "\"?")));
}

absl::StatusOr<const PoolConfig*> TreeBuilder::ReadInlinePool(const ConfigNode& node) {
  const absl::StatusOr<ConfigNode> name_node = node.Get("name");
  if (!name_node.ok()) return name_node.status();
  const absl::StatusOr<std::string> name = name_node->AsString();
  if (!name.ok()) return name.status();
  absl::StatusOr<PoolConfig> pool = pool_reader_.Read(*name, node);
  if (!pool.ok()) return pool.status();
  const auto listed = config_.pools().find(*name);
  const PoolConfig* const before = listed != config_.pools().end()
                                       ? &listed->second
                                       : &inline_pools_.emplace(*name, *pool).first->second;
  if (*before == *pool) return before;
  return node.Error(absl::StrCat("there is another pool ", ConfigNode::Shown(*name),
                                 "; write \"pool\": \"", *name, "\" for that one"));
}

absl::StatusOr<BackendPool*> TreeBuilder::Take(const ConfigNode& node, const PoolConfig& config,
                                               const PoolUse& use) {
  const absl::StatusOr<BackendPool*> pool = provider_.PoolFor(config, use);
  if (!pool.ok()) return node.Error(pool.status().message());
  tree_->pools_.push_back(*pool);
  tree_->pool_configs_.emplace(config.name, config);
  return *pool;
}

const RouteType* TreeBuilder::FindType(absl::string_view name) const {
  const auto row = std::find_if(options_.types.begin(), options_.types.end(),
                                [name](const RouteType& type) { return type.name == name; });
  return row == options_.types.end() ? nullptr : &*row;
}

absl::Status TreeBuilder::Unknown(const ConfigNode& node, absl::string_view name) const {
  if (const absl::string_view why = WhyNoRouteType(name); !why.empty()) {
    return node.Error(absl::StrCat("mcrouter's ", name, " is not supported: ", why));
  }
  if (absl::StartsWith(name, "@")) {
    return node.Error("macros are not expanded here; write what this one stands for");
  }
  if (config_.pools().count(std::string(name)) > 0) {
    return node.Error(absl::StrCat(ConfigNode::Shown(name), " is a pool; write \"PoolRoute|", name,
                                   "\" for a route to it"));
  }
  std::vector<absl::string_view> names;
  for (const auto& [handle, route] : config_.named_handles()) names.push_back(handle);
  for (const RouteType& type : options_.types) names.push_back(type.name);
  const absl::string_view nearest = flags::NearestName(name, names);
  return node.Error(
      absl::StrCat("there is neither a named handle nor a route type ", ConfigNode::Shown(name),
                   nearest.empty() ? "" : absl::StrCat("; did you mean \"", nearest, "\"?")));
}

absl::StatusOr<std::unique_ptr<RouteTree>> BuildRouteTree(const RouterConfig& config,
                                                          const RouteSettings& settings,
                                                          const RouteTreeOptions& options,
                                                          PoolProvider* pools) {
  return TreeBuilder(&config, &settings, &options, pools).BuildAll();
}

}  // namespace ringcache::router

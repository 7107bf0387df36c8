#include "router/config/router_config.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "router/config/pool_reader.h"
#include "router/config/routing_prefix.h"

namespace ringcache::router {
namespace {

constexpr absl::string_view kNoMacros =
    "macros are not expanded here; write what they stand for, which mcrouter shows on `get "
    "__mcrouter__.preprocessed_config`";

bool IsEmpty(const ConfigNode& node) {
  if (node.is_array()) return node.AsArray()->empty();
  return node.is_object() && node.AsObject()->empty();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const RouterConfig>> RouterConfig::Read(
    std::shared_ptr<const ConfigFile> file) {
  std::shared_ptr<RouterConfig> config(new RouterConfig(std::move(file)));
  if (absl::Status status = config->ReadAll(); !status.ok()) return status;
  return config;
}

absl::Status RouterConfig::ReadAll() {
  const ConfigNode root = file_->root();
  if (root.Has("macros")) {
    const ConfigNode macros = root.Get("macros").value();
    if (!IsEmpty(macros)) return macros.Error(kNoMacros);
  }
  absl::Status status =
      root.AllowOnly({"pools", "route", "routes", "named_handles", "macros", "routing_options"});
  if (!status.ok()) return status;
  if (root.Has("routing_options")) {
    const ConfigNode options = root.Get("routing_options").value();
    if (!IsEmpty(options)) {
      notes_.emplace_back(options.Error("has no effect here: routes have their own").message());
    }
  }
  if (root.Has("pools")) {
    pools_node_ = root.Get("pools").value();
    PoolReader reader(pools_node_);
    auto pools = reader.ReadAll();
    if (!pools.ok()) return pools.status();
    pools_ = *std::move(pools);
    notes_.insert(notes_.end(), reader.notes().begin(), reader.notes().end());
  }
  if (root.Has("named_handles")) {
    status = ReadNamedHandles(*root.Get("named_handles"));
    if (!status.ok()) return status;
  }
  return ReadRoutes(root);
}

absl::Status RouterConfig::ReadNamedHandles(const ConfigNode& node) {
  if (node.is_object()) {
    const auto handles = node.AsObject();
    for (const auto& [name, handle] : *handles) {
      if (absl::Status status = AddNamedHandle(name, handle); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
  if (!node.is_array()) return node.Error("is neither a list nor an object of routes by name");
  const auto handles = node.AsArray();
  for (const ConfigNode& handle : *handles) {
    if (!handle.is_object()) return handle.AsObject().status();
    const absl::StatusOr<ConfigNode> name = handle.Get("name");
    if (!name.ok()) return name.status();
    const absl::StatusOr<std::string> text = name->AsString();
    if (!text.ok()) return text.status();
    if (absl::Status status = AddNamedHandle(*text, handle); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status RouterConfig::AddNamedHandle(const std::string& name, const ConfigNode& handle) {
  if (name.empty()) return handle.Error("has an empty name");
  const auto [before, is_new] = named_handles_.emplace(name, handle);
  if (is_new) return absl::OkStatus();
  return handle.Error(absl::StrCat("the named handle ", ConfigNode::Shown(name), " is in line ",
                                   before->second.line(), " already"));
}

absl::Status RouterConfig::ReadRoutes(const ConfigNode& root) {
  if (root.Has("route") == root.Has("routes")) {
    return root.Error(root.Has("route") ? "has both \"route\" and \"routes\"; write one of them"
                                        : "has no \"route\"; write \"route\": \"PoolRoute|A\"");
  }
  if (root.Has("route")) {
    routes_.push_back({{}, *root.Get("route")});
    return absl::OkStatus();
  }
  const ConfigNode routes = root.Get("routes").value();
  if (IsEmpty(routes)) return routes.Error("is empty; it has at least one route");
  if (routes.is_array()) return ReadRouteList(routes);
  if (routes.is_object()) return ReadRouteObject(routes);
  return routes.Error("is neither a list of {\"aliases\", \"route\"} nor an object by prefix");
}

absl::Status RouterConfig::ReadRouteList(const ConfigNode& list) {
  const auto entries = list.AsArray();
  for (const ConfigNode& entry : *entries) {
    if (!entry.is_object()) return entry.AsObject().status();
    if (absl::Status status = entry.AllowOnly({"aliases", "route"}); !status.ok()) return status;
    const absl::StatusOr<ConfigNode> aliases = entry.Get("aliases");
    if (!aliases.ok()) return aliases.status();
    const absl::StatusOr<ConfigNode> route = entry.Get("route");
    if (!route.ok()) return route.status();
    const auto nodes = aliases->AsArray();
    if (!nodes.ok()) return nodes.status();
    if (nodes->empty()) return aliases->Error("is empty; write \"/region/cluster/\"");
    PrefixedRoute prefixed{{}, *route};
    for (const ConfigNode& node : *nodes) {
      const absl::StatusOr<std::string> prefix = node.AsString();
      if (!prefix.ok()) return prefix.status();
      if (absl::Status status = AddPrefix(*prefix, node, &prefixed); !status.ok()) return status;
    }
    routes_.push_back(std::move(prefixed));
  }
  return absl::OkStatus();
}

absl::Status RouterConfig::ReadRouteObject(const ConfigNode& object) {
  const auto routes = object.AsObject();
  for (const auto& [prefix, route] : *routes) {
    PrefixedRoute prefixed{{}, route};
    if (absl::Status status = AddPrefix(prefix, route, &prefixed); !status.ok()) return status;
    routes_.push_back(std::move(prefixed));
  }
  return absl::OkStatus();
}

absl::Status RouterConfig::AddPrefix(const std::string& prefix, const ConfigNode& node,
                                     PrefixedRoute* route) {
  if (absl::Status status = CheckRoutingPrefix(prefix); !status.ok()) {
    return node.Error(status.message());
  }
  const auto [before, is_new] = lines_of_prefixes_.emplace(prefix, node.line());
  if (!is_new) {
    return node.Error(
        absl::StrCat("the prefix ", prefix, " is in line ", before->second, " already"));
  }
  if (lines_of_prefixes_.size() > kMaxPrefixes) {
    return node.Error(absl::StrCat("there are more than ", kMaxPrefixes, " prefixes"));
  }
  route->prefixes.push_back(prefix);
  return absl::OkStatus();
}

}  // namespace ringcache::router

#include "router/route/fake_builder.h"

#include <utility>

#include "hashring/placement/placement_kind.h"

namespace ringcache::router {

FakeRoute& FakeBuilder::route(const std::string& name) {
  std::unique_ptr<FakeRoute>& fake = fakes_[name];
  if (fake == nullptr) fake = std::make_unique<FakeRoute>(name);
  return *fake;
}

absl::StatusOr<Route*> FakeBuilder::Make(const MakeFunction& make, const std::string& json) {
  absl::StatusOr<std::shared_ptr<const ConfigFile>> file = ConfigFile::Parse("test", json);
  if (!file.ok()) return file.status();
  files_.push_back(*std::move(file));
  return make(files_.back()->root(), this);
}

absl::StatusOr<Route*> FakeBuilder::Build(const ConfigNode& node) {
  const absl::StatusOr<std::string> name = node.AsString();
  if (!name.ok()) return name.status();
  return &route(*name);
}

absl::StatusOr<std::vector<Route*>> FakeBuilder::BuildList(const ConfigNode& node) {
  const absl::StatusOr<std::vector<ConfigNode>> nodes = node.AsArray();
  if (!nodes.ok()) return nodes.status();
  std::vector<Route*> routes;
  for (const ConfigNode& child : *nodes) {
    const absl::StatusOr<Route*> route = Build(child);
    if (!route.ok()) return route.status();
    routes.push_back(*route);
  }
  return routes;
}

absl::StatusOr<PoolUse> FakeBuilder::ReadHash(const ConfigNode&) {
  PoolUse use;
  use.ring.placement = hashring::PlacementKind::kCh3;
  use.ring.hash_stop = "|#|";
  return use;
}

absl::StatusOr<BackendPool*> FakeBuilder::Pool(const ConfigNode& node, const PoolUse&) {
  const absl::StatusOr<std::string> name = node.AsString();
  if (!name.ok()) return name.status();
  return pool_;
}

Route* FakeBuilder::Own(std::unique_ptr<Route> route) {
  routes_.push_back(std::move(route));
  return routes_.back().get();
}

}  // namespace ringcache::router

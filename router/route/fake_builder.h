// Makes routes of tests from JSON, in which a child is a string: the name of a FakeRoute, which is
// there once it was named. Every pool is the one that the test gives.
//
// Thread safety: none.

#ifndef RINGCACHE_ROUTER_ROUTE_FAKE_BUILDER_H_
#define RINGCACHE_ROUTER_ROUTE_FAKE_BUILDER_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "router/backend/backend_pool.h"
#include "router/config/config_file.h"
#include "router/config/config_node.h"
#include "router/route/fake_route.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

class FakeBuilder final : public RouteBuilder {
 public:
  using MakeFunction =
      std::function<absl::StatusOr<Route*>(const ConfigNode& node, RouteBuilder* builder)>;

  // `pool` outlives this.
  explicit FakeBuilder(BackendPool* pool) : pool_(pool) {}

  FakeRoute& route(const std::string& name);
  RouteSettings& mutable_settings() { return settings_; }
  absl::StatusOr<Route*> Make(const MakeFunction& make, const std::string& json);

  absl::StatusOr<Route*> Build(const ConfigNode& node) override;
  absl::StatusOr<std::vector<Route*>> BuildList(const ConfigNode& node) override;
  absl::StatusOr<PoolUse> ReadHash(const ConfigNode& node) override;
  absl::StatusOr<BackendPool*> Pool(const ConfigNode& node, const PoolUse& use) override;
  Route* Own(std::unique_ptr<Route> route) override;
  const RouteSettings& settings() const override { return settings_; }

 private:
  BackendPool* const pool_;
  RouteSettings settings_;
  std::vector<std::shared_ptr<const ConfigFile>> files_;
  std::map<std::string, std::unique_ptr<FakeRoute>> fakes_;
  std::vector<std::unique_ptr<Route>> routes_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_FAKE_BUILDER_H_

// WarmUpRoute: a cold route that takes values over from a warm one.
//
//   {"type": "WarmUpRoute", "cold": "...", "warm": "...", "exptime": 0, "enable_metaget": true}
//
// What the cold route misses, or fails at, is looked up at the warm one, and after a miss added to
// the cold one for the time that it has left. If metaget is off, or the warm servers do not know
// it, `exptime` is taken. All else goes to the cold route.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_WARMING_WARM_UP_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_WARMING_WARM_UP_ROUTE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

struct WarmUpOptions {
  // How long what is taken over lives if what it has left is not known.
  std::int64_t exptime_s = 0;
  bool use_metaget = true;
};

class WarmUpRoute final : public Route {
 public:
  // Both outlive this.
  WarmUpRoute(Route* cold, Route* warm, const WarmUpOptions& options)
      : cold_(*cold), warm_(*warm), options_(options), use_metaget_(options.use_metaget) {}

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  FirstStep First(const protocol::Request& request, absl::string_view key) override;
  Task<Reply> Resume(Call& call, const RouteRequest& request, Reply first) override;
  std::string name() const override { return "warm-up"; }
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

 private:
  // The warm route's value as the reply to a get, and how long it lives; no value otherwise.
  struct Item {
    Reply reply;
    std::int64_t seconds_to_live = 0;
  };

  Task<Item> Fetch(Call& call, const RouteRequest& request);
  Task<Item> FetchWithMetaget(Call& call, const RouteRequest& request);
  const RouteRequest& MakeAdd(Call& call, const RouteRequest& request, const Item& item) const;

  Route& cold_;
  Route& warm_;
  const WarmUpOptions options_;
  // Until the warm servers turn out not to know it.
  bool use_metaget_;
};

absl::StatusOr<Route*> MakeWarmUpRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_WARMING_WARM_UP_ROUTE_H_

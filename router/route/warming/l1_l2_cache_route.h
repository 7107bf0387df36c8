// L1L2CacheRoute: a small near cache before a large far one.
//
//   {"type": "L1L2CacheRoute", "l1": "...", "l2": "...", "upgradingL1Exptime": 60,
//    "ncacheExptime": 10, "ncacheUpdatePeriod": 100}
//
// What l1 misses or fails at is looked up at l2 and added to l1 for upgradingL1Exptime seconds. All
// else goes to l1: whoever writes keeps l2 right. With an ncacheUpdatePeriod misses of l2 are
// remembered, see MissMark. Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_WARMING_L1_L2_CACHE_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_WARMING_L1_L2_CACHE_ROUTE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

// What l1 has in place of a value that l2 does not have, so that l2 is not asked again: mcrouter's,
// so that both can share an l1. A get that finds it is a miss, for which an mg has to look twice;
// add, append and incr take it for a value.
struct MissMark {
  static constexpr std::uint32_t kClientFlags = 0x10000;
  static constexpr absl::string_view kValue = "ncache";
};

struct L1L2CacheOptions {
  // Seconds that what was found at l2 lives in l1; 0: for ever. As ExptimeOf has them.
  std::int64_t upgrading_exptime_s = 0;
  // The same of a MissMark.
  std::int64_t mark_exptime_s = 0;
  // Of so many marks that are found, whatever their keys, one is looked up at l2 again; 0: misses
  // are not remembered.
  std::int64_t mark_update_period = 0;
};

class L1L2CacheRoute final : public Route {
 public:
  // Both outlive this.
  L1L2CacheRoute(Route* l1, Route* l2, const L1L2CacheOptions& options)
      : l1_(*l1), l2_(*l2), options_(options) {}

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  FirstStep First(const protocol::Request& request, absl::string_view key) override;
  Task<Reply> Resume(Call& call, const RouteRequest& request, Reply first) override;
  std::string name() const override { return "l1l2-cache"; }
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

 private:
  bool remembers_misses() const { return options_.mark_update_period > 0; }
  Task<Reply> Read(Call& call, const RouteRequest& request);
  Task<Reply> AskL2(Call& call, const RouteRequest& request);
  // The item as the reply to a get, or to a gets, which may be a miss or an error.
  static Task<Reply> Fetch(Call& call, Route& from, const RouteRequest& request, bool with_cas);
  // Whether `hit`, of l1, is the reply to a request for a MissMark.
  Task<bool> FoundMark(Call& call, const RouteRequest& request, const Reply& hit);
  // Looks at l2 again, unless the mark has gone meanwhile.
  Task<Reply> RenewMark(Call& call, const RouteRequest& request);

  Route& l1_;
  Route& l2_;
  const L1L2CacheOptions options_;
  std::int64_t marks_found_ = 0;  // since one was looked up again
};

absl::StatusOr<Route*> MakeL1L2CacheRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_WARMING_L1_L2_CACHE_ROUTE_H_

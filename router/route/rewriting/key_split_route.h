// KeySplitRoute: several copies of each item under names of their own, of which this router reads
// one: for keys that are too hot for one member.
//
//   {"type": "KeySplitRoute", "destination": "...", "replicas": 3, "all_sync": false,
//    "first_hit": false}
//
// Copy 0 has the client's key, copy n has ":n" before "|#|" or at its end. A router reads the copy
// that its host id gives it, and with first_hit, after a miss, copy 0. What stores goes to all;
// the reply is that of its own copy, or with all_sync the worst. Deletes await all.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_REWRITING_KEY_SPLIT_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_REWRITING_KEY_SPLIT_ROUTE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

struct KeySplitOptions {
  static constexpr std::int64_t kMaxReplicas = 100;

  std::uint32_t replicas = 2;
  bool all_sync = false;
  bool first_hit = false;
  // Of the router; chooses its copy.
  std::uint32_t host_id = 0;
};

class KeySplitRoute final : public Route {
 public:
  KeySplitRoute(Route* destination, const KeySplitOptions& options);

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  FirstStep First(const protocol::Request& request, absl::string_view key) override;
  std::string name() const override;
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

 private:
  // `request` for that copy; null if its key would be too long.
  static const RouteRequest* ForCopy(Call& call, const RouteRequest& request, std::uint32_t copy);
  Task<Reply> Read(Call& call, const RouteRequest& request);
  Task<Reply> Write(Call& call, const RouteRequest& request);
  Task<Reply> AskAll(Call& call, const RouteRequest& request);

  Route& destination_;
  const KeySplitOptions options_;
  const std::uint32_t own_;
};

absl::StatusOr<Route*> MakeKeySplitRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_REWRITING_KEY_SPLIT_ROUTE_H_

// ModifyKeyRoute: another key than the client's.
//
//   {"type": "ModifyKeyRoute", "target": "...", "ensure_key_prefix": "a:",
//    "replace_key_prefix": "b:", "set_key_suffix": ":c"}
//
// `ensure` puts the prefix before keys that do not have it; with `replace`, keys that begin with
// the one begin with the other. A key that becomes longer than the protocol allows is an error.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_REWRITING_MODIFY_KEY_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_REWRITING_MODIFY_KEY_ROUTE_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "router/config/config_node.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"

namespace ringcache::router {

struct KeyChanges {
  std::string ensure_prefix;
  // Put in place of ensure_prefix where a key has that; empty: nothing is.
  std::string replace_prefix;
  std::string suffix;
};

class ModifyKeyRoute final : public Route {
 public:
  static constexpr absl::string_view kTooLong = "CLIENT_ERROR the key with its prefix is too long";

  ModifyKeyRoute(Route* target, KeyChanges changes)
      : target_(*target), changes_(std::move(changes)) {}

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  std::string name() const override;
  void Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const override;

 private:
  std::string Changed(absl::string_view key) const;
  Task<Reply> Refuse(Call& call) const;

  Route& target_;
  const KeyChanges changes_;
};

absl::StatusOr<Route*> MakeModifyKeyRoute(const ConfigNode& node, RouteBuilder* builder);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_REWRITING_MODIFY_KEY_ROUTE_H_

#include "router/route/selection/host_id_route.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "router/route/children.h"
#include "router/route/stable_hash.h"

namespace ringcache::router {

absl::StatusOr<Route*> MakeHostIdRoute(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status = node.AllowOnly({"children", "salt"}); !status.ok()) return status;
  const absl::StatusOr<std::vector<Route*>> children = ReadChildren(node, builder);
  if (!children.ok()) return children.status();
  const absl::StatusOr<std::string> salt = node.GetString("salt", "");
  if (!salt.ok()) return salt.status();
  const std::uint64_t hash = StableHash(absl::StrCat(builder->settings().host_id, *salt));
  return (*children)[hash % children->size()];
}

}  // namespace ringcache::router

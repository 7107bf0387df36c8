#include "router/route/selection/hash_route.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "router/route/children.h"

namespace ringcache::router {

absl::StatusOr<std::shared_ptr<const hashring::Ring>> HashRoute::RingFor(const PoolUse& use,
                                                                         std::size_t children) {
  hashring::RingOptions options = use.ring;
  options.ordering = hashring::Ordering::kListed;
  if (!use.weights.empty()) options.weights = use.weights;
  std::vector<hashring::Member> members(children);
  // Placements that know members by name see their places in the list.
  for (std::size_t i = 0; i < children; ++i) members[i].host = absl::StrCat(i);
  return hashring::Ring::Create(std::move(options), std::move(members));
}

void HashRoute::Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const {
  visitor->OnRoute(*this, depth);
  Of(request.key())->Visit(request, visitor, depth + 1);
}

absl::StatusOr<Route*> MakeHashRoute(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status =
          node.AllowOnly({"children", "hash", "hash_func", "salt", "weights", "key_hash", "name"});
      !status.ok()) {
    return status;
  }
  absl::StatusOr<std::vector<Route*>> children = ReadChildren(node, builder);
  if (!children.ok()) return children.status();
  const absl::StatusOr<PoolUse> use = builder->ReadHash(node);
  if (!use.ok()) return use.status();
  absl::StatusOr<std::shared_ptr<const hashring::Ring>> ring =
      HashRoute::RingFor(*use, children->size());
  if (!ring.ok()) return node.Error(ring.status().message());
  return builder->Own(std::make_unique<HashRoute>(*std::move(children), *std::move(ring)));
}

}  // namespace ringcache::router

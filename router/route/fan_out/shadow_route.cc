#include "router/route/fan_out/shadow_route.h"

#include <limits>
#include <memory>

#include "router/route/children.h"
#include "router/route/routing_key.h"
#include "router/route/stable_hash.h"

namespace ringcache::router {
namespace {

// Copies are another thing than placements and failovers.
constexpr std::uint64_t kSeed = 0x736861646f77;

// `node` is [first, last].
absl::StatusOr<std::pair<ConfigNode, ConfigNode>> ReadPair(const ConfigNode& node) {
  const absl::StatusOr<std::vector<ConfigNode>> ends = node.AsArray();
  if (!ends.ok()) return ends.status();
  if (ends->size() != 2) return node.Error("has to be a list of two numbers, first and last");
  return std::pair((*ends)[0], (*ends)[1]);
}

absl::Status ReadKeys(const ConfigNode& node, Shadow* shadow) {
  const auto ends = ReadPair(node);
  if (!ends.ok()) return ends.status();
  const absl::StatusOr<double> first = ends->first.AsDouble(0, 1);
  if (!first.ok()) return first.status();
  const absl::StatusOr<double> last = ends->second.AsDouble(*first, 1);
  if (!last.ok()) return last.status();
  shadow->first_key = *first;
  shadow->last_key = *last;
  return absl::OkStatus();
}

absl::Status ReadIndices(const ConfigNode& node, const BackendPool* pool, Shadow* shadow) {
  if (pool == nullptr) return node.Error("is for the shadows of a PoolRoute only");
  constexpr std::int64_t kMost = std::numeric_limits<std::uint16_t>::max();
  const auto ends = ReadPair(node);
  if (!ends.ok()) return ends.status();
  const absl::StatusOr<std::int64_t> first = ends->first.AsInteger(0, kMost);
  if (!first.ok()) return first.status();
  const absl::StatusOr<std::int64_t> last = ends->second.AsInteger(*first, kMost);
  if (!last.ok()) return last.status();
  shadow->first_index = static_cast<std::uint32_t>(*first);
  shadow->last_index = static_cast<std::uint32_t>(*last);
  return absl::OkStatus();
}

absl::StatusOr<Shadow> ReadShadow(const ConfigNode& node, const BackendPool* pool,
                                  RouteBuilder* builder) {
  if (!node.is_object()) return node.Error("has to be an object with a \"target\"");
  if (absl::Status status =
          node.AllowOnly({"target", "index_range", "key_fraction_range", "requests_fraction"});
      !status.ok()) {
    return status;
  }
  Shadow shadow;
  const absl::StatusOr<Route*> target = ReadChild(node, "target", builder);
  if (!target.ok()) return target.status();
  shadow.target = *target;
  if (node.Has("key_fraction_range")) {
    const absl::Status status = ReadKeys(*node.Get("key_fraction_range"), &shadow);
    if (!status.ok()) return status;
  }
  if (node.Has("index_range")) {
    const absl::Status status = ReadIndices(*node.Get("index_range"), pool, &shadow);
    if (!status.ok()) return status;
  }
  const absl::StatusOr<double> requests = node.GetDouble("requests_fraction", 1, 0, 1);
  if (!requests.ok()) return requests.status();
  shadow.requests = *requests;
  return shadow;
}

}  // namespace

Task<Reply> ShadowRoute::Send(Call& call, const RouteRequest& request) {
  for (const Shadow& shadow : shadows_) {
    if (!Wants(shadow, request.key())) continue;
    const double chance = static_cast<double>(random_() - std::minstd_rand::min()) /
                          static_cast<double>(std::minstd_rand::max());
    if (chance < shadow.requests) call.Spawn(shadow.target->Send(call, request));
  }
  co_return co_await target_.Send(call, request);
}

FirstStep ShadowRoute::First(const protocol::Request& request, absl::string_view key) {
  for (const Shadow& shadow : shadows_) {
    if (Wants(shadow, key)) return {};
  }
  return target_.First(request, key);
}

bool ShadowRoute::Wants(const Shadow& shadow, absl::string_view key) const {
  if (pool_ != nullptr) {
    const std::uint32_t owner = pool_->OwnerOf(key);
    if (owner < shadow.first_index || owner > shadow.last_index) return false;
  }
  const double share = ShareOf(StableHash(RoutingKey(key), kSeed));
  return share >= shadow.first_key && (share < shadow.last_key || shadow.last_key == 1);
}

void ShadowRoute::Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const {
  visitor->OnRoute(*this, depth);
  target_.Visit(request, visitor, depth + 1);
  for (const Shadow& shadow : shadows_) {
    if (Wants(shadow, request.key())) shadow.target->Visit(request, visitor, depth + 1);
  }
}

absl::StatusOr<std::vector<Shadow>> ReadShadows(const ConfigNode& node, const BackendPool* pool,
                                                RouteBuilder* builder) {
  std::vector<Shadow> shadows;
  if (!node.Has("shadows")) return shadows;
  const absl::StatusOr<std::vector<ConfigNode>> list = node.Get("shadows")->AsArray();
  if (!list.ok()) return list.status();
  for (const ConfigNode& item : *list) {
    const absl::StatusOr<Shadow> shadow = ReadShadow(item, pool, builder);
    if (!shadow.ok()) return shadow.status();
    shadows.push_back(*shadow);
  }
  return shadows;
}

absl::StatusOr<Route*> MakeShadowRoute(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status = node.AllowOnly({"target", "shadows"}); !status.ok()) return status;
  const absl::StatusOr<Route*> target = ReadChild(node, "target", builder);
  if (!target.ok()) return target.status();
  absl::StatusOr<std::vector<Shadow>> shadows = ReadShadows(node, nullptr, builder);
  if (!shadows.ok()) return shadows.status();
  return builder->Own(std::make_unique<ShadowRoute>(*target, nullptr, *std::move(shadows),
                                                    builder->settings().seed));
}

}  // namespace ringcache::router

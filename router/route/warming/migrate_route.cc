#include "router/route/warming/migrate_route.h"

#include <limits>
#include <memory>
#include <utility>

#include "absl/time/time.h"
#include "router/route/children.h"
#include "router/route/gathering.h"
#include "router/route/routing_key.h"
#include "router/route/stable_hash.h"

namespace ringcache::router {
namespace {

constexpr std::int64_t kMaxUnixS = std::numeric_limits<std::uint32_t>::max();

}  // namespace

Task<Reply> MigrateRoute::Send(Call& call, const RouteRequest& request) {
  const std::int64_t now_s = absl::ToUnixSeconds(call.loop().WallNow());
  const bool is_moving = now_s >= start_s_ && now_s < start_s_ + 2 * interval_s_;
  if (is_moving && ClassOf(request.operation()) == OperationClass::kDelete) {
    return DeleteFromBoth(call, request);
  }
  return Of(request.key(), now_s).Send(call, request);
}

Task<Reply> MigrateRoute::DeleteFromBoth(Call& call, const RouteRequest& request) {
  Gathering gathering(&call);
  gathering.Start(from_.Send(call, request));
  gathering.Start(to_.Send(call, request));
  Gathering::Part first = co_await gathering.Next();
  Gathering::Part second = co_await gathering.Next();
  const bool second_is_worse = second.reply.verdict() > first.reply.verdict();
  co_return second_is_worse ? std::move(second.reply) : std::move(first.reply);
}

Route& MigrateRoute::Of(absl::string_view key, std::int64_t now_s) const {
  if (now_s < start_s_) return from_;
  if (now_s >= start_s_ + 2 * interval_s_) return to_;
  const std::uint64_t hash = StableHash(RoutingKey(key));
  const std::uint64_t offset_s = hash % (2 * static_cast<std::uint64_t>(interval_s_));
  return now_s < start_s_ + static_cast<std::int64_t>(offset_s) ? from_ : to_;
}

void MigrateRoute::Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const {
  visitor->OnRoute(*this, depth);
  from_.Visit(request, visitor, depth + 1);
  to_.Visit(request, visitor, depth + 1);
}

absl::StatusOr<Route*> MakeMigrateRoute(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status = node.AllowOnly({"from", "to", "start_time", "interval", "name"});
      !status.ok()) {
    return status;
  }
  const absl::StatusOr<Route*> from = ReadChild(node, "from", builder);
  if (!from.ok()) return from.status();
  const absl::StatusOr<Route*> to = ReadChild(node, "to", builder);
  if (!to.ok()) return to.status();
  if (!node.Has("start_time")) return node.Error("has no \"start_time\", in Unix seconds");
  const absl::StatusOr<std::int64_t> start = node.GetInteger("start_time", 0, 0, kMaxUnixS);
  if (!start.ok()) return start.status();
  const absl::StatusOr<std::int64_t> interval = node.GetInteger("interval", 3600, 1, kMaxUnixS);
  if (!interval.ok()) return interval.status();
  return builder->Own(std::make_unique<MigrateRoute>(*from, *to, *start, *interval));
}

}  // namespace ringcache::router

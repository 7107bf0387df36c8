#include "router/route/failover/replica_failover_route.h"

#include <memory>
#include <utility>

#include "router/route/ask.h"
#include "router/route/exptime.h"
#include "router/route/warming/ring_warm_up_route.h"

namespace ringcache::router {
namespace {

using protocol::Operation;

// Whether what a meta request does depends on what was done before, so that doing it twice is
// something else.
bool HasConditions(const protocol::MetaFlags& flags) {
  for (const char letter : {'C', 'E', 'I', 'N', 'R'}) {
    if (flags.has.Has(letter)) return true;
  }
  return flags.mode != protocol::MetaSetMode::kSet;
}

}  // namespace

Task<Reply> ReplicaFailoverRoute::Send(Call& call, const RouteRequest& request) {
  const std::uint32_t owner = pool_.OwnerOf(request.key());
  if (owner == BackendPool::kNone) co_return FailureReply(client::CallFailure::kNoMembers);
  Reply reply = co_await Ask(&call, &pool_.member(owner), request, pool_.timeout());
  if (!reply.failure) co_return reply;
  co_return co_await Resume(call, request, std::move(reply));
}

FirstStep ReplicaFailoverRoute::First(const protocol::Request&, absl::string_view key) {
  FirstStep step;
  step.pool = &pool_;
  step.member = pool_.OwnerOf(key);
  step.reacts = this;
  return step;
}

Task<Reply> ReplicaFailoverRoute::Resume(Call& call, const RouteRequest& request, Reply first) {
  Reply reply = std::move(first);
  const RouteRequest* repeated = nullptr;
  for (std::size_t failovers = 1; failovers <= options_.replicas; ++failovers) {
    if (!reply.failure || !MayRepeat(request.request, *reply.failure)) break;
    const std::uint32_t member = pool_.OwnerOf(request.key(), failovers);
    if (member == BackendPool::kNone) break;
    if (repeated == nullptr) {
      RouteRequest brief = request;
      LimitExptime(options_.failover_exptime_s, call.loop().WallNow(), &brief.request);
      repeated = &call.Make(std::move(brief));
    }
    reply = co_await Ask(&call, &pool_.member(member), *repeated, pool_.timeout());
  }
  co_return reply;
}

bool ReplicaFailoverRoute::MayRepeat(const protocol::Request& request,
                                     client::CallFailure failure) {
  if (client::NothingWasSent(failure)) return true;
  if (failure == client::CallFailure::kClosed) return false;
  switch (request.operation) {
    case Operation::kGet:
    case Operation::kGets:
    case Operation::kSet:
    case Operation::kDelete:
      return true;
    case Operation::kMetaGet:
    case Operation::kMetaSet:
    case Operation::kMetaDelete:
      return !HasConditions(request.meta);
    default:
      return false;
  }
}

void ReplicaFailoverRoute::Visit(const RouteRequest& request, RouteVisitor* visitor,
                                 int depth) const {
  visitor->OnRoute(*this, depth);
  for (std::size_t failovers = 0; failovers <= options_.replicas; ++failovers) {
    const std::uint32_t member = pool_.OwnerOf(request.key(), failovers);
    if (member == BackendPool::kNone) return;
    visitor->OnMember(pool_.member(member).name(), depth + 1);
  }
}

absl::StatusOr<Route*> MakeReplicaFailoverRoute(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status = node.AllowOnly({"pool", "hash", "replicas", "failover_exptime"});
      !status.ok()) {
    return status;
  }
  const absl::StatusOr<ConfigNode> name = node.Get("pool");
  if (!name.ok()) return name.status();
  const absl::StatusOr<PoolUse> use = builder->ReadHash(node);
  if (!use.ok()) return use.status();
  const absl::StatusOr<BackendPool*> pool = builder->Pool(*name, *use);
  if (!pool.ok()) return pool.status();
  ReplicaFailoverOptions options;
  const absl::StatusOr<std::int64_t> replicas =
      node.GetInteger("replicas", 1, 0, ReplicaFailoverOptions::kMaxReplicas);
  if (!replicas.ok()) return replicas.status();
  options.replicas = static_cast<std::size_t>(*replicas);
  const absl::StatusOr<std::int64_t> exptime =
      node.GetInteger("failover_exptime", options.failover_exptime_s, 1, kMaxRelativeExptimeS);
  if (!exptime.ok()) return exptime.status();
  options.failover_exptime_s = *exptime;
  Route* const route = builder->Own(std::make_unique<ReplicaFailoverRoute>(*pool, options));
  return WithWarmUp(*pool, route, builder);
}

}  // namespace ringcache::router

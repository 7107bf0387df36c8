#include "router/route/warming/l1_l2_cache_route.h"

#include <limits>
#include <memory>
#include <utility>

#include "protocol/operation.h"
#include "protocol/standard_reply.h"
#include "router/route/children.h"
#include "router/route/warming/item_transfer.h"

namespace ringcache::router {
namespace {

using protocol::Operation;
using protocol::ReplyKind;

// All that a get says can be had from l2; CAS ids and times are l1's own.
bool NeedsL1Reply(Operation operation) { return operation != Operation::kGet; }

Reply NewMark() {
  Reply mark;
  mark.kind = ReplyKind::kValue;
  mark.client_flags = MissMark::kClientFlags;
  mark.value = client::OutgoingValue::Owned(std::string(MissMark::kValue));
  return mark;
}

bool IsMark(const Reply& reply) {
  return reply.kind == ReplyKind::kValue && reply.client_flags == MissMark::kClientFlags &&
         reply.value.bytes == MissMark::kValue;
}

// A meta reply has only what was asked for.
bool MayBeMark(const Reply& hit) {
  return hit.kind == ReplyKind::kMetaDone || hit.value.bytes == MissMark::kValue;
}

}  // namespace

Task<Reply> L1L2CacheRoute::Send(Call& call, const RouteRequest& request) {
  return Retrieves(request.operation()) ? Read(call, request) : l1_.Send(call, request);
}

Task<Reply> L1L2CacheRoute::Read(Call& call, const RouteRequest& request) {
  Reply first = co_await l1_.Send(call, request);
  co_return co_await Resume(call, request, std::move(first));
}

// A hit may be a mark, and nobody resumes after a hit.
FirstStep L1L2CacheRoute::First(const protocol::Request& request, absl::string_view key) {
  FirstStep step = l1_.First(request, key);
  if (!Retrieves(request.operation)) return step;
  if (step.pool == nullptr || step.reacts != nullptr || remembers_misses()) return {};
  step.reacts = this;
  step.reacts_to_errors = step.reacts_to_misses = true;
  return step;
}

Task<Reply> L1L2CacheRoute::Resume(Call& call, const RouteRequest& request, Reply first) {
  if (first.is_miss() || first.is_error()) {
    if (first.is_error() && NeedsL1Reply(request.operation())) co_return first;
    co_return co_await AskL2(call, request);
  }
  const bool is_mark = co_await FoundMark(call, request, first);
  if (!is_mark) co_return first;
  if (++marks_found_ >= options_.mark_update_period) {
    marks_found_ = 0;
    call.Spawn(RenewMark(call, request));
  }
  co_return DefaultReply(request.operation());
}

Task<Reply> L1L2CacheRoute::AskL2(Call& call, const RouteRequest& request) {
  Reply found = co_await Fetch(call, l2_, request, false);
  if (found.is_miss()) {
    if (remembers_misses()) {
      call.Spawn(l1_.Send(call, call.Make(AddFor(request, NewMark(), options_.mark_exptime_s))));
    }
    co_return DefaultReply(request.operation());
  }
  if (!found.is_hit()) co_return found;
  const RouteRequest& add = call.Make(AddFor(request, found, options_.upgrading_exptime_s));
  if (!NeedsL1Reply(request.operation())) {
    call.Spawn(l1_.Send(call, add));
    co_return found;
  }
  (void)co_await l1_.Send(call, add);
  co_return co_await l1_.Send(call, request);
}

Task<Reply> L1L2CacheRoute::Fetch(Call& call, Route& from, const RouteRequest& request,
                                  bool with_cas) {
  const Operation classic = with_cas ? Operation::kGets : Operation::kGet;
  RouteRequest fetch = request.request.key_is_base64 ? MetagetFor(request, with_cas ? "cfv" : "fv")
                                                     : SameKey(request, classic);
  Reply reply = co_await from.Send(call, call.Make(std::move(fetch)));
  if (reply.kind == ReplyKind::kMetaValue) (void)MakeClassic(&reply);
  co_return reply;
}

Task<bool> L1L2CacheRoute::FoundMark(Call& call, const RouteRequest& request, const Reply& hit) {
  if (!remembers_misses()) co_return false;
  if (hit.kind == ReplyKind::kValue) co_return IsMark(hit);
  if (!MayBeMark(hit)) co_return false;
  const Reply item = co_await Fetch(call, l1_, request, false);
  // What has gone meanwhile is a miss as well.
  co_return !item.is_hit() || IsMark(item);
}

Task<Reply> L1L2CacheRoute::RenewMark(Call& call, const RouteRequest& request) {
  Reply mark = co_await Fetch(call, l1_, request, true);
  if (!IsMark(mark)) co_return mark;
  Reply found = co_await Fetch(call, l2_, request, false);
  // What l2 fails at is no news.
  if (!found.is_hit() && !found.is_miss()) co_return found;
  const RouteRequest store = found.is_hit()
                                 ? CasFor(request, found, options_.upgrading_exptime_s, mark.cas)
                                 : CasFor(request, mark, options_.mark_exptime_s, mark.cas);
  co_return co_await l1_.Send(call, call.Make(store));
}

void L1L2CacheRoute::Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const {
  visitor->OnRoute(*this, depth);
  l1_.Visit(request, visitor, depth + 1);
  if (Retrieves(request.operation())) l2_.Visit(request, visitor, depth + 1);
}

absl::StatusOr<Route*> MakeL1L2CacheRoute(const ConfigNode& node, RouteBuilder* builder) {
  constexpr std::int64_t kMax = std::numeric_limits<std::uint32_t>::max();
  if (absl::Status status = node.AllowOnly(
          {"l1", "l2", "upgradingL1Exptime", "ncacheExptime", "ncacheUpdatePeriod", "name"});
      !status.ok()) {
    return status;
  }
  const absl::StatusOr<Route*> l1 = ReadChild(node, "l1", builder);
  if (!l1.ok()) return l1.status();
  const absl::StatusOr<Route*> l2 = ReadChild(node, "l2", builder);
  if (!l2.ok()) return l2.status();
  if (!node.Has("upgradingL1Exptime")) {
    return node.Error("has no \"upgradingL1Exptime\", in seconds; 0 is for ever");
  }
  const absl::StatusOr<std::int64_t> upgrading = node.GetInteger("upgradingL1Exptime", 0, 0, kMax);
  if (!upgrading.ok()) return upgrading.status();
  const absl::StatusOr<std::int64_t> mark = node.GetInteger("ncacheExptime", 0, 0, kMax);
  if (!mark.ok()) return mark.status();
  const absl::StatusOr<std::int64_t> period = node.GetInteger("ncacheUpdatePeriod", 0, 0, kMax);
  if (!period.ok()) return period.status();
  return builder->Own(
      std::make_unique<L1L2CacheRoute>(*l1, *l2, L1L2CacheOptions{*upgrading, *mark, *period}));
}

}  // namespace ringcache::router

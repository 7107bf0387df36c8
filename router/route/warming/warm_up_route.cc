#include "router/route/warming/warm_up_route.h"

#include <limits>
#include <memory>
#include <utility>

#include "protocol/operation.h"
#include "protocol/standard_reply.h"
#include "router/route/children.h"
#include "router/route/exptime.h"
#include "router/route/warming/item_transfer.h"

namespace ringcache::router {
namespace {

using protocol::Operation;
using protocol::ReplyKind;

// What the member itself must answer, since the client asks for more than value and flags.
bool NeedsColdReply(Operation operation) { return operation != Operation::kGet; }

}  // namespace

Task<Reply> WarmUpRoute::Send(Call& call, const RouteRequest& request) {
  if (!Retrieves(request.operation())) co_return co_await cold_.Send(call, request);
  Reply reply = co_await cold_.Send(call, request);
  if (!reply.is_miss() && !reply.is_error()) co_return reply;
  co_return co_await Resume(call, request, std::move(reply));
}

FirstStep WarmUpRoute::First(const protocol::Request& request, absl::string_view key) {
  FirstStep step = cold_.First(request, key);
  if (!Retrieves(request.operation)) return step;
  if (step.pool == nullptr || step.reacts != nullptr) return {};
  step.reacts = this;
  step.reacts_to_errors = step.reacts_to_misses = true;
  return step;
}

Task<Reply> WarmUpRoute::Resume(Call& call, const RouteRequest& request, Reply first) {
  if (!Retrieves(request.operation())) co_return first;
  Item item = co_await Fetch(call, request);
  if (!item.reply.is_hit()) co_return first;
  const bool adds = first.is_miss() && item.seconds_to_live > 0;
  if (!NeedsColdReply(request.operation())) {
    if (adds) call.Spawn(cold_.Send(call, MakeAdd(call, request, item)));
    co_return std::move(item.reply);
  }
  if (!adds) co_return first;
  // CAS ids and times are the cold member's own: it is asked again once it has the value.
  (void)co_await cold_.Send(call, MakeAdd(call, request, item));
  co_return co_await cold_.Send(call, request);
}

Task<WarmUpRoute::Item> WarmUpRoute::Fetch(Call& call, const RouteRequest& request) {
  if (use_metaget_ || request.request.key_is_base64) {
    Item item = co_await FetchWithMetaget(call, request);
    if (item.reply.verdict() != Verdict::kRefused) co_return item;
    use_metaget_ = false;
  }
  Item item;
  item.reply = co_await warm_.Send(call, call.Make(SameKey(request, Operation::kGet)));
  item.seconds_to_live = SecondsToLive(options_.exptime_s, call.loop().WallNow());
  co_return item;
}

Task<WarmUpRoute::Item> WarmUpRoute::FetchWithMetaget(Call& call, const RouteRequest& request) {
  Item item;
  item.reply = co_await warm_.Send(call, call.Make(MetagetFor(request, "ftv")));
  if (item.reply.kind != ReplyKind::kMetaValue) co_return item;
  item.seconds_to_live = MakeClassic(&item.reply);
  co_return item;
}

const RouteRequest& WarmUpRoute::MakeAdd(Call& call, const RouteRequest& request,
                                         const Item& item) const {
  const std::int64_t exptime_s = ExptimeFor(item.seconds_to_live, call.loop().WallNow());
  return call.Make(AddFor(request, item.reply, exptime_s));
}

void WarmUpRoute::Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const {
  visitor->OnRoute(*this, depth);
  cold_.Visit(request, visitor, depth + 1);
  if (Retrieves(request.operation())) warm_.Visit(request, visitor, depth + 1);
}

absl::StatusOr<Route*> MakeWarmUpRoute(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status = node.AllowOnly({"cold", "warm", "exptime", "enable_metaget", "name"});
      !status.ok()) {
    return status;
  }
  const absl::StatusOr<Route*> cold = ReadChild(node, "cold", builder);
  if (!cold.ok()) return cold.status();
  const absl::StatusOr<Route*> warm = ReadChild(node, "warm", builder);
  if (!warm.ok()) return warm.status();
  WarmUpOptions options;
  const absl::StatusOr<std::int64_t> exptime =
      node.GetInteger("exptime", 0, 0, std::numeric_limits<std::uint32_t>::max());
  if (!exptime.ok()) return exptime.status();
  options.exptime_s = *exptime;
  const absl::StatusOr<bool> metaget = node.GetBool("enable_metaget", true);
  if (!metaget.ok()) return metaget.status();
  options.use_metaget = *metaget;
  return builder->Own(std::make_unique<WarmUpRoute>(*cold, *warm, options));
}

}  // namespace ringcache::router

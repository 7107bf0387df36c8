#include "router/route/rewriting/modify_exptime_route.h"

#include <limits>
#include <memory>

#include "absl/strings/str_cat.h"
#include "router/route/children.h"
#include "router/route/exptime.h"

namespace ringcache::router {

Task<Reply> ModifyExptimeRoute::Send(Call& call, const RouteRequest& request) {
  if (!Changes(request.request)) return target_.Send(call, request);
  RouteRequest changed = request;
  if (action_ == ExptimeAction::kSet) {
    SetExptime(exptime_s_, &changed.request);
  } else {
    const std::int64_t limit_s = SecondsToLive(exptime_s_, call.loop().WallNow());
    if (limit_s != kForEverS) LimitExptime(limit_s, call.loop().WallNow(), &changed.request);
  }
  return target_.Send(call, call.Make(std::move(changed)));
}

FirstStep ModifyExptimeRoute::First(const protocol::Request& request, absl::string_view key) {
  return Changes(request) ? FirstStep() : target_.First(request, key);
}

std::string ModifyExptimeRoute::name() const {
  const bool sets = action_ == ExptimeAction::kSet;
  return absl::StrCat("modify-exptime|", sets ? "set" : "min", "|", exptime_s_);
}

void ModifyExptimeRoute::Visit(const RouteRequest& request, RouteVisitor* visitor,
                               int depth) const {
  visitor->OnRoute(*this, depth);
  target_.Visit(request, visitor, depth + 1);
}

bool ModifyExptimeRoute::Changes(const protocol::Request& request) const {
  return ExptimeOf(request).has_value() ||
         (action_ == ExptimeAction::kMin && request.meta.has.Has('N'));
}

absl::StatusOr<Route*> MakeModifyExptimeRoute(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status = node.AllowOnly({"target", "exptime", "action"}); !status.ok()) {
    return status;
  }
  const absl::StatusOr<Route*> target = ReadChild(node, "target", builder);
  if (!target.ok()) return target.status();
  if (!node.Has("exptime")) return node.Error("has no \"exptime\"");
  const absl::StatusOr<std::int64_t> exptime =
      node.GetInteger("exptime", 0, -1, std::numeric_limits<std::uint32_t>::max());
  if (!exptime.ok()) return exptime.status();
  const absl::StatusOr<std::string> action = node.GetString("action", "set");
  if (!action.ok()) return action.status();
  if (*action != "set" && *action != "min") {
    return node.Error(absl::StrCat("\"action\" is \"set\" or \"min\", not \"", *action, "\""));
  }
  return builder->Own(std::make_unique<ModifyExptimeRoute>(
      *target, *action == "set" ? ExptimeAction::kSet : ExptimeAction::kMin, *exptime));
}

}  // namespace ringcache::router

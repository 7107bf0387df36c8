#include "router/route/limit/rate_limit_route.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "router/route/children.h"

namespace ringcache::router {
namespace {

constexpr double kMaxRate = 1e9;

absl::StatusOr<std::optional<TokenBucket>> ReadLimit(const ConfigNode& rates,
                                                     absl::string_view kind) {
  const std::string rate_key = absl::StrCat(kind, "_rate");
  const std::string burst_key = absl::StrCat(kind, "_burst");
  if (!rates.Has(rate_key)) {
    if (rates.Has(burst_key)) {
      return rates.Error(absl::StrCat("has \"", burst_key, "\" but no \"", rate_key, "\""));
    }
    return std::nullopt;
  }
  const absl::StatusOr<double> rate = rates.GetDouble(rate_key, 0, 0, kMaxRate);
  if (!rate.ok()) return rate.status();
  // What a second brings, unless that is less than one.
  const double burst_otherwise = *rate < 1 ? 1 : *rate;
  const absl::StatusOr<double> burst = rates.GetDouble(burst_key, burst_otherwise, 1, kMaxRate);
  if (!burst.ok()) return burst.status();
  return TokenBucket(*rate, *burst);
}

}  // namespace

absl::StatusOr<RateLimits> ReadRateLimits(const ConfigNode& rates) {
  if (!rates.is_object()) return rates.Error("has to be an object, such as {\"sets_rate\": 10}");
  if (absl::Status status = rates.AllowOnly(
          {"gets_rate", "gets_burst", "sets_rate", "sets_burst", "deletes_rate", "deletes_burst"});
      !status.ok()) {
    return status;
  }
  const auto gets = ReadLimit(rates, "gets");
  if (!gets.ok()) return gets.status();
  const auto sets = ReadLimit(rates, "sets");
  if (!sets.ok()) return sets.status();
  const auto deletes = ReadLimit(rates, "deletes");
  if (!deletes.ok()) return deletes.status();
  RateLimits limits;
  if (*gets) limits.gets.emplace(**gets);
  if (*sets) limits.sets.emplace(**sets);
  if (*deletes) limits.deletes.emplace(**deletes);
  return limits;
}

Task<Reply> RateLimitRoute::Send(Call& call, const RouteRequest& request) {
  std::optional<TokenBucket>& limit = LimitOf(request.operation());
  if (!limit || limit->Take(call.now())) return target_.Send(call, request);
  if (fallback_ != nullptr) return fallback_->Send(call, request);
  return Refuse(call, request);
}

Task<Reply> RateLimitRoute::Refuse(Call& call, const RouteRequest& request) {
  (void)call;
  co_return DefaultReply(request.operation());
}

FirstStep RateLimitRoute::First(const protocol::Request& request, absl::string_view key) {
  return LimitOf(request.operation) ? FirstStep() : target_.First(request, key);
}

std::optional<TokenBucket>& RateLimitRoute::LimitOf(protocol::Operation operation) {
  if (Retrieves(operation)) return limits_.gets;
  return ClassOf(operation) == OperationClass::kDelete ? limits_.deletes : limits_.sets;
}

void RateLimitRoute::Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const {
  visitor->OnRoute(*this, depth);
  target_.Visit(request, visitor, depth + 1);
  if (fallback_ != nullptr) fallback_->Visit(request, visitor, depth + 1);
}

absl::StatusOr<Route*> MakeRateLimitRoute(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status = node.AllowOnly({"target", "rates", "fallback"}); !status.ok()) {
    return status;
  }
  const absl::StatusOr<Route*> target = ReadChild(node, "target", builder);
  if (!target.ok()) return target.status();
  Route* fallback = nullptr;
  if (node.Has("fallback")) {
    const absl::StatusOr<Route*> route = ReadChild(node, "fallback", builder);
    if (!route.ok()) return route.status();
    fallback = *route;
  }
  const absl::StatusOr<ConfigNode> rates = node.Get("rates");
  if (!rates.ok()) return rates.status();
  const absl::StatusOr<RateLimits> limits = ReadRateLimits(*rates);
  if (!limits.ok()) return limits.status();
  return builder->Own(std::make_unique<RateLimitRoute>(*target, fallback, *limits));
}

}  // namespace ringcache::router

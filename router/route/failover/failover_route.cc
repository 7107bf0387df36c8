#include "router/route/failover/failover_route.h"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "router/route/children.h"
#include "router/route/failover/deterministic_order_policy.h"
#include "router/route/failover/least_failures_policy.h"

namespace ringcache::router {
namespace {

constexpr std::int64_t kMaxTries = 1 << 20;
constexpr double kMaxRate = 1e9;

absl::StatusOr<std::string> ReadSalt(const ConfigNode& policy) {
  if (!policy.Has("hash")) return std::string();
  const absl::StatusOr<ConfigNode> hash = policy.Get("hash");
  if (!hash.ok()) return hash.status();
  if (!hash->is_object()) return hash->Error("has to be an object, such as {\"salt\": \"a\"}");
  if (absl::Status status = hash->AllowOnly({"hash_func", "salt"}); !status.ok()) return status;
  return hash->GetString("salt", "");
}

absl::StatusOr<std::unique_ptr<FailoverPolicy>> ReadDeterministic(const ConfigNode& policy,
                                                                  std::size_t children,
                                                                  std::size_t max_tries) {
  const absl::StatusOr<std::int64_t> max_error_tries =
      policy.GetInteger("max_error_tries", static_cast<std::int64_t>(max_tries), 1, kMaxTries);
  if (!max_error_tries.ok()) return max_error_tries.status();
  const absl::StatusOr<bool> domains = policy.GetBool("enable_failure_domains", false);
  if (!domains.ok()) return domains.status();
  if (*domains) return policy.Error("members have no failure domains here: leave them out");
  const absl::StatusOr<std::string> salt = ReadSalt(policy);
  if (!salt.ok()) return salt.status();
  return std::make_unique<DeterministicOrderPolicy>(
      children, max_tries, static_cast<std::size_t>(*max_error_tries), *salt);
}

absl::StatusOr<std::unique_ptr<FailoverPolicy>> ReadPolicy(const ConfigNode& policy,
                                                           std::size_t children) {
  if (!policy.is_object()) return policy.Error("has to be an object with a \"type\"");
  if (absl::Status status =
          policy.AllowOnly({"max_tries", "max_error_tries", "enable_failure_domains", "hash"});
      !status.ok()) {
    return status;
  }
  const absl::StatusOr<std::string> type = policy.GetString("type", "FailoverInOrderPolicy");
  if (!type.ok()) return type.status();
  const absl::StatusOr<std::int64_t> given =
      policy.GetInteger("max_tries", static_cast<std::int64_t>(children), 1, kMaxTries);
  if (!given.ok()) return given.status();
  const std::size_t max_tries = static_cast<std::size_t>(*given);
  if (*type == "FailoverInOrderPolicy") {
    return std::make_unique<FailoverPolicy>(children, max_tries, max_tries);
  }
  if (*type == "LeastFailuresPolicy") {
    return std::make_unique<LeastFailuresPolicy>(children, max_tries);
  }
  if (*type == "DeterministicOrderPolicy") return ReadDeterministic(policy, children, max_tries);
  return policy.Error(absl::StrCat("there is no \"", *type,
                                   "\"; there are FailoverInOrderPolicy, LeastFailuresPolicy and "
                                   "DeterministicOrderPolicy"));
}

absl::StatusOr<TokenBucket> ReadLimit(const ConfigNode& limit) {
  if (!limit.is_object()) return limit.Error("has to be an object with \"rate\" and \"burst\"");
  if (absl::Status status = limit.AllowOnly({"rate", "burst"}); !status.ok()) return status;
  const absl::StatusOr<double> rate = limit.GetDouble("rate", 0, 0, kMaxRate);
  if (!rate.ok()) return rate.status();
  const absl::StatusOr<double> burst = limit.GetDouble("burst", 1000, 1, kMaxRate);
  if (!burst.ok()) return burst.status();
  return TokenBucket(*rate, *burst);
}

}  // namespace

FailoverRoute::FailoverRoute(std::vector<Route*> children, FailoverOptions options)
    : children_(std::move(children)), options_(std::move(options)) {
  if (options_.policy != nullptr) return;
  options_.policy =
      std::make_unique<FailoverPolicy>(children_.size(), children_.size(), children_.size());
}

Task<Reply> FailoverRoute::Send(Call& call, const RouteRequest& request) {
  Reply reply = co_await children_[0]->Send(call, request);
  if (!reply.is_error()) {
    options_.policy->OnReply(0, false);
    co_return reply;
  }
  co_return co_await Resume(call, request, std::move(reply));
}

FirstStep FailoverRoute::First(const protocol::Request& request, absl::string_view key) {
  FirstStep step = children_[0]->First(request, key);
  // One route at most can be told of a short way's end.
  if (step.pool == nullptr || step.reacts != nullptr) return {};
  step.reacts = this;
  step.reacts_to_errors = true;
  return step;
}

Task<Reply> FailoverRoute::Resume(Call& call, const RouteRequest& request, Reply first) {
  Reply reply = std::move(first);
  FailoverPolicy& policy = *options_.policy;
  FailoverPolicy::Order order;
  std::size_t errors = 0;
  for (std::size_t tries = 1;; ++tries) {
    const bool failed = options_.errors.Cover(request.operation(), reply);
    policy.OnReply(tries == 1 ? 0 : order[tries - 1], failed);
    if (!failed) break;
    if (NameOfError(reply) != ErrorName::kTko) ++errors;
    if (tries == 1) order = policy.OrderFor(request.key());
    if (tries == order.size() || errors == policy.max_error_tries()) break;
    if (options_.limit && !options_.limit->Take(call.now())) break;
    reply = co_await children_[order[tries]]->Send(call, request);
  }
  co_return reply;
}

void FailoverRoute::Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const {
  visitor->OnRoute(*this, depth);
  for (const std::uint32_t child : options_.policy->OrderFor(request.key())) {
    children_[child]->Visit(request, visitor, depth + 1);
  }
}

absl::StatusOr<Route*> MakeFailoverRoute(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status =
          node.AllowOnly({"children", "failover_errors", "failover_limit", "failover_policy",
                          "failover_tag", "name", "enable_lease_pairing"});
      !status.ok()) {
    return status;
  }
  absl::StatusOr<std::vector<Route*>> children = ReadChildren(node, builder);
  if (!children.ok()) return children.status();
  FailoverOptions options;
  const absl::StatusOr<FailoverErrors> errors = ReadFailoverErrors(node);
  if (!errors.ok()) return errors.status();
  options.errors = *errors;
  if (node.Has("failover_policy")) {
    absl::StatusOr<std::unique_ptr<FailoverPolicy>> policy =
        ReadPolicy(*node.Get("failover_policy"), children->size());
    if (!policy.ok()) return policy.status();
    options.policy = *std::move(policy);
  }
  if (node.Has("failover_limit")) {
    const absl::StatusOr<TokenBucket> limit = ReadLimit(*node.Get("failover_limit"));
    if (!limit.ok()) return limit.status();
    options.limit.emplace(*limit);
  }
  return builder->Own(std::make_unique<FailoverRoute>(*std::move(children), std::move(options)));
}

}  // namespace ringcache::router

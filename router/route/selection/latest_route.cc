#include "router/route/selection/latest_route.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "router/route/children.h"
#include "router/route/failover/failover_errors.h"
#include "router/route/failover/failover_route.h"
#include "router/route/stable_hash.h"

namespace ringcache::router {
namespace {

// By rendezvous hashing: a child that joins or leaves moves no router from another one.
std::vector<Route*> Choose(const std::vector<Route*>& children, std::size_t count,
                           absl::string_view who) {
  std::vector<std::pair<std::uint64_t, Route*>> ranked;
  for (std::size_t i = 0; i < children.size(); ++i) {
    ranked.emplace_back(StableHash(who, i + 1), children[i]);
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<Route*> chosen;
  for (std::size_t i = 0; i < std::min(count, ranked.size()); ++i) {
    chosen.push_back(ranked[i].second);
  }
  return chosen;
}

}  // namespace

absl::StatusOr<Route*> MakeLatestRoute(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status = node.AllowOnly({"children", "failover_count", "salt",
                                            "thread_local_failover", "failover_errors", "name"});
      !status.ok()) {
    return status;
  }
  const absl::StatusOr<std::vector<Route*>> children = ReadChildren(node, builder);
  if (!children.ok()) return children.status();
  const absl::StatusOr<std::int64_t> count = node.GetInteger("failover_count", 5, 1, 1 << 20);
  if (!count.ok()) return count.status();
  const absl::StatusOr<std::string> salt = node.GetString("salt", "");
  if (!salt.ok()) return salt.status();
  const absl::StatusOr<bool> by_worker = node.GetBool("thread_local_failover", false);
  if (!by_worker.ok()) return by_worker.status();
  FailoverOptions options;
  const absl::StatusOr<FailoverErrors> errors = ReadFailoverErrors(node);
  if (!errors.ok()) return errors.status();
  options.errors = *errors;
  std::string who = absl::StrCat(builder->settings().host_id, *salt);
  if (*by_worker) absl::StrAppend(&who, "/", builder->settings().seed);
  return builder->Own(std::make_unique<FailoverRoute>(
      Choose(*children, static_cast<std::size_t>(*count), who), std::move(options)));
}

}  // namespace ringcache::router

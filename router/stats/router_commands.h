// The commands that the router answers by itself, and the keys "__mcrouter__.<command>", which
// mcrouter has for its administrators (kAdminKeys lists them).
//
// Commands that only a server can carry out are errors in memcached's form.
//
// Thread safety: any thread.

#ifndef RINGCACHE_ROUTER_STATS_ROUTER_COMMANDS_H_
#define RINGCACHE_ROUTER_STATS_ROUTER_COMMANDS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "protocol/request.h"
#include "router/route/route_tree.h"
#include "router/router_options.h"
#include "router/stats/router_inspector.h"
#include "router/stats/router_stats.h"
#include "router/worker_context.h"

namespace ringcache::router {

class RouterCommands final : public LocalCommands {
 public:
  using SpelledOptions = std::vector<std::pair<std::string, std::string>>;

  // `options` and `inspector` outlive this. `spelled`: the options by the names of their flags.
  RouterCommands(const RouterOptions* options, RouterInspector* inspector, std::string command_line,
                 SpelledOptions spelled);

  std::string Answer(const protocol::Request& request) override;
  absl::StatusOr<std::string> AnswerKey(absl::string_view command, const RouteTree& tree) override;

 private:
  // One key: what stands in its parentheses, split at the commas.
  using Words = std::vector<absl::string_view>;
  struct AdminKey;
  static const AdminKey kAdminKeys[];

  absl::StatusOr<std::string> Version(const Words& words, const RouteTree& tree);
  absl::StatusOr<std::string> ConfigText(const Words& words, const RouteTree& tree);
  absl::StatusOr<std::string> ConfigAge(const Words& words, const RouteTree& tree);
  absl::StatusOr<std::string> ConfigDigest(const Words& words, const RouteTree& tree);
  absl::StatusOr<std::string> ConfigFile(const Words& words, const RouteTree& tree);
  absl::StatusOr<std::string> Options(const Words& words, const RouteTree& tree);
  absl::StatusOr<std::string> RouteMembers(const Words& words, const RouteTree& tree);
  absl::StatusOr<std::string> RouteHandles(const Words& words, const RouteTree& tree);
  absl::StatusOr<std::string> HostId(const Words& words, const RouteTree& tree);
  absl::StatusOr<std::string> Pools(const Words& words, const RouteTree& tree);
  absl::StatusOr<std::string> Verbosity(const Words& words, const RouteTree& tree);

  const RouterOptions& options_;
  RouterInspector& inspector_;
  const RouterStats stats_;
  const SpelledOptions spelled_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_STATS_ROUTER_COMMANDS_H_

// The text of `stats`, in mcrouter's names as far as they mean something here, and of its groups:
//
//   stats, all, detailed, count   counts and sizes; cmd_... since the start
//   cmd-error                     why members gave no reply
//   servers                       a line for each member
//   suspect_servers               those that are marked down
//   pools                         a line for each pool
//   hotkeys                       hot_key_report.h
//   latency                       admin/backend/latency_report.h
//
// Thread safety: any thread.

#ifndef RINGCACHE_ROUTER_STATS_ROUTER_STATS_H_
#define RINGCACHE_ROUTER_STATS_ROUTER_STATS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "router/router_options.h"
#include "router/stats/router_inspector.h"

namespace ringcache::router {

class RouterStats {
 public:
  // Both outlive this. `command_line` is told as it is.
  RouterStats(const RouterOptions* options, const RouterInspector* inspector,
              std::string command_line);

  // The whole reply to `stats <group>`.
  std::string Reply(absl::string_view group) const;

 private:
  std::string General() const;
  std::string Failures() const;
  std::string Servers() const;
  std::string SuspectServers() const;
  std::string Pools() const;
  std::string Deletes() const;

  const RouterOptions& options_;
  const RouterInspector& inspector_;
  const std::string command_line_;
  const absl::Time started_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_STATS_ROUTER_STATS_H_

// What a router knows of itself, put into the figures of admin/backend/figures.h.
//
// Thread safety: a pure function.

#ifndef RINGCACHE_ROUTER_ADMIN_ROUTER_REPORT_H_
#define RINGCACHE_ROUTER_ADMIN_ROUTER_REPORT_H_

#include <cstddef>
#include <optional>

#include "absl/time/time.h"
#include "admin/backend/stats.h"
#include "router/replay/delete_spool_figures.h"
#include "router/stats/router_inspector.h"

namespace ringcache::router {

struct ReportSources {
  RouterFigures figures;
  ConfigFigures config;
  std::optional<DeleteSpoolFigures> deletes;
  std::size_t max_connections = 0;
  bool accepting = false;
};

// Without what is told of the process and of the workers' signs of life.
admin::Stats ReportOf(const ReportSources& sources, absl::Time now);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ADMIN_ROUTER_REPORT_H_

// Figures of members as tables: what they have, what they do a second, and every statistic.
//
// Thread safety: functions only.

#ifndef RINGCACHE_TOOLS_CLI_FIGURE_TABLES_H_
#define RINGCACHE_TOOLS_CLI_FIGURE_TABLES_H_

#include <string>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "client/result.h"
#include "tools/cli/figures.h"

namespace ringcache::cli {

// A row for each member and, of several, one for all. A member that is not known has dashes.
std::string StatsTable(absl::Span<const Figures> members);

// The same of what was counted within `elapsed`.
std::string RatesTable(absl::Span<const Figures> since, absl::Duration elapsed);

// A row for each statistic, a column for each member; a dash where a member does not have it.
// Empty if there is no statistic.
std::string EveryStatTable(absl::Span<const client::MemberResult> results);

}  // namespace ringcache::cli

#endif  // RINGCACHE_TOOLS_CLI_FIGURE_TABLES_H_

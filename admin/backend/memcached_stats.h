// memcached's replies to `stats` and its groups, read into figures.
//
// A reply is lines of "STAT <name> <value>\r\n" with an "END\r\n". What a line tells that no table
// of figures.h names, or whose value is none, is left out: a stock memcached tells more.
//
// Thread safety: functions only.

#ifndef RINGCACHE_ADMIN_BACKEND_MEMCACHED_STATS_H_
#define RINGCACHE_ADMIN_BACKEND_MEMCACHED_STATS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "admin/backend/stats.h"

namespace ringcache::admin {

// Of `stats` and of `stats settings`.
void ReadGeneral(absl::string_view reply, FigureSet<GeneralFigure>* figures);
// Of `stats slabs`, "1:chunk_size", and of `stats items`, "items:1:number". Classes come in the
// order of their ids.
void ReadSlabs(absl::string_view reply, std::vector<SlabStats>* slabs);
// All lines, in their order.
std::vector<Setting> ReadSettings(absl::string_view reply);
// The value of one line.
std::optional<std::string> FindStat(absl::string_view reply, absl::string_view name);

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_BACKEND_MEMCACHED_STATS_H_

// A table of figures: a row for each message, a column for each figure; totals, or rates if an
// earlier message of the same row is known.
//
// Thread safety: functions only.

#ifndef RINGCACHE_TOOLS_RINGCTL_FIGURE_TABLE_H_
#define RINGCACHE_TOOLS_RINGCTL_FIGURE_TABLE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "google/protobuf/message.h"
#include "tools/ringctl/figure_columns.h"

namespace ringcache::ringctl {

// Messages are not owned.
struct FigureRow {
  std::vector<std::string> names;                  // what tells rows apart; at least one
  const google::protobuf::Message* now = nullptr;  // null: nothing is known
  std::string note;                                // behind the figures
};

struct EarlierFigures {
  std::map<std::vector<std::string>, const google::protobuf::Message*> messages;  // by names
  double seconds = 1;                                                             // ago
};

struct FigureTableShape {
  std::vector<std::string> name_headings;
  absl::Span<const FigureColumn> columns;
};

// Names are clipped; a first name that `shown` has is replaced. A dash where nothing is known; in a
// row that `earlier` does not have everywhere. Totals if `earlier` is null.
std::string FigureTable(const FigureTableShape& shape, absl::Span<const FigureRow> rows,
                        const std::map<std::string, std::string>& shown,
                        const EarlierFigures* earlier);

}  // namespace ringcache::ringctl

#endif  // RINGCACHE_TOOLS_RINGCTL_FIGURE_TABLE_H_

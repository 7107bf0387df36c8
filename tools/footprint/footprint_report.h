// The measurements in a table, the target beside them, and as JSON.
//
// Thread safety: plain values and pure functions.

#ifndef RINGCACHE_TOOLS_FOOTPRINT_FOOTPRINT_REPORT_H_
#define RINGCACHE_TOOLS_FOOTPRINT_FOOTPRINT_REPORT_H_

#include <string>
#include <vector>

namespace ringcache::footprint {

struct Row {
  std::string id;     // in JSON
  std::string title;  // for people
  double target = 0;
  bool at_least = false;  // the target is a lower bound; else an upper one
  int decimals = 0;
  std::vector<double> values;  // one for each program
};

struct Report {
  std::vector<std::string> programs;  // names of the columns
  std::vector<Row> rows;
};

std::string ReportAsTable(const Report& report);
std::string ReportAsJson(const Report& report);

}  // namespace ringcache::footprint

#endif  // RINGCACHE_TOOLS_FOOTPRINT_FOOTPRINT_REPORT_H_

#include "tools/footprint/footprint_report.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"

namespace ringcache::footprint {
namespace {

constexpr int kColumnWidth = 12;

std::string Cell(absl::string_view text) { return absl::StrFormat("%*s", kColumnWidth, text); }

std::string Number(const Row& row, double value) {
  return absl::StrFormat("%.*f", row.decimals, value);
}

std::string Target(const Row& row) {
  if (row.target == 0) return "0";
  return absl::StrCat(row.at_least ? ">= " : "<= ", Number(row, row.target));
}

}  // namespace

std::string ReportAsTable(const Report& report) {
  std::size_t width = 0;
  for (const Row& row : report.rows) width = std::max(width, row.title.size());
  const auto title = [&](absl::string_view text) {
    return absl::StrFormat("%-*s", static_cast<int>(width), text);
  };
  std::string text = absl::StrCat(title(""), Cell("target"));
  for (const std::string& program : report.programs) absl::StrAppend(&text, Cell(program));
  text += "\n";
  for (const Row& row : report.rows) {
    absl::StrAppend(&text, title(row.title), Cell(Target(row)));
    for (const double value : row.values) absl::StrAppend(&text, Cell(Number(row, value)));
    text += "\n";
  }
  return text;
}

std::string ReportAsJson(const Report& report) {
  std::string text = "{";
  for (const Row& row : report.rows) {
    absl::StrAppend(&text, text.size() == 1 ? "" : ",", "\n  \"", row.id,
                    "\": {\"target\": ", row.target);
    for (std::size_t i = 0; i < row.values.size(); ++i) {
      absl::StrAppend(&text, ", \"", report.programs[i], "\": ", row.values[i]);
    }
    text += "}";
  }
  return text + "\n}\n";
}

}  // namespace ringcache::footprint

#include "tools/ringctl/figure_table.h"

#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tools/table/text_table.h"

namespace ringcache::ringctl {
namespace {

using google::protobuf::Message;
using table::Clip;
using table::TextTable;

constexpr std::size_t kNameColumns = 40;

std::vector<std::string> NameCells(const FigureRow& row,
                                   const std::map<std::string, std::string>& shown) {
  std::vector<std::string> cells;
  for (const std::string& name : row.names) {
    const auto found = cells.empty() ? shown.find(name) : shown.end();
    cells.push_back(Clip(found == shown.end() ? name : found->second, kNameColumns));
  }
  return cells;
}

std::string Cell(const FigureColumn& column, const FigureRow& row, const EarlierFigures* earlier) {
  if (row.now == nullptr) return "-";
  if (earlier == nullptr) return Total(column, *row.now);
  const auto found = earlier->messages.find(row.names);
  if (found == earlier->messages.end()) return "-";
  return Rate(column, *found->second, *row.now, earlier->seconds);
}

}  // namespace

std::string FigureTable(const FigureTableShape& shape, absl::Span<const FigureRow> rows,
                        const std::map<std::string, std::string>& shown,
                        const EarlierFigures* earlier) {
  TextTable table(absl::StrCat(std::string(shape.name_headings.size(), 'l'),
                               std::string(shape.columns.size(), 'r'), "l"));
  std::vector<std::string> heading = shape.name_headings;
  for (const FigureColumn& column : shape.columns) {
    heading.push_back(HeadingOf(column, earlier != nullptr));
  }
  heading.emplace_back();
  table.AddRow(std::move(heading));
  for (const FigureRow& row : rows) {
    std::vector<std::string> cells = NameCells(row, shown);
    for (const FigureColumn& column : shape.columns) cells.push_back(Cell(column, row, earlier));
    cells.push_back(row.note);
    table.AddRow(std::move(cells));
  }
  return table.ToString();
}

}  // namespace ringcache::ringctl

// Rows of text in aligned columns, for the terminal.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_TOOLS_TABLE_TEXT_TABLE_H_
#define RINGCACHE_TOOLS_TABLE_TEXT_TABLE_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace ringcache::table {

class TextTable {
 public:
  // A letter for each column: `l`eft or `r`ight.
  explicit TextTable(absl::string_view alignments) : alignments_(alignments) {}

  // REQUIRES: as many cells as columns.
  void AddRow(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  std::size_t rows() const { return rows_.size(); }

  // A line for each row, two spaces between columns, none at a line's end. Columns are as wide as
  // their widest cell; only the last may have characters of several bytes.
  std::string ToString() const;

 private:
  std::string alignments_;
  std::vector<std::vector<std::string>> rows_;
};

// `text` in at most `columns`: of a longer one the middle is left out, as it is the ends by which
// names differ. REQUIRES: columns >= 5.
std::string Clip(absl::string_view text, std::size_t columns);

// 1234567 as "1,234,567".
std::string WithSeparators(std::size_t number);

}  // namespace ringcache::table

#endif  // RINGCACHE_TOOLS_TABLE_TEXT_TABLE_H_

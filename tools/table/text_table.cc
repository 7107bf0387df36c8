#include "tools/table/text_table.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace ringcache::table {

std::string TextTable::ToString() const {
  std::vector<std::size_t> widths(alignments_.size());
  for (const std::vector<std::string>& row : rows_) {
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const std::vector<std::string>& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const int width = static_cast<int>(widths[i]);
      absl::StrAppendFormat(&line, "%s%*s", i > 0 ? "  " : "",
                            alignments_[i] == 'l' ? -width : width, row[i]);
    }
    line.resize(line.find_last_not_of(' ') + 1);
    absl::StrAppend(&text, line, "\n");
  }
  return text;
}

std::string Clip(absl::string_view text, std::size_t columns) {
  if (text.size() <= columns) return std::string(text);
  const std::size_t end = (columns - 3) / 2;
  return absl::StrCat(text.substr(0, columns - 3 - end), "...", text.substr(text.size() - end));
}

std::string WithSeparators(std::size_t number) {
  std::string text = absl::StrCat(number);
  for (std::size_t end = text.size(); end > 3;) {
    end -= 3;
    text.insert(end, 1, ',');
  }
  return text;
}

}  // namespace ringcache::table

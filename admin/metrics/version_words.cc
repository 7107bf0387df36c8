#include "admin/metrics/version_words.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"

namespace ringcache::admin {

std::vector<std::string> VersionWords(absl::string_view text) {
  std::vector<std::string> versions;
  for (const absl::string_view word : absl::StrSplit(text, absl::ByAnyChar(" (),"))) {
    if (!word.empty() && absl::ascii_isdigit(word[0])) versions.emplace_back(word);
  }
  if (versions.empty()) versions.emplace_back(text);
  return versions;
}

}  // namespace ringcache::admin

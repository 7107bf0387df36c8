#include "tools/ring/short_names.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "hashring/member_name.h"

namespace ringcache::ring {
namespace {

using absl::string_view;

// Where the domain of a name begins, or else its port; the end of it if it has neither.
std::size_t SuffixOf(string_view name) {
  // The dots of an address separate no labels, and a path has no port.
  const bool is_name = absl::ascii_isalpha(static_cast<unsigned char>(name[0]));
  const std::size_t begin = is_name ? name.find_first_of(".:") : name.rfind(':');
  return name[0] == '/' || begin == string_view::npos ? name.size() : begin;
}

// Where its port begins; the end of it if it has none.
std::size_t PortOf(string_view name) {
  return name[0] == '/' ? name.size() : std::min(name.rfind(':'), name.size());
}

}  // namespace

ShortNames ShortNamesOf(absl::Span<const hashring::Member> members) {
  std::vector<std::string> names;
  for (const hashring::Member& member : members) names.push_back(NameOf(member));
  return Shorten(std::move(names));
}

ShortNames Shorten(std::vector<std::string> names) {
  ShortNames result;
  result.names = std::move(names);
  if (result.names.empty()) return result;
  const string_view first = result.names[0];
  const auto is_common = [&](string_view suffix) {
    for (const string_view name : result.names) {
      if (!absl::EndsWith(name, suffix) || SuffixOf(name) > name.size() - suffix.size()) {
        return false;
      }
    }
    return true;
  };
  string_view suffix = first.substr(SuffixOf(first));
  if (!is_common(suffix)) suffix = first.substr(PortOf(first));
  if (!is_common(suffix)) return result;
  result.suffix = std::string(suffix);
  for (std::string& name : result.names) name.resize(name.size() - result.suffix.size());
  return result;
}

}  // namespace ringcache::ring

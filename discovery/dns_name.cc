#include "discovery/dns_name.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "net/socket_address.h"

namespace ringcache::discovery {
namespace {

bool IsLabel(absl::string_view label) {
  return !label.empty() && label.size() <= kMaxLabelChars &&
         std::all_of(label.begin(), label.end(),
                     [](char c) { return absl::ascii_isalnum(c) || c == '-' || c == '_'; });
}

// Takes the digits at the front of `*text`, without leading zeros.
absl::string_view TakeNumber(absl::string_view* text) {
  std::size_t size = 0;
  while (size < text->size() && absl::ascii_isdigit((*text)[size])) ++size;
  absl::string_view number = text->substr(0, size);
  text->remove_prefix(size);
  while (number.size() > 1 && number[0] == '0') number.remove_prefix(1);
  return number;
}

}  // namespace

std::string CanonicalName(absl::string_view name) {
  absl::ConsumeSuffix(&name, ".");
  return absl::AsciiStrToLower(name);
}

bool IsHostName(absl::string_view name) {
  absl::ConsumeSuffix(&name, ".");
  if (name.empty() || name.size() > kMaxNameChars) return false;
  for (const absl::string_view label : absl::StrSplit(name, '.')) {
    if (!IsLabel(label)) return false;
  }
  return true;
}

bool IsBelow(absl::string_view name, absl::string_view domain) {
  return !domain.empty() && name.size() > domain.size() + 1 && absl::EndsWith(name, domain) &&
         name[name.size() - domain.size() - 1] == '.';
}

bool IsNamedByAddress(absl::string_view name) {
  const absl::string_view label = name.substr(0, name.find('.'));
  for (const char* separator : {".", ":"}) {
    const std::string text = absl::StrReplaceAll(label, {{"-", separator}});
    if (absl::StrContains(text, separator) && net::SocketAddress::Parse(text, 0).ok() &&
        (separator[0] == '.' || std::count(text.begin(), text.end(), ':') > 1)) {
      return true;
    }
  }
  return false;
}

std::vector<std::string> SearchNames(absl::string_view name, const SearchPath& path) {
  std::string written = CanonicalName(name);
  if (absl::EndsWith(name, ".")) return {std::move(written)};
  std::vector<std::string> names;
  const std::size_t searched = std::min(path.domains.size(), kMaxSearchDomains);
  for (std::size_t i = 0; i < searched; ++i) {
    const std::string domain = CanonicalName(path.domains[i]);
    if (domain.empty()) continue;
    std::string candidate = absl::StrCat(written, ".", domain);
    if (candidate.size() <= kMaxNameChars) names.push_back(std::move(candidate));
  }
  const bool written_first = std::count(written.begin(), written.end(), '.') >= path.ndots;
  names.insert(written_first ? names.begin() : names.end(), std::move(written));
  return names;
}

bool NaturalLess(absl::string_view a, absl::string_view b) {
  absl::string_view left = a;
  absl::string_view right = b;
  while (!left.empty() && !right.empty()) {
    if (absl::ascii_isdigit(left[0]) && absl::ascii_isdigit(right[0])) {
      const absl::string_view x = TakeNumber(&left);
      const absl::string_view y = TakeNumber(&right);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
    } else {
      if (left[0] != right[0]) return left[0] < right[0];
      left.remove_prefix(1);
      right.remove_prefix(1);
    }
  }
  if (left.empty() != right.empty()) return left.empty();
  return a < b;
}

}  // namespace ringcache::discovery

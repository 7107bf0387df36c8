#include "hashring/ordinals.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "hashring/placement/placement_factory.h"

namespace ringcache::hashring {
namespace {

using absl::string_view;

// A host, cut around its ordinal.
struct NumberedName {
  string_view before;
  string_view after;
  std::uint32_t ordinal = 0;
};

std::optional<NumberedName> Cut(string_view host) {
  const string_view label = host.substr(0, host.find('.'));
  std::size_t begin = label.size();
  while (begin > 0 && absl::ascii_isdigit(static_cast<unsigned char>(label[begin - 1]))) --begin;
  // A label of digits only belongs to an IPv4 address, a colon to an IPv6 address, a slash to the
  // path of a socket.
  if (begin == 0 || host.find_first_of(":/") != string_view::npos) return std::nullopt;
  const string_view digits = label.substr(begin);
  NumberedName name{label.substr(0, begin), host.substr(label.size())};
  // `cache-01` and `cache-1` may live side by side, so leading zeros are no ordinal's.
  const bool has_leading_zero = digits.size() > 1 && digits.front() == '0';
  if (has_leading_zero || !absl::SimpleAtoi(digits, &name.ordinal)) return std::nullopt;
  return name;
}

}  // namespace

std::vector<std::uint32_t> OrdinalsOf(absl::Span<const Member> members) {
  const std::size_t slots = std::min(
      kMaxMembers, std::max<std::size_t>(kSlotsForFewMembers, kSlotsPerMember * members.size()));
  std::vector<std::uint32_t> ordinals;
  std::vector<bool> taken(slots);
  std::optional<NumberedName> first;
  for (const Member& member : members) {
    const std::optional<NumberedName> name = Cut(member.host);
    if (!name.has_value() || name->ordinal >= slots || taken[name->ordinal]) return {};
    if (!first.has_value()) first = name;
    if (name->before != first->before || name->after != first->after) return {};
    taken[name->ordinal] = true;
    ordinals.push_back(name->ordinal);
  }
  return ordinals;
}

}  // namespace ringcache::hashring

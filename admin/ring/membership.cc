#include "admin/ring/membership.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "discovery/discovery_address.h"
#include "hashring/member_name.h"
#include "hashring/ordinals.h"

namespace ringcache::admin {
namespace {

using hashring::Member;

// The same member with another number at the end of its name's first label.
Member WithOrdinal(const Member& member, std::uint32_t ordinal) {
  const std::size_t label = std::min(member.host.find('.'), member.host.size());
  const std::size_t digits = member.host.find_last_not_of("0123456789", label - 1) + 1;
  Member other = member;
  other.host = absl::StrCat(member.host.substr(0, digits), ordinal, member.host.substr(label));
  return other;
}

absl::Status Scale(std::uint32_t count, std::vector<Member>* members) {
  if (count > RingView::kMaxMembers) {
    return absl::InvalidArgumentError(
        absl::StrCat("a pool has at most ", RingView::kMaxMembers, " members, not ", count));
  }
  const std::vector<std::uint32_t> ordinals = hashring::OrdinalsOf(*members);
  if (ordinals.empty()) {
    return absl::InvalidArgumentError(
        "the names of these members have no numbers, as those of a StatefulSet have: a count does "
        "not say who comes or goes; name them with add and remove");
  }
  const Member pattern = members->front();
  std::vector<Member> scaled;
  std::vector<bool> present(count, false);
  for (std::size_t i = 0; i < members->size(); ++i) {
    if (ordinals[i] >= count) continue;
    present[ordinals[i]] = true;
    scaled.push_back((*members)[i]);
  }
  for (std::uint32_t ordinal = 0; ordinal < count; ++ordinal) {
    if (!present[ordinal]) scaled.push_back(WithOrdinal(pattern, ordinal));
  }
  *members = std::move(scaled);
  return absl::OkStatus();
}

absl::StatusOr<Member> Read(const std::string& text) {
  const auto written = discovery::WrittenMember::Parse(text);
  if (!written.ok()) return written.status();
  return Member{written->host, written->port, written->weight};
}

std::vector<Member>::iterator Find(const Member& wanted, std::vector<Member>* members) {
  return std::find_if(members->begin(), members->end(), [&wanted](const Member& member) {
    return member.host == wanted.host && member.port == wanted.port;
  });
}

}  // namespace

absl::StatusOr<std::vector<Member>> MembersAfter(absl::Span<const Member> members,
                                                 const MembershipChange& change) {
  std::vector<Member> after(members.begin(), members.end());
  if (change.count > 0) {
    if (const absl::Status status = Scale(change.count, &after); !status.ok()) return status;
  }
  for (const std::string& text : change.remove) {
    const auto member = Read(text);
    if (!member.ok()) return member.status();
    const auto found = Find(*member, &after);
    if (found == after.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat(NameOf(*member), " cannot leave: it is no member of the pool"));
    }
    after.erase(found);
  }
  for (const std::string& text : change.add) {
    auto member = Read(text);
    if (!member.ok()) return member.status();
    if (Find(*member, &after) != after.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat(NameOf(*member), " cannot join: it is a member of the pool"));
    }
    after.push_back(*std::move(member));
  }
  if (after.empty()) {
    return absl::InvalidArgumentError("no member would be left; a pool needs one");
  }
  return after;
}

}  // namespace ringcache::admin

#include "hashring/ring.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "hashring/member_name.h"
#include "hashring/natural_order.h"
#include "hashring/ordinals.h"
#include "hashring/placement/placement_factory.h"
#include "hashring/placement/weighted_ch3.h"

namespace ringcache::hashring {
namespace {

using absl::string_view;

constexpr std::uint32_t kGap = std::numeric_limits<std::uint32_t>::max();

bool StandsBefore(const Member& a, const Member& b) {
  if (a.host != b.host) return NaturalLess(a.host, b.host);
  return a.port < b.port;
}

bool SameIdentity(const Member& a, const Member& b) { return a.host == b.host && a.port == b.port; }

absl::Status Check(const Member& member, std::size_t position) {
  const auto wrong = [&](string_view what) {
    return absl::InvalidArgumentError(absl::StrCat("member ", position + 1, ", '",
                                                   absl::CHexEscape(NameOf(member)), "', ", what));
  };
  const string_view host = member.host;
  if (host.empty()) return wrong("has no host");
  const bool is_graphic = std::all_of(
      host.begin(), host.end(), [](unsigned char c) { return c > ' ' && !absl::ascii_iscntrl(c); });
  if (!is_graphic) return wrong("has a space or a control character in its host");
  if (host.front() == '[') return wrong("has brackets; a host is given without them");
  const bool is_path = host.front() == '/';
  if (is_path && member.port != 0) return wrong("is the path of a socket, so its port is 0");
  if (!is_path && member.port == 0) return wrong("has no port");
  if (member.weight == 0) return wrong("has weight 0; the least is 1");
  return absl::OkStatus();
}

// The part of a key that is hashed, and the salt behind it. The classic protocol's longest key and
// a usual salt need no allocation, and without a salt nothing is copied.
class SaltedPart {
 public:
  SaltedPart(string_view part, string_view salt) : text_(part) {
    if (salt.empty()) return;
    salted_.reserve(part.size() + salt.size());
    salted_.assign(part.begin(), part.end());
    salted_.insert(salted_.end(), salt.begin(), salt.end());
    text_ = string_view(salted_.data(), salted_.size());
  }
  SaltedPart(const SaltedPart&) = delete;
  SaltedPart& operator=(const SaltedPart&) = delete;

  string_view text() const { return text_; }

 private:
  static constexpr std::size_t kUsualBytes = 250 + 32;

  absl::InlinedVector<char, kUsualBytes> salted_;
  string_view text_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<const Ring>> Ring::Create(RingOptions options,
                                                         std::vector<Member> members) {
  absl::Status status = options.Validate();
  if (!status.ok()) return status;
  if (members.empty()) return absl::InvalidArgumentError("a ring needs at least one member");
  if (members.size() > kMaxMembers) {
    return absl::InvalidArgumentError(
        absl::StrCat("a ring has at most ", kMaxMembers, " members; these are ", members.size()));
  }
  for (std::size_t i = 0; i < members.size(); ++i) {
    status = Check(members[i], i);
    if (!status.ok()) return status;
  }
  if (!options.weights.empty() && options.weights.size() != members.size()) {
    return absl::InvalidArgumentError(absl::StrCat("there are ", options.weights.size(),
                                                   " weights for ", members.size(),
                                                   " members; give one for each"));
  }
  std::unique_ptr<Ring> ring(new Ring(std::move(options), std::move(members)));
  status = ring->SortMembers();
  if (!status.ok()) return status;
  ring->NumberSlots();
  status = ring->Place();
  if (!status.ok()) return status;
  return ring;
}

absl::Status Ring::SortMembers() {
  by_identity_.resize(members_.size());
  std::iota(by_identity_.begin(), by_identity_.end(), 0);
  std::sort(by_identity_.begin(), by_identity_.end(), [this](std::uint32_t a, std::uint32_t b) {
    if (SameIdentity(members_[a], members_[b])) return a < b;
    return StandsBefore(members_[a], members_[b]);
  });
  for (std::size_t i = 1; i < by_identity_.size(); ++i) {
    const std::uint32_t one = by_identity_[i - 1], other = by_identity_[i];
    if (!SameIdentity(members_[one], members_[other])) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("members ", one + 1, " and ", other + 1, " are both ", NameOf(members_[one]),
                     "; give it once, with a weight if it should get more keys"));
  }
  if (RowOf(options_.placement).by_index && options_.ordering == Ordering::kListed) {
    numbering_ = Numbering::kAsListed;
    return absl::OkStatus();
  }
  std::vector<Member> sorted;
  sorted.reserve(members_.size());
  for (const std::uint32_t index : by_identity_) sorted.push_back(std::move(members_[index]));
  members_ = std::move(sorted);
  std::iota(by_identity_.begin(), by_identity_.end(), 0);
  return absl::OkStatus();
}

void Ring::NumberSlots() {
  std::vector<std::uint32_t> slot_of_member(members_.size());
  std::iota(slot_of_member.begin(), slot_of_member.end(), 0);
  if (RowOf(options_.placement).by_index && numbering_ != Numbering::kAsListed) {
    std::vector<std::uint32_t> ordinals = OrdinalsOf(members_);
    numbering_ = ordinals.empty() ? Numbering::kByPosition : Numbering::kByOrdinal;
    if (!ordinals.empty()) slot_of_member = std::move(ordinals);
  }
  const std::uint32_t highest = *std::max_element(slot_of_member.begin(), slot_of_member.end());
  member_of_slot_.assign(highest + std::size_t{1}, kGap);
  for (std::size_t i = 0; i < members_.size(); ++i) {
    member_of_slot_[slot_of_member[i]] = static_cast<std::uint32_t>(i);
  }
  gaps_ = static_cast<std::uint32_t>(member_of_slot_.size() - members_.size());
}

absl::Status Ring::Place() {
  if (!options_.weights.empty()) {
    placement_ = std::make_unique<WeightedCh3>(options_.weights);
    return absl::OkStatus();
  }
  // By index, a placement looks at the weights of its slots only; a gap weighs like the heaviest
  // member, as nothing tells what was there.
  std::vector<Member> of_slots;
  of_slots.reserve(member_of_slot_.size());
  const auto lighter = [](const Member& a, const Member& b) { return a.weight < b.weight; };
  const Member& heaviest = *std::max_element(members_.begin(), members_.end(), lighter);
  for (const std::uint32_t member : member_of_slot_) {
    of_slots.push_back(member == kGap ? heaviest : members_[member]);
  }
  absl::StatusOr<std::unique_ptr<const Placement>> placement =
      MakePlacement(options_.placement, options_.key_hash, of_slots);
  if (!placement.ok()) return placement.status();
  placement_ = *std::move(placement);
  return absl::OkStatus();
}

std::optional<std::uint32_t> Ring::Find(string_view host, std::uint16_t port) const {
  const auto stands_before = [this](std::uint32_t index, const std::pair<string_view, int>& key) {
    const Member& member = members_[index];
    if (member.host != key.first) return NaturalLess(member.host, key.first);
    return member.port < key.second;
  };
  const auto found = std::lower_bound(by_identity_.begin(), by_identity_.end(),
                                      std::pair<string_view, int>(host, port), stands_before);
  if (found == by_identity_.end()) return std::nullopt;
  const Member& member = members_[*found];
  if (member.host != host || member.port != port) return std::nullopt;
  return *found;
}

std::uint64_t Ring::HashKey(string_view key) const {
  return placement_->HashKey(SaltedPart(HashedPart(key), options_.salt).text());
}

std::uint32_t Ring::MemberOf(string_view key) const {
  // No hash is needed, and ketama's costs more than all the rest.
  if (members_.size() == 1) return 0;
  const SaltedPart part(HashedPart(key), options_.salt);
  std::uint32_t member = member_of_slot_[placement_->Locate(part.text())];
  // Slots have gaps only where they are numbers, and there every slot is ranked.
  if (member == kGap) RankPresent(part.text(), absl::MakeSpan(&member, 1));
  assert(member != kGap);
  return member;
}

std::size_t Ring::Replicas(string_view key, absl::Span<std::uint32_t> replicas) const {
  return RankPresent(SaltedPart(HashedPart(key), options_.salt).text(), replicas);
}

std::size_t Ring::RankPresent(string_view hashed_part, absl::Span<std::uint32_t> ranked) const {
  const std::size_t wanted = std::min(ranked.size(), members_.size());
  if (gaps_ == 0) {
    const std::size_t found = placement_->Rank(hashed_part, ranked.first(wanted));
    for (std::uint32_t& slot : ranked.first(found)) slot = member_of_slot_[slot];
    return found;
  }
  // Ranks ever more slots until enough of them are present: at first as many as hold that many on
  // average, and one more.
  const std::size_t first = wanted + wanted * gaps_ / members_.size() + 1;
  absl::InlinedVector<std::uint32_t, 32> slots(std::min(first, member_of_slot_.size()));
  for (;;) {
    const std::size_t count = placement_->Rank(hashed_part, absl::MakeSpan(slots));
    std::size_t found = 0;
    for (std::size_t i = 0; i < count && found < wanted; ++i) {
      const std::uint32_t member = member_of_slot_[slots[i]];
      if (member != kGap) ranked[found++] = member;
    }
    const bool is_all = count < slots.size() || slots.size() == member_of_slot_.size();
    if (found == wanted || is_all) return found;
    slots.resize(std::min(4 * slots.size(), member_of_slot_.size()));
  }
}

KeySpace Ring::Arcs() const {
  if (gaps_ > 0) return {};
  KeySpace space = placement_->Arcs();
  for (KeySpace::Arc& arc : space.arcs) arc.slot = member_of_slot_[arc.slot];
  return space;
}

}  // namespace ringcache::hashring

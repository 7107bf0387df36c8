#include "client/pool.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "net/socket_address.h"

namespace ringcache::client {
namespace {

std::string IdentityOf(const discovery::Member& member) {
  return absl::StrCat(member.name, ":", member.port);
}

}  // namespace

Pool::Pool(ConnectionResources* resources, const ClusterOptions* options)
    : resources_(resources), options_(*options), left_(resources->loop) {}

hashring::Member Pool::RingMember(const discovery::Member& member) const {
  std::string host = options_.identity == Identity::kName ? member.name : member.address.host();
  return {std::move(host), member.port, member.weight};
}

absl::Status Pool::Update(const discovery::Snapshot& snapshot) {
  std::vector<hashring::Member> ring_members;
  std::vector<const discovery::Member*> members_found;
  for (const discovery::Member& member : snapshot.members) {
    // Without an address there is no such identity yet.
    if (options_.identity == Identity::kAddress && member.address == net::SocketAddress()) continue;
    ring_members.push_back(RingMember(member));
    members_found.push_back(&member);
  }
  const Known known = KnownMembers();
  if (const absl::Status status = UpdateRing(std::move(ring_members)); !status.ok()) return status;
  Members members(ring_->members().size());
  for (std::size_t i = 0; i < members_found.size(); ++i) {
    const std::optional<std::uint32_t> index =
        ring_->Find(ring_members_[i].host, ring_members_[i].port);
    members[*index] = TakeMember(*members_found[i], known);
  }
  for (std::unique_ptr<MemberClient>& member : members_) {
    if (member != nullptr) left_.Add(std::move(member));
  }
  members_ = std::move(members);
  const auto by_share =
      static_cast<std::size_t>(options_.max_down_share * static_cast<double>(members_.size()));
  marks_.set_limit(std::min(by_share, options_.max_down_members));
  version_ = snapshot.version;
  return absl::OkStatus();
}

void Pool::Close() {
  for (const std::unique_ptr<MemberClient>& member : members_) member->Close();
}

// A ring of a thousand members takes milliseconds; when only addresses have changed, it stays.
absl::Status Pool::UpdateRing(std::vector<hashring::Member> ring_members) {
  if (ring_ != nullptr && ring_members == ring_members_) return absl::OkStatus();
  auto ring = hashring::Ring::Create(options_.ring, ring_members);
  if (!ring.ok()) return ring.status();
  ring_ = *std::move(ring);
  ring_members_ = std::move(ring_members);
  return absl::OkStatus();
}

Pool::Known Pool::KnownMembers() const {
  Known known;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    known.emplace(IdentityOf(members_[i]->member()), i);
  }
  return known;
}

// The client of that identity, brought up to date, or a new one.
std::unique_ptr<MemberClient> Pool::TakeMember(const discovery::Member& member,
                                               const Known& known) {
  const auto place = known.find(IdentityOf(member));
  if (place == known.end() || members_[place->second] == nullptr) {
    return std::make_unique<MemberClient>(resources_, member, options_.member, &marks_);
  }
  members_[place->second]->Update(member);
  return std::move(members_[place->second]);
}

std::uint32_t Pool::IndexFor(absl::string_view key, std::size_t failovers) const {
  if (ring_ == nullptr) return kNone;
  if (failovers == 0) return ring_->MemberOf(key);
  std::array<std::uint32_t, ClusterOptions::kMaxFailovers + 1> replicas;
  const std::size_t count = ring_->Replicas(key, absl::MakeSpan(replicas).first(failovers + 1));
  return failovers < count ? replicas[failovers] : kNone;
}

MemberClient* Pool::MemberFor(absl::string_view key, std::size_t failovers) const {
  const std::uint32_t index = IndexFor(key, failovers);
  return index == kNone ? nullptr : members_[index].get();
}

}  // namespace ringcache::client

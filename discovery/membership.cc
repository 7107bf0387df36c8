#include "discovery/membership.h"

#include <algorithm>
#include <cstring>
#include <set>

#include "discovery/dns_name.h"

namespace ringcache::discovery {
namespace {

// IPv4 first, then by the bytes of the address, which follow family and port in both.
bool AddressLess(const net::SocketAddress& a, const net::SocketAddress& b) {
  if (a.family() != b.family()) return a.family() < b.family();
  if (a.size() != b.size()) return a.size() < b.size();
  return std::memcmp(a.data(), b.data(), a.size()) < 0;
}
static_assert(AF_INET < AF_INET6);

// The one in use as long as it is among them.
net::SocketAddress Choose(const std::vector<net::SocketAddress>& addresses,
                          const net::SocketAddress* in_use) {
  if (in_use != nullptr &&
      std::find(addresses.begin(), addresses.end(), *in_use) != addresses.end()) {
    return *in_use;
  }
  return *std::min_element(addresses.begin(), addresses.end(), AddressLess);
}

bool HasAddress(const Member& member) { return member.address != net::SocketAddress(); }

}  // namespace

Membership::Membership(Options options) : options_(std::move(options)) {}

Membership::Entry Membership::MakeEntry(const Candidate& candidate, const Entry* before) const {
  Entry entry;
  Member& member = entry.member;
  member.name = candidate.name;
  member.port = candidate.port;
  member.weight = candidate.weight;
  member.tls_name = options_.tls_name;
  member.credentials = options_.credentials;
  const net::SocketAddress* in_use = before != nullptr ? &before->member.address : nullptr;
  if (!candidate.addresses.empty()) {
    member.address = Choose(candidate.addresses, in_use);
  } else if (in_use != nullptr) {
    member.address = *in_use;
  }
  member.vanished = !HasAddress(member);
  return entry;
}

std::vector<Membership::Entry> Membership::EntriesOf(
    const std::vector<Candidate>& candidates) const {
  std::vector<Candidate> merged;
  std::map<Identity, std::size_t> seen;
  for (const Candidate& candidate : candidates) {
    const auto [at, is_new] = seen.emplace(Identity(candidate.name, candidate.port), merged.size());
    if (is_new) {
      merged.push_back(candidate);
    } else {
      std::vector<net::SocketAddress>& addresses = merged[at->second].addresses;
      addresses.insert(addresses.end(), candidate.addresses.begin(), candidate.addresses.end());
    }
  }
  std::vector<Entry> entries;
  const bool reserves_places = options_.order == Order::kAsGiven;
  for (const Candidate& candidate : merged) {
    const auto place = places_.find(Identity(candidate.name, candidate.port));
    const Entry* before = place == places_.end() ? nullptr : &entries_[place->second];
    if (before == nullptr && candidate.addresses.empty() && !reserves_places) continue;
    entries.push_back(MakeEntry(candidate, before));
  }
  return entries;
}

// A member that has vanished stays behind the one that it was behind: the places of the others
// change when it leaves, not before.
void Membership::KeepAbsent(bool incomplete, absl::Duration now,
                            std::vector<Entry>* entries) const {
  std::map<Identity, std::size_t> present;
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const Member& member = (*entries)[i].member;
    present.emplace(Identity(member.name, member.port), i + 1);
  }
  std::vector<std::vector<Entry>> followers(entries->size() + 1);
  std::size_t predecessor = 0;
  std::multiset<absl::Duration> vanished;
  for (const Entry& old : entries_) {
    const auto found = present.find(Identity(old.member.name, old.member.port));
    if (found != present.end()) {
      predecessor = found->second;
      continue;
    }
    Entry kept = old;
    if (!incomplete) {
      kept.vanished_at = std::min(kept.vanished_at, now);
      if (now - kept.vanished_at >= options_.grace || !HasAddress(kept.member)) continue;
      kept.member.vanished = true;
    }
    if (kept.member.vanished) vanished.insert(kept.vanished_at);
    followers[predecessor].push_back(std::move(kept));
  }
  std::size_t too_many = vanished.size() > kMaxVanished ? vanished.size() - kMaxVanished : 0;
  const absl::Duration last_to_go =
      too_many == 0 ? -absl::InfiniteDuration() : *std::next(vanished.begin(), too_many - 1);
  std::vector<Entry> all;
  for (std::size_t i = 0; i < followers.size(); ++i) {
    if (i > 0) all.push_back(std::move((*entries)[i - 1]));
    for (Entry& kept : followers[i]) {
      if (too_many > 0 && kept.vanished_at <= last_to_go) {
        --too_many;
      } else {
        all.push_back(std::move(kept));
      }
    }
  }
  *entries = std::move(all);
}

std::shared_ptr<const Snapshot> Membership::Update(const std::vector<Candidate>& candidates,
                                                   bool incomplete, absl::Duration now) {
  if (std::all_of(candidates.begin(), candidates.end(),
                  [](const Candidate& candidate) { return candidate.addresses.empty(); })) {
    return nullptr;
  }
  std::vector<Entry> entries = EntriesOf(candidates);
  KeepAbsent(incomplete, now, &entries);
  if (options_.order == Order::kNatural) {
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
      if (a.member.name != b.member.name) return NaturalLess(a.member.name, b.member.name);
      return a.member.port < b.member.port;
    });
  }
  entries_ = std::move(entries);
  places_.clear();
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    places_.emplace(Identity(entries_[i].member.name, entries_[i].member.port), i);
  }
  return PublishIfChanged();
}

std::shared_ptr<const Snapshot> Membership::PublishIfChanged() {
  auto snapshot = std::make_shared<Snapshot>();
  for (const Entry& entry : entries_) snapshot->members.push_back(entry.member);
  if (current_ != nullptr && snapshot->members == current_->members) return nullptr;
  snapshot->version = current_ == nullptr ? 1 : current_->version + 1;
  current_ = std::move(snapshot);
  return current_;
}

absl::Duration Membership::next_leave() const {
  absl::Duration next = absl::InfiniteDuration();
  for (const Entry& entry : entries_) next = std::min(next, entry.vanished_at);
  return next + options_.grace;
}

}  // namespace ringcache::discovery

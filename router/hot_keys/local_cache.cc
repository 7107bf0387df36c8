#include "router/hot_keys/local_cache.h"

#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"

namespace ringcache::router {
namespace {

constexpr absl::string_view kEnd = "END\r\n";

std::uint64_t HashOf(absl::string_view key) { return absl::Hash<absl::string_view>()(key); }

}  // namespace

LocalCache::LocalCache(const LocalCacheOptions& options) : options_(options) {
  if (!enabled()) return;
  slots_.resize(options.max_keys);
  by_hash_.reserve(options.max_keys);
  for (std::size_t i = options.max_keys; i > 0; --i) {
    free_.push_back(static_cast<std::uint32_t>(i - 1));
  }
}

void LocalCache::Admit(absl::Span<const absl::string_view> keys, absl::Duration now) {
  keys = keys.subspan(0, options_.max_keys);
  absl::flat_hash_set<absl::string_view> wanted(keys.begin(), keys.end());
  for (std::uint32_t i = 0; i < slots_.size(); ++i) {
    Slot& slot = slots_[i];
    if (slot.reply != nullptr && now >= slot.expires) DropReply(&slot);
    if (!slot.key.empty() && !wanted.contains(slot.key)) Release(i);
  }
  for (const absl::string_view key : keys) {
    // A key whose hash another one has is left out.
    const auto [at, is_new] = by_hash_.try_emplace(HashOf(key), 0);
    if (!is_new) continue;
    at->second = free_.back();
    free_.pop_back();
    Slot& slot = slots_[at->second];
    slot.key = std::string(key);
    slot.version = ++last_version_;
  }
}

const LocalCache::Slot* LocalCache::SlotOf(absl::string_view key, absl::Duration now,
                                           Ticket* ticket) const {
  const auto found = by_hash_.find(HashOf(key));
  if (found == by_hash_.end()) return nullptr;
  const Slot& slot = slots_[found->second];
  if (slot.key != key) return nullptr;
  if (slot.reply != nullptr && now < slot.expires) return &slot;
  *ticket = {Ticket::Kind::kRead, found->second, slot.version, now + options_.ttl};
  return nullptr;
}

client::OutgoingValue LocalCache::Find(absl::string_view key, absl::Duration now,
                                       Ticket* ticket) const {
  client::OutgoingValue found = FindWithEnd(key, now, ticket);
  if (found.owner != nullptr) found.bytes.remove_suffix(kEnd.size());
  return found;
}

client::OutgoingValue LocalCache::FindWithEnd(absl::string_view key, absl::Duration now,
                                              Ticket* ticket) const {
  const Slot* const slot = SlotOf(key, now, ticket);
  if (slot == nullptr) return {};
  return {*slot->reply, slot->reply};
}

void LocalCache::Keep(const Ticket& ticket, absl::string_view head, absl::string_view value,
                      absl::string_view tail) {
  Slot& slot = slots_[ticket.slot];
  if (slot.version != ticket.version) return;
  // One that was sent later, or at the same time, has been kept.
  if (slot.reply != nullptr && slot.expires >= ticket.expires) return;
  DropReply(&slot);
  const std::size_t bytes = head.size() + value.size() + tail.size() + kEnd.size();
  if (bytes > kMaxReplyBytes || bytes > options_.max_bytes - bytes_) return;
  slot.reply = std::make_shared<const std::string>(absl::StrCat(head, value, tail, kEnd));
  slot.expires = ticket.expires;
  bytes_ += bytes;
}

LocalCache::Ticket LocalCache::BeginWrite(absl::string_view key) {
  const std::uint64_t hash = HashOf(key);
  DropSlotOf(hash);
  Ticket ticket;
  ticket.kind = Ticket::Kind::kWrite;
  ticket.version = hash;
  return ticket;
}

// By the hash alone: another key's copy that goes with it is fetched again.
void LocalCache::DropSlotOf(std::uint64_t hash) {
  const auto found = by_hash_.find(hash);
  if (found == by_hash_.end()) return;
  Slot& slot = slots_[found->second];
  slot.version = ++last_version_;
  DropReply(&slot);
}

void LocalCache::DropAll() {
  for (Slot& slot : slots_) {
    slot.version = ++last_version_;
    DropReply(&slot);
  }
}

void LocalCache::DropReply(Slot* slot) {
  if (slot->reply == nullptr) return;
  bytes_ -= slot->reply->size();
  slot->reply.reset();
}

void LocalCache::Release(std::uint32_t index) {
  Slot& slot = slots_[index];
  DropReply(&slot);
  by_hash_.erase(HashOf(slot.key));
  slot.key.clear();
  slot.version = ++last_version_;
  free_.push_back(index);
}

}  // namespace ringcache::router

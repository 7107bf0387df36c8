// The operations of a Store that put items in place of others.

#include <array>
#include <charconv>
#include <cstring>
#include <utility>

#include "storage/store.h"

namespace ringcache::storage {
namespace {

// How often an operation on a present item may find it replaced meanwhile before it gives up.
constexpr int kMaxReplaceAttempts = 1000;
constexpr std::size_t kMaxNumberBytes = 20;

enum class CasMatch { kEqual, kOlder, kDifferent };

// Whether the condition's CAS id allows `present` to be replaced.
CasMatch Compare(const StoreCondition& condition, const Item& present) {
  if (!condition.compare_cas || condition.cas == present.cas()) return CasMatch::kEqual;
  const bool older = condition.accept_older_cas && condition.cas < present.cas();
  return older ? CasMatch::kOlder : CasMatch::kDifferent;
}

// Whether the condition lets an item be stored where `present` is, or nothing if it is null:
// kStored if so, else the outcome.
StoreOutcome Judge(const StoreCondition& condition, const Item* present) {
  if (present == nullptr) {
    if (condition.compare_cas) return StoreOutcome::kNotFound;
    const bool replaces = condition.mode == StoreMode::kReplace;
    return replaces ? StoreOutcome::kNotStored : StoreOutcome::kStored;
  }
  if (Compare(condition, *present) == CasMatch::kDifferent) return StoreOutcome::kExists;
  return condition.mode == StoreMode::kAdd ? StoreOutcome::kNotStored : StoreOutcome::kStored;
}

bool ParseNumber(absl::string_view text, std::uint64_t& number) {
  const char* const end = text.data() + text.size();
  const auto [parsed, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc()) return false;
  for (const char* at = parsed; at < end; ++at) {
    if (*at != ' ') return false;
  }
  return true;
}

std::uint64_t Apply(const ArithmeticOptions& options, std::uint64_t number) {
  if (!options.decrement) return number + options.delta;
  return number > options.delta ? number - options.delta : 0;
}

Arrival ArrivalInPlaceOf(const Item& present) {
  // Without the class's lock: the item may move this moment; either answer is a fair one.
  const bool is_main = present.queue.load(std::memory_order_relaxed) == EvictionNode::kMainQueue;
  return is_main ? Arrival::kProtected : Arrival::kNew;
}

}  // namespace

StoreResult Store::Link(PendingItem& pending, const StoreCondition& condition, UnixSeconds now,
                        Predecessor predecessor) {
  Observe(now);
  Item& item = *pending.mutable_item();
  Arrival arrival = Arrival::kNew;
  std::uint64_t cas = 0;
  PinnedItem dropped;
  {
    Guard guard(index_, pending.hash_);
    const Moment moment = MomentAt(now);
    Slot slot;
    Item* const present = FindLive(guard, item.key(), pending.hash_, moment, slot, dropped);
    if (predecessor.item != nullptr && present != predecessor.item) {
      return {.outcome = StoreOutcome::kNotStored};
    }
    const StoreOutcome outcome = Judge(condition, present);
    if (outcome != StoreOutcome::kStored) return Refuse(outcome, present);
    if (present != nullptr) {
      if (Compare(condition, *present) == CasMatch::kOlder) {
        item.set_expires_at(present->expires_at());
        item.set_stale(true);
        item.set_win_sent(present->win_sent());
      }
      if (predecessor.pass_on_expiry) item.set_expires_at(present->expires_at());
      if (predecessor.pass_on_marks) {
        item.set_stale(present->stale());
        item.set_win_sent(present->win_sent());
      }
      arrival = ArrivalInPlaceOf(*present);
    }
    item.set_cas(condition.use_new_cas ? condition.new_cas : NextCas(pending.hash_));
    cas = item.cas();
    item.set_epoch(moment.epoch);
    if (condition.win_sent) item.set_win_sent(true);
    const ItemHandle handle = nodes_.HandleOf(&item);
    if (slot) {
      index_.Replace(slot, handle);
      dropped = PinnedItem(this, present);  // the index's reference
    } else if (!index_.Insert(guard, pending.hash_, handle)) {
      return {.outcome = StoreOutcome::kOutOfMemory};
    }
    // The index's reference; relaxed: published by the guard's release.
    item.references().fetch_add(1, std::memory_order_relaxed);
  }
  // Our own reference keeps the item until it is in its queue, even if it is deleted meanwhile.
  Enqueue(item, pending.hash_, arrival);
  return {.outcome = StoreOutcome::kStored,
          .size_class = ClassOf(item),
          .cas = cas,
          .value_bytes = static_cast<std::uint32_t>(item.value_bytes()),
          .number = 0,
          .expires_at = item.expires_at()};
}

StoreResult Store::Refuse(StoreOutcome outcome, Item* present) const {
  if (present == nullptr) return {.outcome = outcome};
  // An add that fails shows interest, as in memcached.
  if (outcome == StoreOutcome::kNotStored) present->NoteUse(EvictionNode::kNotFetched);
  return {.outcome = outcome, .size_class = ClassOf(*present)};
}

bool Store::PutInPlace(absl::string_view key, std::uint64_t hash, absl::string_view value,
                       std::uint32_t client_flags, UnixSeconds expires_at, UnixSeconds now,
                       const StoreCondition& condition, StoreResult& result) {
  Observe(now);
  PinnedItem dropped;
  {
    Guard guard(index_, hash);
    Slot slot;
    Item* const present = FindLive(guard, key, hash, MomentAt(now), slot, dropped);
    result.outcome = Judge(condition, present);
    if (result.outcome != StoreOutcome::kStored) {
      result = Refuse(result.outcome, present);
      return true;
    }
    if (present == nullptr) return false;
    const std::size_t bytes_before = present->total_bytes();
    const std::size_t bytes_after = bytes_before - present->value_bytes() + value.size();
    result.size_class = ClassOf(*present);
    const bool fits = size_classes_.ClassFor(bytes_after) == result.size_class &&
                      (present->client_flags() != 0) == (client_flags != 0);
    // Only the index holds it: nobody sends the bytes. Acquire: the last pin's reads are over.
    const bool alone = present->references().load(std::memory_order_acquire) == 1;
    // What an evictor has picked goes in a moment, and what was put there with it.
    const bool stays = present->queue.load(std::memory_order_relaxed) != EvictionNode::kLeaving;
    const bool plain = Compare(condition, *present) == CasMatch::kEqual && !condition.win_sent;
    if (!fits || !alone || !stays || !plain) return false;
    if (bytes_after != bytes_before) {
      StateOf(result.size_class)
          .item_bytes.fetch_add(bytes_after - bytes_before, std::memory_order_relaxed);
    }
    present->Overwrite(value, client_flags, expires_at, now);
    present->set_cas(condition.use_new_cas ? condition.new_cas : NextCas(hash));
    result.cas = present->cas();
  }
  result.value_bytes = static_cast<std::uint32_t>(value.size());
  result.expires_at = expires_at;
  return true;
}

StoreResult Store::Put(absl::string_view key, std::uint64_t hash, absl::string_view value,
                       std::uint32_t client_flags, UnixSeconds expires_at, UnixSeconds now,
                       const StoreCondition& condition) {
  StoreResult result;
  if (!Appends(condition.mode) && value.size() < options_.max_item_bytes - 2 * kMaxKeyBytes &&
      PutInPlace(key, hash, value, client_flags, expires_at, now, condition, result)) {
    return result;
  }
  PendingItem pending = Allocate(key, hash, value.size(), client_flags, expires_at, now);
  if (!pending) return {.outcome = pending.failure()};
  std::memcpy(pending.value().data(), value.data(), value.size());
  return Commit(std::move(pending), condition, now);
}

StoreResult Store::Commit(PendingItem pending, const StoreCondition& condition, UnixSeconds now) {
  const StoreResult result = Appends(condition.mode)
                                 ? CommitAppend(std::move(pending), condition, now)
                                 : Link(pending, condition, now, Predecessor());
  if (result.outcome == StoreOutcome::kStored) {
    if (index_.WantsToGrow()) GrowIndex();
    SweepStep();
  }
  return result;
}

StoreResult Store::CommitAppend(PendingItem pending, const StoreCondition& condition,
                                UnixSeconds now) {
  const absl::string_view key = pending.item().key();
  const absl::string_view added = pending.item().value();
  for (int attempt = 0; attempt < kMaxReplaceAttempts; ++attempt) {
    PinnedItem present;
    StoreResult refusal;
    const Lookup lookup = Access(key, pending.hash_, now, [&](ItemEditor& editor) {
      if (Compare(condition, editor.item()) == CasMatch::kDifferent) {
        refusal = {.outcome = StoreOutcome::kExists, .size_class = editor.size_class()};
        return;
      }
      present = editor.Pin();
      if (!present) refusal.outcome = StoreOutcome::kOutOfMemory;
    });
    if (refusal.outcome != StoreOutcome::kStored) return refusal;
    if (lookup != Lookup::kHit) {
      if (condition.compare_cas) return {.outcome = StoreOutcome::kNotFound};
      if (!condition.create) return {.outcome = StoreOutcome::kNotStored};
      StoreCondition add = condition;
      add.mode = StoreMode::kAdd;
      const StoreResult result = Link(pending, add, now, Predecessor());
      if (result.outcome == StoreOutcome::kNotStored)
        continue;  // another was quicker: append to it
      return result;
    }
    const absl::string_view old = present->value();
    PendingItem joined = Allocate(key, pending.hash_, old.size() + added.size(),
                                  present->client_flags(), present->expires_at(), now);
    if (!joined) return {.outcome = joined.failure()};
    const bool append = condition.mode == StoreMode::kAppend;
    char* const out = joined.value().data();
    std::memcpy(out + (append ? 0 : added.size()), old.data(), old.size());
    std::memcpy(out + (append ? old.size() : 0), added.data(), added.size());
    const StoreResult result = Link(joined, condition, now, {&*present, true, false});
    if (result.outcome != StoreOutcome::kNotStored) return result;
  }
  return {.outcome = StoreOutcome::kNotStored};
}

StoreResult Store::Arithmetic(absl::string_view key, std::uint64_t hash, UnixSeconds now,
                              const ArithmeticOptions& options) {
  for (int attempt = 0; attempt < kMaxReplaceAttempts; ++attempt) {
    PinnedItem present;
    StoreResult result;
    std::array<char, kMaxNumberBytes> digits;
    std::size_t length = 0;
    const Lookup lookup = Access(key, hash, now, [&](ItemEditor& editor) {
      Item& item = *editor.item_;
      if (options.compare_cas && options.cas != item.cas()) {
        result.outcome = StoreOutcome::kExists;
        result.size_class = editor.size_class();
        return;
      }
      if (!ParseNumber(item.value(), result.number)) {
        result.outcome = StoreOutcome::kNonNumeric;
        return;
      }
      item.NoteUse(EvictionNode::kNotFetched);
      result.number = Apply(options, result.number);
      length = static_cast<std::size_t>(
          std::to_chars(digits.data(), digits.data() + digits.size(), result.number).ptr -
          digits.data());
      const absl::Span<char> value = item.mutable_value();
      // Only the index holds it: nobody is sending the bytes. Acquire: the last pin's reads are
      // over.
      const bool in_place =
          length <= value.size() && item.references().load(std::memory_order_acquire) == 1;
      if (!in_place) {
        present = editor.Pin();
        if (!present) result.outcome = StoreOutcome::kOutOfMemory;
        return;
      }
      std::memcpy(value.data(), digits.data(), length);
      std::memset(value.data() + length, ' ', value.size() - length);
      item.set_cas(options.use_new_cas ? options.new_cas : NextCas(hash));
      if (options.set_expires_at) item.set_expires_at(options.expires_at);
      result.cas = item.cas();
      result.size_class = editor.size_class();
      result.value_bytes = static_cast<std::uint32_t>(value.size());
      result.expires_at = item.expires_at();
    });
    if (lookup != Lookup::kHit) return {.outcome = StoreOutcome::kNotFound};
    if (!present) return result;
    const std::size_t width = std::max(length, present->value_bytes());
    PendingItem pending =
        Allocate(key, hash, width, present->client_flags(),
                 options.set_expires_at ? options.expires_at : present->expires_at(), now);
    if (!pending) return {.outcome = pending.failure()};
    std::memcpy(pending.value().data(), digits.data(), length);
    std::memset(pending.value().data() + length, ' ', width - length);
    StoreCondition replace;
    replace.compare_cas = options.compare_cas;
    replace.cas = options.cas;
    replace.use_new_cas = options.use_new_cas;
    replace.new_cas = options.new_cas;
    StoreResult linked = Link(pending, replace, now, {&*present, !options.set_expires_at, true});
    linked.number = result.number;
    if (linked.outcome != StoreOutcome::kNotStored) return linked;
  }
  return {.outcome = StoreOutcome::kOutOfMemory};
}

StoreResult Store::Remove(absl::string_view key, std::uint64_t hash, UnixSeconds now,
                          const RemoveOptions& options) {
  if (options.drop_value) return DropValue(key, hash, now, options);
  Observe(now);
  PinnedItem dropped;
  Guard guard(index_, hash);
  Slot slot;
  Item* const item = FindLive(guard, key, hash, MomentAt(now), slot, dropped);
  if (item == nullptr) return {.outcome = StoreOutcome::kNotFound};
  if (options.compare_cas && options.cas != item->cas()) {
    return {.outcome = StoreOutcome::kExists, .size_class = ClassOf(*item)};
  }
  StoreResult result;
  result.size_class = ClassOf(*item);
  if (!options.mark_stale) {
    dropped = Unlink(guard, slot);
    return result;
  }
  item->set_stale(true);
  item->set_win_sent(false);
  if (options.set_expires_at) item->set_expires_at(options.expires_at);
  item->set_cas(options.use_new_cas ? options.new_cas : NextCas(hash));
  result.cas = item->cas();
  result.value_bytes = static_cast<std::uint32_t>(item->value_bytes());
  result.expires_at = item->expires_at();
  return result;
}

StoreResult Store::DropValue(absl::string_view key, std::uint64_t hash, UnixSeconds now,
                             const RemoveOptions& options) {
  for (int attempt = 0; attempt < kMaxReplaceAttempts; ++attempt) {
    PinnedItem present;
    StoreOutcome refusal = StoreOutcome::kNotFound;
    Access(key, hash, now, [&](ItemEditor& editor) {
      refusal = StoreOutcome::kExists;
      if (options.compare_cas && options.cas != editor.item().cas()) return;
      refusal = StoreOutcome::kOutOfMemory;
      present = editor.Pin();
    });
    if (!present) return {.outcome = refusal};
    PendingItem empty = Allocate(
        key, hash, 0, 0, options.set_expires_at ? options.expires_at : present->expires_at(), now);
    if (!empty) return {.outcome = empty.failure()};
    empty.mutable_item()->set_stale(options.mark_stale);
    StoreCondition replace;
    replace.compare_cas = options.compare_cas;
    replace.cas = options.cas;
    replace.use_new_cas = options.use_new_cas;
    replace.new_cas = options.new_cas;
    const StoreResult result =
        Link(empty, replace, now, {&*present, !options.set_expires_at, !options.mark_stale});
    if (result.outcome != StoreOutcome::kNotStored) return result;
  }
  return {.outcome = StoreOutcome::kOutOfMemory};
}

}  // namespace ringcache::storage

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
CasMatch Compare(const StoreCondition& condition, std::uint64_t present) {
  if (!condition.compare_cas || condition.cas == present) return CasMatch::kEqual;
  const bool older = condition.accept_older_cas && condition.cas < present;
  return older ? CasMatch::kOlder : CasMatch::kDifferent;
}

// Whether the condition lets an item be stored where there is one with the CAS id `present`, or
// none: kStored if so, else the outcome.
StoreOutcome Judge(const StoreCondition& condition, bool is_present, std::uint64_t present) {
  if (!is_present) {
    if (condition.compare_cas) return StoreOutcome::kNotFound;
    const bool replaces = condition.mode == StoreMode::kReplace;
    return replaces ? StoreOutcome::kNotStored : StoreOutcome::kStored;
  }
  if (Compare(condition, present) == CasMatch::kDifferent) return StoreOutcome::kExists;
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
  const bool is_main = present.queue() == EvictionNode::kMainQueue;
  return is_main ? Arrival::kProtected : Arrival::kNew;
}

}  // namespace

StoreResult Store::Link(PendingItem& pending, const StoreCondition& condition, UnixSeconds now,
                        Predecessor predecessor) {
  Observe(now);
  if (condition.use_new_cas && !CanKeepCas(pending.item(), condition.new_cas)) {
    if (!Widen(pending, now)) return {.outcome = StoreOutcome::kOutOfMemory};
  }
  // Where bytes are missing, there was no memory for them.
  if (!ValueLayout::IsComplete(pending.item())) return {.outcome = StoreOutcome::kOutOfMemory};
  Item& item = *pending.item_;
  Arrival arrival = Arrival::kNew;
  StoreResult stored;
  RemovedItem dropped;
  {
    Guard guard(index_, pending.hash_);
    const Moment moment = MomentAt(now);
    Slot slot;
    Item* const present = FindLive(guard, item.key(), pending.hash_, moment, slot, dropped);
    if (predecessor.item != nullptr && present != predecessor.item) {
      return {.outcome = StoreOutcome::kNotStored};
    }
    const StoreOutcome outcome =
        Judge(condition, present != nullptr, present != nullptr ? CasOf(*present) : 0);
    if (outcome != StoreOutcome::kStored) return Refuse(outcome, present);
    if (present != nullptr) {
      if (Compare(condition, CasOf(*present)) == CasMatch::kOlder) {
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
    SetCas(item, condition.use_new_cas ? condition.new_cas : NextCas(pending.hash_));
    item.set_epoch(moment.epoch);
    if (condition.win_sent) item.set_win_sent(true);
    stored = EnterIndex(guard, slot, pending, dropped);
    if (stored.outcome != StoreOutcome::kStored) return stored;
  }
  Enqueue(item, pending.hash_, arrival, /*is_new=*/true);
  return stored;
}

StoreResult Store::EnterIndex(const Guard& guard, Slot slot, PendingItem& pending,
                              RemovedItem& dropped) {
  Item& item = *pending.item_;
  const ItemHandle handle = nodes_.HandleOf(&item);
  // Nobody frees it until it is in its queue, even if it is deleted meanwhile.
  item.SetQueue(EvictionNode::kEntering);
  if (slot) {
    Item& present = ItemAt(index_.HandleAt(slot));
    UncountSize(present);
    index_.Replace(slot, handle);
    dropped = RemovedItem(this, &present);
  } else if (!index_.Insert(guard, pending.hash_, handle)) {
    item.SetQueue(EvictionNode::kNoQueue);
    return {.outcome = StoreOutcome::kOutOfMemory};
  }
  CountSize(item);
  pending.Forget();
  return {.outcome = StoreOutcome::kStored,
          .size_class = ClassOf(item),
          .cas = CasOf(item),
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
  RemovedItem dropped;
  {
    Guard guard(index_, hash);
    Slot slot;
    Item* const present = FindLive(guard, key, hash, MomentAt(now), slot, dropped);
    result.outcome = Judge(condition, present != nullptr, present != nullptr ? CasOf(*present) : 0);
    if (result.outcome != StoreOutcome::kStored) {
      result = Refuse(result.outcome, present);
      return true;
    }
    if (present == nullptr) return false;
    if (present->is_chunked()) return false;
    const std::size_t bytes_before = present->total_bytes();
    const std::size_t bytes_after = bytes_before - present->value_bytes() + value.size();
    result.size_class = ClassOf(*present);
    const bool fits = !layout_.IsChunked(bytes_after) &&
                      size_classes_.ClassFor(bytes_after) == result.size_class &&
                      (present->client_flags() != 0) == (client_flags != 0);
    const bool alone = IsAlone(*present);
    // What an evictor has picked goes in a moment, and what was put there with it; what is on its
    // way to its queue has yet to be counted.
    const EvictionNode::Queue queue = present->queue();
    const bool stays = queue == EvictionNode::kProbationQueue || queue == EvictionNode::kMainQueue;
    const bool plain = Compare(condition, CasOf(*present)) == CasMatch::kEqual &&
                       !condition.win_sent &&
                       (!condition.use_new_cas || CanKeepCas(*present, condition.new_cas));
    if (!fits || !alone || !stays || !plain) return false;
    if (bytes_after != bytes_before) {
      StateOf(result.size_class)
          .item_bytes.fetch_add(bytes_after - bytes_before, std::memory_order_relaxed);
    }
    UncountSize(*present);
    present->Overwrite(value, client_flags, expires_at, now);
    SetCas(*present, condition.use_new_cas ? condition.new_cas : NextCas(hash));
    CountSize(*present);
    result.cas = CasOf(*present);
  }
  result.value_bytes = static_cast<std::uint32_t>(value.size());
  result.expires_at = expires_at;
  return true;
}

StoreResult Store::Put(absl::string_view key, std::uint64_t hash, absl::string_view value,
                       std::uint32_t client_flags, UnixSeconds expires_at, UnixSeconds now,
                       const StoreCondition& condition) {
  StoreResult result;
  if (!Appends(condition.mode) && !layout_.IsChunked(value.size()) &&
      PutInPlace(key, hash, value, client_flags, expires_at, now, condition, result)) {
    return result;
  }
  PendingItem pending =
      AllocateWith(cas_field(), key, hash, value.size(), client_flags, expires_at, now);
  if (!pending) return {.outcome = pending.failure()};
  if (!pending.Fill(0, value, now)) return {.outcome = StoreOutcome::kOutOfMemory};
  return Commit(std::move(pending), condition, now);
}

StoreResult Store::Commit(PendingItem pending, const StoreCondition& condition, UnixSeconds now) {
  const StoreResult result = Appends(condition.mode)
                                 ? CommitAppend(std::move(pending), condition, now)
                                 : Link(pending, condition, now, Predecessor());
  if (result.outcome == StoreOutcome::kStored) TendIndex();
  return result;
}

StoreResult Store::CommitAppend(PendingItem pending, const StoreCondition& condition,
                                UnixSeconds now) {
  for (int attempt = 0; attempt < kMaxReplaceAttempts; ++attempt) {
    // Each time anew: an attempt to add it may have moved it.
    const absl::string_view key = pending.item().key();
    const Item& added = pending.item();
    PinnedItem present;
    StoreResult refusal;
    const Lookup lookup = Access(key, pending.hash_, now, [&](ItemEditor& editor) {
      if (Compare(condition, editor.cas()) == CasMatch::kDifferent) {
        refusal = {.outcome = StoreOutcome::kExists, .size_class = editor.size_class()};
        return;
      }
      present = PinAlways(*editor.item_);
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
    const std::size_t old_bytes = present->value_bytes();
    PendingItem joined =
        AllocateWith(cas_field(), key, pending.hash_, old_bytes + added.value_bytes(),
                     present->client_flags(), present->expires_at(), now);
    if (!joined) return {.outcome = joined.failure()};
    const bool append = condition.mode == StoreMode::kAppend;
    if (!CopyValue(*present, joined, append ? 0 : added.value_bytes(), now) ||
        !CopyValue(added, joined, append ? old_bytes : 0, now)) {
      return {.outcome = StoreOutcome::kOutOfMemory};
    }
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
      if (options.compare_cas && options.cas != editor.cas()) {
        result.outcome = StoreOutcome::kExists;
        result.size_class = editor.size_class();
        return;
      }
      if (item.is_chunked() || !ParseNumber(item.value(), result.number)) {
        result.outcome = StoreOutcome::kNonNumeric;
        return;
      }
      item.NoteUse(EvictionNode::kNotFetched);
      result.number = Apply(options, result.number);
      length = static_cast<std::size_t>(
          std::to_chars(digits.data(), digits.data() + digits.size(), result.number).ptr -
          digits.data());
      const absl::Span<char> value = item.mutable_value();
      const bool in_place = length <= value.size() && IsAloneNow(item) &&
                            (!options.use_new_cas || CanKeepCas(item, options.new_cas));
      if (!in_place) {
        present = PinAlways(item);
        return;
      }
      std::memcpy(value.data(), digits.data(), length);
      std::memset(value.data() + length, ' ', value.size() - length);
      UncountSize(item);
      SetCas(item, options.use_new_cas ? options.new_cas : NextCas(hash));
      CountSize(item);
      if (options.set_expires_at) item.set_expires_at(options.expires_at);
      result.cas = CasOf(item);
      result.size_class = editor.size_class();
      result.value_bytes = static_cast<std::uint32_t>(value.size());
      result.expires_at = item.expires_at();
    });
    if (lookup != Lookup::kHit) return {.outcome = StoreOutcome::kNotFound};
    if (!present) return result;
    const std::size_t width = std::max(length, present->value_bytes());
    PendingItem pending =
        AllocateWith(cas_field(), key, hash, width, present->client_flags(),
                     options.set_expires_at ? options.expires_at : present->expires_at(), now);
    if (!pending) return {.outcome = pending.failure()};
    char* const out = pending.item_->mutable_value().data();
    std::memcpy(out, digits.data(), length);
    std::memset(out + length, ' ', width - length);
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
  const bool replaces = options.drop_value || (options.use_new_cas && options.mark_stale &&
                                               !Item::FitsNarrow(options.new_cas, cas_base_));
  if (replaces) return RemoveByReplacing(key, hash, now, options);
  Observe(now);
  RemovedItem dropped;
  Guard guard(index_, hash);
  Slot slot;
  Item* const item = FindLive(guard, key, hash, MomentAt(now), slot, dropped);
  if (item == nullptr) return {.outcome = StoreOutcome::kNotFound};
  if (options.compare_cas && options.cas != CasOf(*item)) {
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
  UncountSize(*item);
  SetCas(*item, options.use_new_cas ? options.new_cas : NextCas(hash));
  CountSize(*item);
  result.cas = CasOf(*item);
  result.value_bytes = static_cast<std::uint32_t>(item->value_bytes());
  result.expires_at = item->expires_at();
  return result;
}

StoreResult Store::RemoveByReplacing(absl::string_view key, std::uint64_t hash, UnixSeconds now,
                                     const RemoveOptions& options) {
  for (int attempt = 0; attempt < kMaxReplaceAttempts; ++attempt) {
    PinnedItem present;
    StoreOutcome refusal = StoreOutcome::kNotFound;
    Access(key, hash, now, [&](ItemEditor& editor) {
      refusal = StoreOutcome::kExists;
      if (options.compare_cas && options.cas != editor.cas()) return;
      present = PinAlways(*editor.item_);
    });
    if (!present) return {.outcome = refusal};
    PendingItem copy =
        AllocateWith(cas_field(), key, hash, options.drop_value ? 0 : present->value_bytes(),
                     options.drop_value ? 0 : present->client_flags(),
                     options.set_expires_at ? options.expires_at : present->expires_at(), now);
    if (!copy) return {.outcome = copy.failure()};
    if (!options.drop_value && !CopyValue(*present, copy, 0, now)) {
      return {.outcome = StoreOutcome::kOutOfMemory};
    }
    copy.item_->set_stale(options.mark_stale);
    StoreCondition replace;
    replace.compare_cas = options.compare_cas;
    replace.cas = options.cas;
    replace.use_new_cas = options.use_new_cas;
    replace.new_cas = options.new_cas;
    const StoreResult result =
        Link(copy, replace, now, {&*present, !options.set_expires_at, !options.mark_stale});
    if (result.outcome != StoreOutcome::kNotStored) return result;
  }
  return {.outcome = StoreOutcome::kOutOfMemory};
}

}  // namespace ringcache::storage

#include "storage/store_model.h"

#include <charconv>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"

namespace ringcache::storage {
ModelledStore::ModelledStore(const StoreOptions& options, Choose choose)
    : max_item_bytes_(options.max_item_bytes),
      choose_(std::move(choose)),
      store_(Store::Create(options).value()) {}

ModelledStore::ModelItem* ModelledStore::Find(const std::string& key) {
  const auto found = model_.find(key);
  if (found == model_.end()) return nullptr;
  const UnixSeconds expires_at = found->second.expires_at;
  if (expires_at == kNever || expires_at > now_) return &found->second;
  model_.erase(found);
  return nullptr;
}

std::string ModelledStore::ChooseValue() {
  switch (choose_(4)) {
    case 0:
      return std::to_string(choose_(2000));
    case 1:
      return std::string(choose_(60), 'a');
    case 2:
      return std::string(choose_(4000), 'b');
    default:
      return choose_(16) == 0 ? std::string(choose_(max_item_bytes_ + 100), 'c')
                              : "18446744073709551610";
  }
}

UnixSeconds ModelledStore::ChooseExpiry() {
  return choose_(3) != 0 ? kNever : now_ + static_cast<UnixSeconds>(choose_(20));
}

void ModelledStore::Fail(const std::string& key, absl::string_view what) {
  absl::StrAppend(&problem_, what, " (key ", key, ", time ", now_, "); ");
}

void ModelledStore::Compare(const std::string& key) {
  const ModelItem* const expected = Find(key);
  const Lookup lookup = store_->Access(key, store_->Hash(key), now_, [&](ItemEditor& editor) {
    const Item& item = editor.item();
    if (expected == nullptr) return Fail(key, "an item that should be gone");
    if (editor.CopyValue() != expected->value) Fail(key, "another value");
    if (item.client_flags() != expected->client_flags) Fail(key, "other client flags");
    if (item.expires_at() != expected->expires_at) Fail(key, "another expiry");
    if (item.stale() != expected->stale) Fail(key, "another staleness");
    if (editor.cas() != expected->cas) Fail(key, "another CAS id");
  });
  if (lookup == Lookup::kHit || expected == nullptr) return;
  if (++misses_explained_ > evictions()) Fail(key, "lost without an eviction");
  model_.erase(key);
}

void ModelledStore::Expect(const std::string& key, StoreOutcome expected, StoreOutcome actual,
                           absl::string_view operation) {
  if (expected == actual) return;
  // A class of large items has few chunks, and all of them may be held.
  if (actual == StoreOutcome::kOutOfMemory && bytes_wanted_ > 250'000) return;
  // The operation may have evicted its own key to make room: both forget it.
  if (evictions() > evictions_before_) {
    ++misses_explained_;
    store_->Remove(key, store_->Hash(key), now_);
    model_.erase(key);
    return;
  }
  Fail(key, absl::StrCat(operation, " gave outcome ", static_cast<int>(actual), ", not ",
                         static_cast<int>(expected)));
}

void ModelledStore::Put(const std::string& key) {
  const ModelItem* const present = Find(key);
  StoreCondition condition;
  condition.mode = static_cast<StoreMode>(choose_(5));
  condition.compare_cas = choose_(4) == 0;
  condition.cas = present != nullptr && choose_(2) == 0 ? present->cas : choose_(100);
  condition.create = choose_(4) == 0;
  ModelItem item{ChooseValue(), static_cast<std::uint32_t>(choose_(3)), ChooseExpiry(), false, 0};
  const bool joins = condition.mode == StoreMode::kAppend || condition.mode == StoreMode::kPrepend;
  const auto too_large = [&](const ModelItem& made) {
    return Item::TotalBytes(key.size(), made.value.size(), CasField::kNarrow,
                            made.client_flags != 0) > max_item_bytes_;
  };

  StoreOutcome expected = StoreOutcome::kStored;
  const std::string given = item.value;
  if (too_large(item)) {
    expected = StoreOutcome::kTooLarge;
  } else if (present == nullptr) {
    const bool create = joins ? condition.create : condition.mode != StoreMode::kReplace;
    if (!create) expected = StoreOutcome::kNotStored;
    if (condition.compare_cas) expected = StoreOutcome::kNotFound;
  } else if (condition.compare_cas && condition.cas != present->cas) {
    expected = StoreOutcome::kExists;
  } else if (condition.mode == StoreMode::kAdd) {
    expected = StoreOutcome::kNotStored;
  } else if (joins) {
    const bool append = condition.mode == StoreMode::kAppend;
    item = *present;
    item.value = append ? present->value + given : given + present->value;
    item.stale = false;
    if (too_large(item)) expected = StoreOutcome::kTooLarge;
  }
  bytes_wanted_ = item.value.size();
  const UnixSeconds expires_at = joins && present != nullptr ? ChooseExpiry() : item.expires_at;
  const StoreResult result = store_->Put(key, given, joins && present ? 1 : item.client_flags,
                                         expires_at, now_, condition);
  Expect(key, expected, result.outcome, "put");
  if (result.outcome != StoreOutcome::kStored || expected != StoreOutcome::kStored) return;
  if (present != nullptr && result.cas <= present->cas) Fail(key, "a CAS id that did not grow");
  if (present != nullptr && joins && present->value.empty() && evictions() > evictions_before_) {
    // Appended to, or evicted and created anew: the length does not tell. Both forget it.
    store_->Remove(key, store_->Hash(key), now_);
    model_.erase(key);
    return;
  }
  if (result.value_bytes != item.value.size() && evictions() > evictions_before_) {
    // The item to append to was evicted to make room, so this one was created.
    ++misses_explained_;
    item = {given, 1, expires_at, false, 0};
  }
  item.cas = result.cas;
  model_[key] = item;
}

void ModelledStore::Count(const std::string& key) {
  ModelItem* const present = Find(key);
  ArithmeticOptions options;
  options.delta = choose_(1000);
  options.decrement = choose_(2) == 0;
  StoreOutcome expected = StoreOutcome::kStored;
  std::uint64_t number = 0;
  if (present == nullptr) {
    expected = StoreOutcome::kNotFound;
  } else {
    const std::string& text = present->value;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::size_t digits = static_cast<std::size_t>(end - text.data());
    if (error != std::errc() || text.find_first_not_of(' ', digits) != std::string::npos) {
      expected = StoreOutcome::kNonNumeric;
    }
  }
  const StoreResult result = store_->Arithmetic(key, store_->Hash(key), now_, options);
  Expect(key, expected, result.outcome, "arithmetic");
  if (result.outcome != StoreOutcome::kStored || expected != StoreOutcome::kStored) return;
  if (!options.decrement) {
    number += options.delta;
  } else {
    number = number > options.delta ? number - options.delta : 0;
  }
  if (result.number != number) Fail(key, "another number");
  std::string text = std::to_string(number);
  if (text.size() < present->value.size()) text.resize(present->value.size(), ' ');
  present->value = text;
  present->cas = result.cas;
}

void ModelledStore::Remove(const std::string& key) {
  ModelItem* const present = Find(key);
  RemoveOptions options;
  options.compare_cas = choose_(4) == 0;
  options.cas = present != nullptr && choose_(2) == 0 ? present->cas : choose_(100);
  options.mark_stale = choose_(3) == 0;
  options.drop_value = choose_(3) == 0;
  StoreOutcome expected = StoreOutcome::kStored;
  if (present == nullptr) {
    expected = StoreOutcome::kNotFound;
  } else if (options.compare_cas && options.cas != present->cas) {
    expected = StoreOutcome::kExists;
  }
  const StoreResult result = store_->Remove(key, store_->Hash(key), now_, options);
  Expect(key, expected, result.outcome, "remove");
  if (result.outcome != StoreOutcome::kStored || expected != StoreOutcome::kStored) return;
  if (!options.mark_stale && !options.drop_value) {
    model_.erase(key);
    return;
  }
  if (options.drop_value) *present = {"", 0, present->expires_at, present->stale, 0};
  if (options.mark_stale) present->stale = true;
  present->cas = result.cas;
}

void ModelledStore::TouchAndPin(const std::string& key) {
  ModelItem* const present = Find(key);
  const UnixSeconds expires_at = ChooseExpiry();
  const bool touch = choose_(2) == 0;
  const bool pin = choose_(4) == 0;
  if (pin_ && pin_.CopyValue() != pinned_value_) Fail(key, "a pinned value changed");
  if (pin) pin_.Release();
  store_->Access(key, store_->Hash(key), now_, [&](ItemEditor& editor) {
    editor.NoteUse();
    if (touch) editor.SetExpiresAt(expires_at);
    if (!pin) return;
    pin_ = editor.Pin();
    pinned_value_ = editor.CopyValue();
  });
  if (present != nullptr && touch) present->expires_at = expires_at;
}

void ModelledStore::Flush() {
  const UnixSeconds at = now_ + static_cast<UnixSeconds>(choose_(2) == 0 ? 0 : choose_(10));
  store_->FlushAll(at, now_);
  if (at <= now_) model_.clear();
  flush_at_ = at <= now_ ? kNever : at;
}

std::string ModelledStore::Step() {
  if (choose_(8) == 0) now_ += static_cast<UnixSeconds>(choose_(4));
  if (flush_at_ != kNever && flush_at_ <= now_) {
    model_.clear();
    flush_at_ = kNever;
  }
  const std::string key = absl::StrCat("key", choose_(200));
  Compare(key);
  evictions_before_ = evictions();
  bytes_wanted_ = 0;
  const std::size_t operation = choose_(100);
  if (operation < 55) {
    Put(key);
  } else if (operation < 70) {
    Count(key);
  } else if (operation < 80) {
    Remove(key);
  } else if (operation < 99) {
    TouchAndPin(key);
  } else if (choose_(8) == 0) {
    Flush();
  }
  Compare(key);
  return problem_;
}

std::string ModelledStore::CheckAll() {
  pin_.Release();
  absl::StrAppend(&problem_, store_->CheckInvariants());
  for (int i = 0; i < 200; ++i) Compare(absl::StrCat("key", i));
  return problem_;
}

}  // namespace ringcache::storage

// The vocabulary of the store's tests: a small store with a fixed hash seed, a clock that the test
// moves, and one call per thing to say.
//
// Thread safety: none, but the store is as usable from threads as ever.

#ifndef RINGCACHE_STORAGE_STORE_FIXTURE_H_
#define RINGCACHE_STORAGE_STORE_FIXTURE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "storage/store.h"

namespace ringcache::storage {

inline constexpr EvictionKind kEvictionKinds[] = {EvictionKind::kS3Fifo,
                                                  EvictionKind::kSegmentedLru};
// For tests that are run with each.
inline std::string NameOfEviction(const testing::TestParamInfo<EvictionKind>& info) {
  return std::string(NameOf(info.param));
}

class StoreFixture : public testing::Test {
 protected:
  static constexpr absl::string_view kMissing = "(missing)";
  // What an item takes beside its key and value, when it has no client flags.
  static constexpr std::size_t kItemOverhead = 20;

  explicit StoreFixture(StoreOptions options = StoreOptions()) { Open(std::move(options)); }
  ~StoreFixture() override { EXPECT_EQ(store_->CheckInvariants(), ""); }

  static StoreOptions Small(std::size_t pages, EvictionKind eviction = EvictionKind::kS3Fifo) {
    StoreOptions options;
    options.limit_bytes = pages * kPageBytes;
    options.eviction = eviction;
    options.initial_items_log2 = 12;
    options.growth_factor = 1.25;  // memcached's classes: few, so that a few pages reach many
    return options;
  }
  // Starts over with another store.
  void Open(StoreOptions options) {
    if (options.hash_seed == 0) options.hash_seed = 1;
    absl::StatusOr<std::unique_ptr<Store>> store = Store::Create(options, now_);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  StoreResult Put(absl::string_view key, absl::string_view value,
                  const StoreCondition& condition = StoreCondition(),
                  UnixSeconds expires_at = kNever, std::uint32_t client_flags = 0) {
    return store_->Put(key, value, client_flags, expires_at, now_, condition);
  }
  StoreOutcome Put(StoreMode mode, absl::string_view key, absl::string_view value) {
    StoreCondition condition;
    condition.mode = mode;
    return Put(key, value, condition).outcome;
  }
  bool Set(absl::string_view key, absl::string_view value, UnixSeconds expires_at = kNever) {
    return Put(key, value, StoreCondition(), expires_at).outcome == StoreOutcome::kStored;
  }
  template <typename Visitor>
  Lookup Access(absl::string_view key, Visitor&& visit) {
    return store_->Access(key, store_->Hash(key), now_, visit);
  }
  Lookup Look(absl::string_view key) {
    return Access(key, [](ItemEditor&) {});
  }
  // The value, counted as a use; kMissing if there is none.
  std::string Get(absl::string_view key) {
    std::string value(kMissing);
    Access(key, [&](ItemEditor& editor) {
      editor.NoteUse();
      value = editor.CopyValue();
    });
    return value;
  }
  std::uint64_t CasOf(absl::string_view key) {
    std::uint64_t cas = 0;
    Access(key, [&](ItemEditor& editor) { cas = editor.cas(); });
    return cas;
  }
  PinnedItem Pin(absl::string_view key) {
    PinnedItem pin;
    Access(key, [&](ItemEditor& editor) { pin = editor.Pin(); });
    return pin;
  }
  StoreOutcome Remove(absl::string_view key, const RemoveOptions& options = RemoveOptions()) {
    return store_->Remove(key, store_->Hash(key), now_, options).outcome;
  }
  StoreResult Arithmetic(absl::string_view key, const ArithmeticOptions& options) {
    return store_->Arithmetic(key, store_->Hash(key), now_, options);
  }
  StoreResult Increment(absl::string_view key, std::uint64_t delta) {
    ArithmeticOptions options;
    options.delta = delta;
    return Arithmetic(key, options);
  }
  StoreResult Decrement(absl::string_view key, std::uint64_t delta) {
    ArithmeticOptions options;
    options.delta = delta;
    options.decrement = true;
    return Arithmetic(key, options);
  }
  EvictionCounters Events() const { return store_->Stats().events; }

  UnixSeconds now_ = 1'000'000;
  std::unique_ptr<Store> store_;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_STORE_FIXTURE_H_

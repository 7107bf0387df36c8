// A store and a map, driven by the same operations, which must answer alike.
//
// The model is a std::map and the rules of expiry and flush. A hit must equal the model's item; a
// miss of an item that the model has is allowed once for each eviction that the store counted.
//
// Thread safety: none.

#ifndef RINGCACHE_STORAGE_STORE_MODEL_H_
#define RINGCACHE_STORAGE_STORE_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "storage/store.h"

namespace ringcache::storage {

class ModelledStore {
 public:
  // `choose(n)` returns a number below n: random, or from a fuzzer's input.
  using Choose = std::function<std::size_t(std::size_t)>;
  ModelledStore(const StoreOptions& options, Choose choose);

  // Does one operation on both. Empty, or what differs.
  std::string Step();
  // The store's own invariants, and every item of the model looked up.
  std::string CheckAll();
  std::uint64_t evictions() const { return store_->Stats().events.evictions; }

 private:
  struct ModelItem {
    std::string value;
    std::uint32_t client_flags = 0;
    UnixSeconds expires_at = kNever;
    bool stale = false;
    std::uint64_t cas = 0;  // as the store said; must grow
  };

  void Put(const std::string& key);
  void Count(const std::string& key);
  void Remove(const std::string& key);
  void TouchAndPin(const std::string& key);
  void Flush();

  ModelItem* Find(const std::string& key);
  std::string ChooseValue();
  UnixSeconds ChooseExpiry();
  // Compares one key's item, without using it.
  void Compare(const std::string& key);
  void Expect(const std::string& key, StoreOutcome expected, StoreOutcome actual,
              absl::string_view operation);
  void Fail(const std::string& key, absl::string_view what);

  const std::size_t max_item_bytes_;
  Choose choose_;
  std::unique_ptr<Store> store_;
  std::map<std::string, ModelItem> model_;
  UnixSeconds now_ = 1000;
  UnixSeconds flush_at_ = kNever;
  std::uint64_t misses_explained_ = 0;
  std::uint64_t evictions_before_ = 0;
  std::size_t bytes_wanted_ = 0;
  std::string problem_;
  PinnedItem pin_;
  std::string pinned_value_;
};

}  // namespace ringcache::storage

#endif  // RINGCACHE_STORAGE_STORE_MODEL_H_

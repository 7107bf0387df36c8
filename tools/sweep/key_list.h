// Keys in a bounded number of bytes: one after another, each behind a byte with its length.
//
// Thread safety: none.

#ifndef RINGCACHE_TOOLS_SWEEP_KEY_LIST_H_
#define RINGCACHE_TOOLS_SWEEP_KEY_LIST_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "protocol/request.h"

namespace ringcache::sweep {

class KeyList {
 public:
  static_assert(protocol::kMaxKeyBytes <= 255);

  explicit KeyList(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // False, and nothing is added, if it does not fit. REQUIRES: a key's length.
  bool Add(absl::string_view key) {
    if (bytes_.size() + 1 + key.size() > max_bytes_) return false;
    bytes_.push_back(static_cast<char>(key.size()));
    bytes_.append(key.data(), key.size());
    return true;
  }

  // The keys in the order in which they were added, from the first one that was not yet taken; the
  // view is good until the next Add or Clear. REQUIRES: !done().
  absl::string_view Take() {
    const auto size = static_cast<unsigned char>(bytes_[taken_]);
    const absl::string_view key(bytes_.data() + taken_ + 1, size);
    taken_ += 1 + key.size();
    return key;
  }
  bool done() const { return taken_ == bytes_.size(); }

  void Clear() {
    bytes_.clear();
    taken_ = 0;
  }

 private:
  const std::size_t max_bytes_;
  std::string bytes_;
  std::size_t taken_ = 0;
};

}  // namespace ringcache::sweep

#endif  // RINGCACHE_TOOLS_SWEEP_KEY_LIST_H_

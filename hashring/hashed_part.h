// The part of a key that is hashed, so that a person can write keys that live on one member:
//
//   hash stop `|#|`, as mcrouter has it (lib/carbon/Keys):     user:7|#|name  ->  user:7
//   hash tag `{}`, as twemproxy has it (server_pool_idx):      {user:7}:name  ->  user:7
//
// Thread safety: a function only.

#ifndef RINGCACHE_HASHRING_HASHED_PART_H_
#define RINGCACHE_HASHRING_HASHED_PART_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace ringcache::hashring {

// What of `key` stands before the first `hash_stop`, which may be nothing; and of this, what stands
// between the first tag[0] and the first tag[1] after it, unless that is nothing. An empty stop or
// tag is none. REQUIRES: hash_tag.size() is 0 or 2.
inline absl::string_view HashedPart(absl::string_view key, absl::string_view hash_stop,
                                    absl::string_view hash_tag) {
  if (!hash_stop.empty()) key = key.substr(0, key.find(hash_stop));
  if (hash_tag.empty()) return key;
  const std::size_t open = key.find(hash_tag[0]);
  if (open == absl::string_view::npos) return key;
  const std::size_t close = key.find(hash_tag[1], open + 1);
  if (close == absl::string_view::npos || close == open + 1) return key;
  return key.substr(open + 1, close - open - 1);
}

}  // namespace ringcache::hashring

#endif  // RINGCACHE_HASHRING_HASHED_PART_H_

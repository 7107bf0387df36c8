#include "router/hot_keys/local_cache_options.h"

#include <cstdint>

#include "absl/strings/str_cat.h"

namespace ringcache::router {

absl::Status LocalCacheOptions::Validate() const {
  if (ttl < absl::ZeroDuration() || ttl > kMaxTtl) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--hot-key-cache-ttl ", absl::ToInt64Milliseconds(ttl), ": give 0 to ",
        absl::ToInt64Milliseconds(kMaxTtl), "; so long what other routers write is not seen"));
  }
  if (max_keys < 1 || max_keys > kMaxKeys) {
    return absl::InvalidArgumentError(
        absl::StrCat("--hot-key-cache-keys ", max_keys, ": give 1 to ", kMaxKeys));
  }
  if (max_bytes < 1 || max_bytes > kMaxBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("--hot-key-cache-bytes ", max_bytes, ": give 1 to ", kMaxBytes));
  }
  return absl::OkStatus();
}

}  // namespace ringcache::router

// What a router over three members answers, by the plainest means: one cache for each member, one
// request after the other.
//
// Thread safety: none.

#ifndef RINGCACHE_ROUTER_FUZZ_REFERENCE_ROUTER_H_
#define RINGCACHE_ROUTER_FUZZ_REFERENCE_ROUTER_H_

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/simulation/plain_cache.h"
#include "protocol/request.h"

namespace ringcache::router {

class ReferenceRouter {
 public:
  static constexpr std::size_t kMembers = 3;

  // `owner_of` gives the member that has a key.
  explicit ReferenceRouter(std::function<std::size_t(absl::string_view key)> owner_of, bool flushes)
      : owner_of_(std::move(owner_of)), flushes_(flushes) {}

  // The reply; empty if a quiet request hides it. nullopt: members' figures put together.
  std::optional<std::string> Answer(const protocol::Request& request, absl::string_view value,
                                    absl::Time now);

 private:
  std::string Retrieve(const protocol::Request& request, absl::Time now);
  client::PlainCache& CacheOf(absl::string_view key) { return caches_[owner_of_(key)]; }

  const std::function<std::size_t(absl::string_view key)> owner_of_;
  const bool flushes_;
  std::array<client::PlainCache, kMembers> caches_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_FUZZ_REFERENCE_ROUTER_H_

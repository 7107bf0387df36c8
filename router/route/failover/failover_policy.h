// In which order a failover asks its children after the first, which is always asked first, and
// when it gives up. This one: as they are listed.
//
//   "failover_policy": {"type": "FailoverInOrderPolicy", "max_tries": 3}
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_FAILOVER_FAILOVER_POLICY_H_
#define RINGCACHE_ROUTER_ROUTE_FAILOVER_FAILOVER_POLICY_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"

namespace ringcache::router {

class FailoverPolicy {
 public:
  // Children by their index; how many of them are asked is its size.
  using Order = absl::InlinedVector<std::uint32_t, 8>;

  // `max_tries` children are asked at most, the first included; `max_error_tries` of them that were
  // not known to be down. REQUIRES: all at least 1.
  FailoverPolicy(std::size_t children, std::size_t max_tries, std::size_t max_error_tries)
      : children_(children),
        max_tries_(std::min(children, max_tries)),
        max_error_tries_(max_error_tries) {}
  virtual ~FailoverPolicy() = default;

  std::size_t max_error_tries() const { return max_error_tries_; }

  // Of whom to ask for `key`; the first is 0.
  virtual Order OrderFor(absl::string_view key) const {
    (void)key;
    Order order(max_tries());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
    return order;
  }
  // A child replied. Successes of the first are not always told.
  virtual void OnReply(std::uint32_t child, bool failed) { (void)child, (void)failed; }

 protected:
  std::size_t children() const { return children_; }
  std::size_t max_tries() const { return max_tries_; }

 private:
  const std::size_t children_;
  const std::size_t max_tries_;
  const std::size_t max_error_tries_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_FAILOVER_FAILOVER_POLICY_H_

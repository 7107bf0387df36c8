// Which members a key is at home on: its owner and, where routers fail over, the members that are
// asked next.
//
// Thread safety: immutable.

#ifndef RINGCACHE_TOOLS_SWEEP_HOMES_H_
#define RINGCACHE_TOOLS_SWEEP_HOMES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/strings/string_view.h"
#include "client/cluster_options.h"
#include "hashring/ring.h"

namespace ringcache::sweep {

class Homes {
 public:
  // As many as a client may be told to ask.
  static constexpr std::size_t kMaxReplicas = client::ClusterOptions::kMaxFailovers + 1;

  // REQUIRES: 1 <= replicas <= kMaxReplicas.
  Homes(std::shared_ptr<const hashring::Ring> ring, std::size_t replicas)
      : ring_(std::move(ring)), replicas_(replicas) {}

  // Whether `key` may lie on the member of that index in the ring. A key with spaces or control
  // bytes travels in base64, and clients differ in which of the spellings they place it by: both
  // are home to it.
  bool IsHome(absl::string_view key, std::uint32_t member) const;

 private:
  bool IsPlacedOn(absl::string_view text, std::uint32_t member) const;

  const std::shared_ptr<const hashring::Ring> ring_;
  const std::size_t replicas_;
};

}  // namespace ringcache::sweep

#endif  // RINGCACHE_TOOLS_SWEEP_HOMES_H_

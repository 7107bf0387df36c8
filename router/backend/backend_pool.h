// The members of one pool as one worker talks to them: placement, a pipelined connection to each,
// shared by all of the worker's clients, and their health.
//
// Ownership: a BackendPools'. Thread safety: belongs to the loop's thread.

#ifndef RINGCACHE_ROUTER_BACKEND_BACKEND_POOL_H_
#define RINGCACHE_ROUTER_BACKEND_BACKEND_POOL_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/cluster_options.h"
#include "client/connection_resources.h"
#include "client/member_client.h"
#include "client/pool.h"
#include "discovery/watcher.h"

namespace ringcache::router {

struct BackendPoolOptions {
  // As the configuration names it.
  std::string name;
  client::ClusterOptions cluster;  // ring, identity, connections, timeout
  // For so long after a change of members the ring before it is kept (PreviousOwnerOf).
  absl::Duration warm_up = absl::ZeroDuration();
};

class BackendPool {
 public:
  static constexpr std::uint32_t kNone = client::Pool::kNone;

  // `resources` outlive this.
  BackendPool(client::ConnectionResources* resources, BackendPoolOptions options);

  const std::string& name() const { return options_.name; }
  const BackendPoolOptions& options() const { return options_; }
  // How long a member has for a reply.
  absl::Duration timeout() const { return options_.cluster.timeout; }

  // Takes up the members of `snapshot`. An error leaves all as it was.
  absl::Status Update(const discovery::Snapshot& snapshot);

  // Who owns `key`, after `failovers` others in the ring's order were asked; kNone if there is
  // none, such as before the first snapshot.
  std::uint32_t OwnerOf(absl::string_view key, std::size_t failovers = 0) const {
    return pool_.IndexFor(key, failovers);
  }
  // Who owned `key` before the last change of members, if that was another one, is still there, and
  // the warm-up is not over; else kNone.
  std::uint32_t PreviousOwnerOf(absl::string_view key) const;

  // REQUIRES: an index below size(), such as OwnerOf gives.
  client::MemberClient& member(std::uint32_t index) const { return pool_.member(index); }
  std::size_t size() const { return pool_.size(); }

  // Fails what is pending with kClosed.
  void Close() { pool_.Close(); }

  const client::Pool& pool() const { return pool_; }

 private:
  const BackendPoolOptions options_;
  client::ConnectionResources& resources_;
  client::Pool pool_;
  std::shared_ptr<const hashring::Ring> previous_ring_;
  absl::Duration warm_until_ = absl::ZeroDuration();
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_BACKEND_BACKEND_POOL_H_

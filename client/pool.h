// The members of a pool and their ring, as of the last snapshot: whom to call for a key.
//
// A snapshot replaces the ring; members keep their connections as long as their identity stays, and
// one that leaves is kept until what it owes has come.
//
// Thread safety: belongs to the loop's thread.

#ifndef RINGCACHE_CLIENT_POOL_H_
#define RINGCACHE_CLIENT_POOL_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "client/cluster_options.h"
#include "client/connection_resources.h"
#include "client/down_marks.h"
#include "client/member_client.h"
#include "client/retired.h"
#include "discovery/watcher.h"
#include "hashring/ring.h"

namespace ringcache::client {

class Pool {
 public:
  // `resources` and `options` outlive this.
  Pool(ConnectionResources* resources, const ClusterOptions* options);
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // Takes up the members of `snapshot`. An error, such as two members of one identity, names what
  // is wrong and leaves everything as it was. Not from within a callback of a connection.
  absl::Status Update(const discovery::Snapshot& snapshot);

  // Fails what is pending with kClosed. Not from within a callback of a connection.
  void Close();

  // Of its members, and of those that have left and still owe replies.
  const DownMarks& down_marks() const { return marks_; }

  // Null, or 0, before the first snapshot.
  const std::shared_ptr<const hashring::Ring>& ring() const { return ring_; }
  std::uint64_t version() const { return version_; }
  std::size_t size() const { return members_.size(); }
  // By their index in ring()->members().
  MemberClient& member(std::size_t index) const { return *members_[index]; }

  // Who is asked for `key` after `failovers` others were: 0 is the owner. Null if there is none.
  MemberClient* MemberFor(absl::string_view key, std::size_t failovers) const;
  // Its index; kNone if there is none.
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  std::uint32_t IndexFor(absl::string_view key, std::size_t failovers) const;

 private:
  using Members = std::vector<std::unique_ptr<MemberClient>>;

  hashring::Member RingMember(const discovery::Member& member) const;
  absl::Status UpdateRing(std::vector<hashring::Member> ring_members);
  // Where the members of now are, by identity.
  using Known = absl::flat_hash_map<std::string, std::size_t>;
  Known KnownMembers() const;
  std::unique_ptr<MemberClient> TakeMember(const discovery::Member& member, const Known& known);

  ConnectionResources* const resources_;
  const ClusterOptions& options_;
  // As they were given to ring_.
  std::vector<hashring::Member> ring_members_;
  std::shared_ptr<const hashring::Ring> ring_;
  std::uint64_t version_ = 0;
  DownMarks marks_;
  Members members_;
  Retired<MemberClient> left_;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_POOL_H_

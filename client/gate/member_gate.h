// What keeps a member from being used while it may hold stale values: an optional collaborator of
// MemberClient, which asks it before each call. Without one, or while it grants all, that costs
// nothing to speak of.
//
// Ownership: gates live as long as their MemberGates, which outlive all members.
// Thread safety: all of it may be used on any thread.

#ifndef RINGCACHE_CLIENT_GATE_MEMBER_GATE_H_
#define RINGCACHE_CLIENT_GATE_MEMBER_GATE_H_

#include <atomic>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace ringcache::client {

enum class MemberAccess : std::uint8_t {
  kAll,
  kSomeKeys,  // those that are not barred
  kNone,
};

class MemberGate {
 public:
  virtual ~MemberGate() = default;

  // Acquire: who sees that a key may be asked for sees what made it so.
  MemberAccess access() const { return access_.load(std::memory_order_acquire); }
  // While access is for some keys: whether `key` is none of them.
  virtual bool Bars(absl::string_view key) const = 0;
  // What the member has of `key` is stale, or may be: it is to be deleted there before it is asked
  // for. `maybe_sent`: the member may still carry out what made it so. `stand_in`, if not null, has
  // a copy that is to go then, too: the gate of who took a write in the member's place, of the same
  // MemberGates. Never waits.
  virtual void Keep(absl::string_view key, bool maybe_sent, MemberGate* stand_in) = 0;

 protected:
  // `access` outlives this.
  explicit MemberGate(const std::atomic<MemberAccess>* access) : access_(*access) {}

 private:
  const std::atomic<MemberAccess>& access_;
};

class MemberGates {
 public:
  virtual ~MemberGates() = default;
  // The gate of the member of that name (MemberClient::name()), whatever pools it is in.
  virtual MemberGate* GateOf(const std::string& member) = 0;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_GATE_MEMBER_GATE_H_

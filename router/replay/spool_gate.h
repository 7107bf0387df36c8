// What a spool keeps of one member, as those see it who would ask the member: the keys of pending
// deletes are barred. If these are too many to be known one by one, or are an earlier process's, or
// the member is to be flushed, it must not be asked at all.
//
// Thread safety: any thread; what is the replayer's is called by one at a time. Holds no mutex
// while it asks the spool.

#ifndef RINGCACHE_ROUTER_REPLAY_SPOOL_GATE_H_
#define RINGCACHE_ROUTER_REPLAY_SPOOL_GATE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "client/gate/member_gate.h"
#include "net/mutex.h"
#include "router/spool/spool.h"

namespace ringcache::router {

class SpoolGate final : public client::MemberGate {
 public:
  // Keys that are barred one by one: 4 MiB at most.
  static constexpr std::size_t kMaxBarredKeys = 16384;

  // `spool` outlives this. `on_kept` is called when something was kept for the first time since a
  // Refresh, on the thread that brought it.
  SpoolGate(Spool* spool, std::string member, std::function<void(SpoolGate*)> on_kept);

  const std::string& member() const { return member_; }
  Spool::MemberId id() const { return id_; }

  // client::MemberGate
  bool Bars(absl::string_view key) const override;
  void Keep(absl::string_view key, bool maybe_sent, client::MemberGate* stand_in) override;

  // The replayer's. Takes up what the spool says by now, and returns it: who has nothing to be
  // replayed may be asked again. `keys`: of deletes that were acknowledged.
  SpoolState Refresh(absl::Span<const SpooledDelete> keys = {});
  // The same of all deletes, also of those that were given up: after a flush, and at the end.
  SpoolState RefreshAll();
  // Whether, since this was asked last, a key was kept whose cause the member may still carry out.
  bool TakeMaybeSent();

  // Who has a copy of that key, which goes before the key is not barred any more. Null if nobody.
  SpoolGate* StandInOf(absl::string_view key) const;

  std::size_t barred_keys() const;

 private:
  struct BarredKey {
    std::size_t being_kept = 0;
    // It is over once this many deletes were acknowledged.
    std::uint64_t until = 0;
    SpoolGate* stand_in = nullptr;
  };

  // Before a delete of `key` is kept: whether the key is barred now, and not the whole member.
  // `*other_copy`: who had a copy of it before `stand_in`.
  bool Bar(absl::string_view key, SpoolGate* stand_in, SpoolGate** other_copy)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // After it. Returns whether the replayer is to be told.
  bool NoteKept(absl::string_view key, bool was_barred, Spool::Kept kept, std::uint64_t until)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Returns generation_.
  std::uint64_t BeginRefresh() ABSL_LOCKS_EXCLUDED(mutex_);
  void Take(const SpoolState& state, std::uint64_t generation)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void SetAccess() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Whether all its deletes were acknowledged or given up.
  bool IsFree(const BarredKey& key) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return key.being_kept == 0 && key.until <= acknowledged_;
  }

  Spool& spool_;
  const std::string member_;
  const Spool::MemberId id_;
  const std::function<void(SpoolGate*)> on_kept_;
  std::atomic<client::MemberAccess> access_;

  mutable net::Mutex mutex_;
  absl::flat_hash_map<std::string, BarredKey> barred_ ABSL_GUARDED_BY(mutex_);
  std::uint64_t acknowledged_ ABSL_GUARDED_BY(mutex_) = 0;
  // Deletes before this one are of keys that are not in barred_.
  std::uint64_t shut_until_ ABSL_GUARDED_BY(mutex_) = 0;
  // Of such keys, those whose delete is being kept.
  std::size_t unlisted_ ABSL_GUARDED_BY(mutex_) = 0;
  bool must_flush_ ABSL_GUARDED_BY(mutex_) = false;
  // Counts the times that must_flush_ was found out here, so that an older answer of the spool does
  // not undo it.
  std::uint64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;
  bool maybe_sent_ ABSL_GUARDED_BY(mutex_) = false;
  bool told_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_REPLAY_SPOOL_GATE_H_

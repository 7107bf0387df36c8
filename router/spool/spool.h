// Deletes that must reach a member before anything is read from it again, kept on disk while the
// member is away: a delete that is lost leaves a stale value. What Append took is in the kernel
// when the writer's thread has come to it, at once if the disk is idle, and so outlives this
// process; it is on the disk within sync_interval more, and so outlives the machine.
//
// Thread safety: any thread may call; one at a time reads and acknowledges for a member. One mutex
// guards what is in memory, and is not held while files are read or written.

#ifndef RINGCACHE_ROUTER_SPOOL_SPOOL_H_
#define RINGCACHE_ROUTER_SPOOL_SPOOL_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "net/mutex.h"
#include "router/spool/file_name.h"
#include "router/spool/member_log.h"
#include "router/spool/spool_folder.h"
#include "router/spool/spool_options.h"

namespace ringcache::router {

struct SpooledDelete {
  std::string key;
  std::int64_t unix_s = 0;
};

// Consecutive deletes of a member; empty if there are no further ones now.
struct SpoolBatch {
  std::vector<SpooledDelete> deletes;
  SpoolPosition end;
};

// What keeps a member from being read.
struct SpoolState {
  // Deletes to be replayed and acknowledged.
  std::uint64_t pending = 0;
  // Deletes that were acknowledged or given up, of all since the spool was opened.
  std::uint64_t acknowledged = 0;
  // Deletes were lost, by a bound, the disk, or damage: any value that the member has may be stale,
  // and flush_all must empty it first. See BeginFlush.
  bool must_flush = false;
};

struct SpoolStats {
  std::uint64_t appended = 0;
  std::uint64_t duplicates = 0;  // of keys that were pending anyway
  std::uint64_t dropped = 0;     // as the member is to be flushed anyway
  std::uint64_t overflows = 0;
  std::uint64_t damages = 0;     // stretches of files that were no records
  std::uint64_t torn_bytes = 0;  // cut off at the start
  std::uint64_t errors = 0;      // of the disk
  std::string last_error;        // or damage, in words
  std::uint64_t bytes = 0;       // now, against max_total_bytes
  std::uint64_t queued_bytes = 0;
};

class Spool {
 public:
  using MemberId = std::size_t;
  enum class Kept : std::uint8_t { kKept, kKnown, kOverflowed };

  // Takes up what an earlier process left: torn tails are cut, and of each member all that had not
  // been acknowledged by whole segments is pending again. Fails if the folder is not usable.
  static absl::StatusOr<std::unique_ptr<Spool>> Open(const SpoolOptions& options);
  // Starts the writer's thread, in the process that is to have it; until then all waits in memory.
  // REQUIRES: called once at most.
  void Start();
  // Writes and syncs what is queued, if it was started.
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  // The member of that identity, for the life of the spool. If its name is too long for a file
  // (CanNameFiles), nothing is kept for it and it always is to be flushed.
  MemberId IdOf(absl::string_view member);
  // Those with pending deletes, or to be flushed.
  std::vector<std::string> Members() const;
  SpoolState StateOf(MemberId id) const;

  // Keeps a delete of `key`; never waits for the disk. kOverflowed: it was not kept, and the member
  // must be flushed; else it needs no replay any more once SpoolState::acknowledged has come to
  // `*until`. REQUIRES: the key's length is 1 to protocol::kMaxKeyBytes.
  Kept Append(MemberId id, absl::string_view key, std::int64_t unix_s,
              std::uint64_t* until = nullptr);

  // At most `max_deletes` from `from` on; SpoolPosition() stands for the oldest that is not
  // acknowledged. What is still queued does not come yet, though it is pending. May wait for the
  // disk. REQUIRES: max_deletes > 0.
  absl::StatusOr<SpoolBatch> Read(MemberId id, const SpoolPosition& from, std::size_t max_deletes);
  // All before `until`, a batch's end, have reached the member.
  void Acknowledge(MemberId id, const SpoolPosition& until);

  // Around a flush_all of a member that must be flushed: from BeginFlush on deletes are kept again,
  // as those that come later than the flush_all must be replayed. EndFlush is called only if the
  // flush_all succeeded; the member need not be flushed any more, unless deletes were lost
  // meanwhile.
  std::uint64_t BeginFlush(MemberId id);
  void EndFlush(MemberId id, std::uint64_t begun);

  // Drops what is kept of a member that has left for good.
  void Forget(MemberId id);

  // Waits until all that was appended before is in the kernel.
  void Flush();

  SpoolStats stats() const;

 private:
  struct Entry {
    explicit Entry(std::string member) : log(std::move(member)) {}
    MemberLog log;
    bool must_flush = false;
    bool keeps = true;         // deletes
    std::uint64_t losses = 0;  // times that pending deletes were given up
    bool is_marked = false;    // on disk as to be flushed, once the writer has come to it
    bool has_queue = false;    // is in queued_
  };
  struct MemberWrites {
    MemberId id;
    FileName name;  // of the segments, but for their sequence
    std::vector<MemberLog::Write> writes;
    absl::Status status;
  };
  // What the writer does without the mutex, in this order.
  struct Work {
    std::vector<std::pair<MemberId, FileName>> marks;
    std::vector<MemberWrites> writes;
    std::vector<FileName> removals;
    bool empty() const { return marks.empty() && writes.empty() && removals.empty(); }
  };

  Spool(const SpoolOptions& options, SpoolFolder folder)
      : options_(options), folder_(std::move(folder)) {}

  absl::Status TakeUpFiles() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status TakeUpSegment(const FileName& name) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  MemberId IdOfLocked(absl::string_view member) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Keeps the sums over all members right around a change of one.
  template <typename Change>
  auto Account(MemberId id, Change change) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void MarkToFlush(MemberId id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Gives up what is pending of a member that is to be flushed.
  void Lose(MemberId id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void RemoveLater(MemberId id, const std::vector<std::uint64_t>& sequences)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void UnmarkLater(MemberId id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void NoteDamage(MemberId id, std::uint64_t damages, std::uint64_t sequence)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void NoteError(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // The writer's thread.
  void RunWriter();
  Work TakeWork() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::vector<absl::Status> Do(Work* work) ABSL_LOCKS_EXCLUDED(mutex_);
  void SyncFiles() ABSL_LOCKS_EXCLUDED(mutex_);
  void Finish(const Work& work, const std::vector<absl::Status>& errors)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const SpoolOptions options_;
  const SpoolFolder folder_;
  // Written to since the last sync, and whose they are. The writer's own.
  std::map<std::string, std::pair<MemberId, FileName>> unsynced_;

  mutable net::Mutex mutex_;
  net::CondVar work_;  // for the writer
  net::CondVar done_;  // for Flush
  std::vector<std::unique_ptr<Entry>> entries_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, MemberId> ids_ ABSL_GUARDED_BY(mutex_);
  // What is to be done: members with a queue, members whose mark is to come or to go, and files.
  std::vector<MemberId> queued_ ABSL_GUARDED_BY(mutex_);
  std::vector<MemberId> remarked_ ABSL_GUARDED_BY(mutex_);
  std::vector<FileName> removals_ ABSL_GUARDED_BY(mutex_);
  bool working_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  SpoolStats stats_ ABSL_GUARDED_BY(mutex_);

  std::thread writer_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_SPOOL_SPOOL_H_

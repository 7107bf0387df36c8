// A sweep: on each member of a pool, one after another, the keys that it holds are compared with
// the ring, and those that belong to other members are deleted there.
//
// When a pool is scaled, keys change their owner and leave a copy behind. It grows old, and once
// the pool is scaled back, clients read it again. A sweep after each change of scale prevents that;
// one after the way back is too late, as the old copies are at home then.
//
// Thread safety: functions of the loop's thread.

#ifndef RINGCACHE_TOOLS_SWEEP_POOL_SWEEP_H_
#define RINGCACHE_TOOLS_SWEEP_POOL_SWEEP_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tools/cli/pool_session.h"
#include "tools/sweep/delete_run.h"
#include "tools/sweep/exit_status.h"

namespace ringcache::sweep {

struct SweepOptions {
  // Members on which a key is at home: 1 to Homes::kMaxReplicas.
  std::size_t replicas = 1;
  bool dry_run = false;
  DeleteOptions deletes;  // its timeout is that of every answer
  // Foreign keys of a member that are known at a time. Past it they are deleted before the member
  // is asked for its keys again: 256 MiB are five million keys of 50 bytes.
  std::size_t max_held_bytes = std::size_t{256} << 20;
};

// How long a member may be busy with somebody else's dump.
inline constexpr absl::Duration kBusyPause = absl::Milliseconds(250);
inline constexpr int kMaxBusyPauses = 240;  // a minute

struct MemberReport {
  std::string name;
  std::uint64_t keys = 0;
  std::uint64_t foreign = 0;
  std::uint64_t deleted = 0;
  std::uint64_t gone = 0;    // before they could be deleted
  std::uint64_t failed = 0;  // foreign keys that are still there, as far as is known
  ExitStatus status = ExitStatus::kDone;
  std::string problem;  // in words; empty if there is none
};

// A report for each member, in the ring's order. A member that cannot be swept has a problem and
// the others are swept nevertheless; but once the pool's members change, nothing more is deleted.
// REQUIRES: CheckMembers (member_check.h) was content.
std::vector<MemberReport> SweepPool(const SweepOptions& options, cli::PoolSession* session);

// A row for each member and one for all.
std::string ReportTable(const std::vector<MemberReport>& reports);

}  // namespace ringcache::sweep

#endif  // RINGCACHE_TOOLS_SWEEP_POOL_SWEEP_H_

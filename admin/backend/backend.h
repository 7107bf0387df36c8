// What an admin may ask of a process: a server, a router, or a stock memcached beside a sidecar.
//
// Questions are answered from snapshots, wishes are posted to who can fulfil them: no call waits
// for a worker longer than kPatience. What a process does not have is FAILED_PRECONDITION, with a
// sentence that says what to do.
//
// Thread safety: any thread, several at a time.

#ifndef RINGCACHE_ADMIN_BACKEND_BACKEND_H_
#define RINGCACHE_ADMIN_BACKEND_BACKEND_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "admin/backend/drain.h"
#include "admin/backend/health.h"
#include "admin/backend/ring_view.h"
#include "admin/backend/stats.h"

namespace ringcache::admin {

enum class ProgramKind : std::uint8_t { kServer, kRouter, kSidecar };

struct ProgramInfo {
  ProgramKind kind = ProgramKind::kServer;
  std::string version;
  // "memcached 1.6.18" beside a sidecar; else as `version`.
  std::string serves;
  std::int64_t pid = 0;
  std::string host;
};

class Backend : public RingSource {
 public:
  // How long a call may take, and then fails with DEADLINE_EXCEEDED.
  static constexpr absl::Duration kPatience = absl::Milliseconds(800);

  virtual ProgramInfo Program() = 0;
  // Asks no worker and takes no lock that one holds while it works: answers at once. Called several
  // times a second, which is what liveness is told from.
  virtual Health CheckHealth() = 0;
  virtual absl::StatusOr<Stats> ReadStats() = 0;
  virtual absl::StatusOr<std::vector<LatencySeries>> Latencies() = 0;
  virtual absl::StatusOr<std::vector<Setting>> Settings() = 0;
  // The hottest first, `count` at most of those read and of those changed.
  virtual absl::StatusOr<std::vector<HotKey>> HotKeys(std::size_t count) = 0;

  virtual DrainProgress Draining() = 0;
  // Begins, announcing for `wait` (as configured if negative). OK if it drains already.
  virtual absl::Status Drain(absl::Duration wait) = 0;
  // FAILED_PRECONDITION once connections are refused.
  virtual absl::Status Undrain() = 0;
  virtual absl::Status SetVerbosity(int level) = 0;
  // Takes up what can be changed without a restart; returns what that was.
  virtual absl::StatusOr<std::string> Reload() = 0;
  virtual absl::Status ResetStats() = 0;
  // Invalidates all items, after `delay`.
  virtual absl::Status Flush(absl::Duration delay) = 0;
};

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_BACKEND_BACKEND_H_

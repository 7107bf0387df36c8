// The spool of a router with the thread that replays it.
//
// Ownership: outlives the members that are behind its gates. Thread safety: any thread.

#ifndef RINGCACHE_ROUTER_REPLAY_DELETE_SPOOL_H_
#define RINGCACHE_ROUTER_REPLAY_DELETE_SPOOL_H_

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "client/gate/member_gate.h"
#include "net/worker_pool.h"
#include "process/log_sink.h"
#include "router/replay/delete_spool_figures.h"
#include "router/replay/private_folder.h"
#include "router/replay/replayer.h"
#include "router/replay/spool_gates.h"
#include "router/spool/spool.h"
#include "router/spool/spool_options.h"

namespace ringcache::router {

class DeleteSpool {
 public:
  // Without options.folder what is kept lies in a folder of its own among the temporary files, and
  // goes with this. `log` outlives this, and may be used from any thread.
  static absl::StatusOr<std::unique_ptr<DeleteSpool>> Open(SpoolOptions options,
                                                           process::LogSink* log);
  // Starts the threads, in the process that is to have them; until then what is kept waits in
  // memory. REQUIRES: called once at most.
  void Start();
  // What is pending stays on the disk.
  ~DeleteSpool();
  DeleteSpool(const DeleteSpool&) = delete;
  DeleteSpool& operator=(const DeleteSpool&) = delete;

  client::MemberGates* gates() { return &*gates_; }
  // Where members are now.
  void SetMembers(Replayer::Endpoints endpoints);
  DeleteSpoolFigures Figures() const;

 private:
  explicit DeleteSpool(std::uint64_t max_bytes) : max_bytes_(max_bytes) {}

  const std::uint64_t max_bytes_;
  std::unique_ptr<PrivateFolder> folder_;
  std::unique_ptr<net::WorkerPool> thread_;
  std::unique_ptr<Spool> spool_;
  std::unique_ptr<SpoolGates> gates_;
  std::unique_ptr<Replayer> replayer_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_REPLAY_DELETE_SPOOL_H_

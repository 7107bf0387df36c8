// One connection's part of the load: requests are queued, rendered as far as the transport takes
// them, and matched in order with the replies. Memory is bounded by the capacity given at creation.
//
// Ownership: the session owns its connection; its worker owns the session.
// Thread safety: belongs to the loop's thread.

#ifndef RINGCACHE_TOOLS_LOADGEN_LOAD_SESSION_H_
#define RINGCACHE_TOOLS_LOADGEN_LOAD_SESSION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "net/buffer_pool.h"
#include "net/connection.h"
#include "tools/loadgen/reply_checker.h"
#include "tools/loadgen/request_renderer.h"
#include "tools/loadgen/request_source.h"
#include "tools/loadgen/run_counters.h"
#include "tools/loadgen/workload.h"

namespace ringcache::loadgen {

// What the sessions of one worker share.
struct SessionResources {
  // Large enough for a get of many keys and the copied values of a deep batch.
  static constexpr std::size_t kBufferBytes = 128 * 1024;

  SessionResources(const Workload* workload, std::uint64_t seed)
      : workload(workload), renderer(workload), checker(workload), source(workload, seed) {}

  // A request due at `due_ns` was answered, or given up, at `now_ns`.
  void RecordLatency(std::int64_t due_ns, std::int64_t now_ns) {
    if (due_ns < window_start_ns || due_ns >= window_end_ns) return;
    results.latency.Record(static_cast<std::uint64_t>(now_ns > due_ns ? now_ns - due_ns : 0));
  }

  const Workload* const workload;
  const RequestRenderer renderer;
  ReplyChecker checker;
  RequestSource source;
  net::BufferPool buffers{{.buffer_bytes = kBufferBytes, .max_free = 16}};

  WorkerResults results;
  LoadCounters unmeasured;               // completed before or after the measured window
  LoadCounters* counters = &unmeasured;  // where completions count now
  // The measured window; empty while there is none.
  std::int64_t window_start_ns = 0;
  std::int64_t window_end_ns = 0;
};

class LoadSession final : public net::Session {
 public:
  // Told by a session; implemented by its worker.
  class Owner {
   public:
    virtual ~Owner() = default;
    // Replies have come. Returns the time, in nanoseconds of the run's clock.
    virtual std::int64_t OnBatchStarted() = 0;
    // `completed` requests, at least one, were answered. The owner may issue more if the session is
    // still open.
    virtual void OnBatchEnded(LoadSession* session, std::uint32_t completed) = 0;
    // The connection is gone, with outstanding() requests unanswered. The owner does not destroy
    // the session from here.
    virtual void OnLost(LoadSession* session) = 0;
  };

  // `capacity` bounds the requests that are outstanding. `resources` and `owner` outlive this.
  LoadSession(SessionResources* resources, Owner* owner, std::uint32_t capacity);
  void SetConnection(std::unique_ptr<net::Connection> connection);

  // Draws `count` requests that are due at `due_ns` and sends them, or queues what the transport
  // does not take now. REQUIRES: open(), outstanding() + count <= capacity.
  void Issue(std::int64_t due_ns, std::uint32_t count);

  bool open() const { return connection_ != nullptr && problem_.empty(); }
  // Issued and not answered.
  std::uint32_t outstanding() const { return issued_ - answered_; }
  // Why the connection is gone.
  const std::string& problem() const { return problem_; }
  // Counts and times all outstanding requests as given up at `now_ns`.
  void GiveUp(std::int64_t now_ns);

  absl::Span<char> LendReceiveBuffer() override;
  net::Progress OnReceived(std::size_t bytes) override;
  net::Progress OnSent() override;
  void OnClosed(net::CloseReason reason) override;

 private:
  struct Pending {
    std::int64_t due_ns;
    RequestKind kind;
  };
  // What the replies of one batch add up to, so that counters are written once a batch.
  struct Tally;

  Pending& PendingAt(std::uint32_t index) { return pending_[index & mask_]; }
  std::uint32_t* RanksAt(std::uint32_t index) {
    return ranks_.data() + std::size_t{index & mask_} * resources_->workload->multiget;
  }
  bool ConsumeReplies(std::int64_t now_ns, Tally* tally);
  void SendQueued();
  bool SendBuffer(std::size_t bytes, absl::string_view large_value);

  SessionResources* const resources_;
  Owner* const owner_;
  std::unique_ptr<net::Connection> connection_;

  // A ring: answered_ <= sent_ <= issued_, all counting up and wrapping around.
  std::vector<Pending> pending_;
  std::vector<std::uint32_t> ranks_;
  std::uint32_t mask_;
  std::uint32_t issued_ = 0;
  std::uint32_t sent_ = 0;
  std::uint32_t answered_ = 0;

  ReplyState reply_;
  net::BufferPool::Buffer receive_buffer_;
  std::size_t received_begin_ = 0;  // of what was not consumed yet
  std::size_t received_end_ = 0;
  net::BufferPool::Buffer send_buffer_;  // held while the transport has not taken it
  bool sending_ = false;                 // OnSent is awaited
  std::string problem_;
};

}  // namespace ringcache::loadgen

#endif  // RINGCACHE_TOOLS_LOADGEN_LOAD_SESSION_H_

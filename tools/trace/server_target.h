// Replays into a server over the memcached protocol, in pipelined rounds:
//
//   1. all requests of the round, in the trace's order;
//   2. for each read that missed: what it stores; if the key missed before in this round, the read
//      again, as that store was to come first. Repeated until nothing is left to do.
//
// A round ends before a write to a key that it has read. So each key sees the trace's order, as if
// every reply had been awaited; only between keys, stores come up to a round late. Time is the
// server's own: a replay is faster than the trace, so items outlive their lifetimes in the trace.
//
// Thread safety: belongs to one thread.

#ifndef RINGCACHE_TOOLS_TRACE_SERVER_TARGET_H_
#define RINGCACHE_TOOLS_TRACE_SERVER_TARGET_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "net/socket_address.h"
#include "tools/trace/pipeline_session.h"
#include "tools/trace/replay_target.h"

namespace ringcache::trace {

struct ServerOptions {
  std::string label;     // of the server, before its version
  bool flush = false;    // remove what it holds first
  bool is_local = true;  // its process id, as stats tells it, is one of this machine's
};

class ServerTarget final : public ReplayTarget {
 public:
  // Values of one round, in bytes: bounds what is queued.
  static constexpr std::size_t kMaxRoundBytes = 4u << 20;

  static absl::StatusOr<std::unique_ptr<ServerTarget>> Connect(const net::SocketAddress& address,
                                                               const ServerOptions& options);

  std::string name() const override { return name_; }
  absl::Status Replay(absl::Span<const TraceRequest> batch,
                      std::vector<std::uint8_t>* hits) override;
  absl::StatusOr<TargetFigures> Figures() override;
  // The process behind the connection, as its stats tell it.
  int pid() const { return pid_; }

 private:
  struct Stats {
    std::uint64_t limit_bytes = 0;
    std::uint64_t items = 0;
    std::uint64_t item_bytes = 0;
    std::uint64_t evictions = 0;
    int pid = 0;
  };

  ServerTarget(std::unique_ptr<PipelineSession> session, bool is_local);
  absl::Status Greet(const ServerOptions& options);
  absl::Status MeasureItemOverhead();
  absl::StatusOr<Stats> ReadStats();

  // How many requests from the start of `batch` make a round.
  std::size_t RoundLength(absl::Span<const TraceRequest> batch);
  absl::Status ReplayRound(absl::Span<const TraceRequest> round, std::uint8_t* hits);
  // Handles the reads of `missed`; leaves those that missed once more.
  absl::Status FillMissed(absl::Span<const TraceRequest> round, std::uint8_t* hits);
  bool QueueStore(const TraceRequest& request, protocol::Operation operation);
  void CountStore(const PipelineAnswer& answer);

  std::unique_ptr<PipelineSession> session_;
  const bool is_local_;
  std::string name_;
  std::string value_;  // what all values are cut from
  int pid_ = 0;
  std::uint64_t evictions_before_ = 0;
  // What `bytes` of stats counts for an item besides its key and value.
  std::optional<std::uint64_t> overhead_bytes_;
  StoreCounts stores_;

  // Of the round under way.
  absl::flat_hash_set<absl::string_view> read_keys_;
  std::vector<std::size_t> queued_;  // requests in the exchange, by index
  std::vector<std::size_t> missed_;
};

}  // namespace ringcache::trace

#endif  // RINGCACHE_TOOLS_TRACE_SERVER_TARGET_H_

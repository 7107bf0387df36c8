// One member of a pool, as a client knows it: its connections, its health, and where it is today.
//
// While it is marked down, calls fail at once and `version` probes are sent with growing pauses
// until one is answered. When its address changes, new calls take new connections, and the old ones
// end when what they owe has come.
//
// Ownership: receivers outlive their calls. Thread safety: belongs to the loop's thread.

#ifndef RINGCACHE_CLIENT_MEMBER_CLIENT_H_
#define RINGCACHE_CLIENT_MEMBER_CLIENT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "client/backoff.h"
#include "client/call_failure.h"
#include "client/connection_options.h"
#include "client/connection_resources.h"
#include "client/down_marks.h"
#include "client/gate/member_gate.h"
#include "client/member_health.h"
#include "client/outgoing_value.h"
#include "client/reply_receiver.h"
#include "client/retired.h"
#include "client/server_connection.h"
#include "client/stream/value_upload.h"
#include "discovery/member.h"
#include "metrics/latency_histogram.h"
#include "net/event_loop.h"
#include "protocol/request.h"

namespace ringcache::client {

struct MemberOptions {
  ConnectionOptions connection;
  // To each member; calls go to them in turn. One pipelines best.
  std::size_t connections = 1;
  // So many calls in a row that time out mark it down; 0: they never do.
  int timeouts_to_down = MemberHealth::kTimeoutsToDown;
  // A probe waits this long for its answer, and the next one follows after a pause that is doubled
  // from the first to the greatest. A quarter is left to chance.
  absl::Duration probe_timeout = absl::Milliseconds(250);
  absl::Duration first_probe_pause = absl::Milliseconds(50);
  absl::Duration max_probe_pause = absl::Milliseconds(500);
  // Values that are uploaded to it at a time, each over a connection of its own.
  std::size_t max_uploads = 4;

  // Says which value is wrong and what would be right.
  absl::Status Validate() const;
};

// Counts since the member was first seen.
struct MemberStats {
  std::uint64_t calls = 0;
  std::uint64_t refused_calls = 0;  // those of them of which nothing was sent
  std::uint64_t timeouts = 0;       // those of them whose time ran out
  std::uint64_t lost_connections = 0;
  std::uint64_t times_down = 0;
  // Now, against the bounds of its connections' options.
  std::size_t pending_calls = 0;
  std::size_t queued_bytes = 0;
  bool up = true;
  std::string last_problem;
};

class MemberClient final : private ServerConnection::Observer, private ReplyReceiver {
 public:
  // `resources` and `marks` outlive this. REQUIRES: options.Validate().ok().
  MemberClient(ConnectionResources* resources, discovery::Member member,
               const MemberOptions& options, DownMarks* marks);
  ~MemberClient() override;

  // Takes up what discovery says now of the same member.
  void Update(const discovery::Member& member);
  const discovery::Member& member() const { return member_; }
  // Its identity for people: "host:port", "[::1]:11211", "/run/cache.sock".
  std::string name() const;

  // Neither marked down nor vanished from discovery, nor behind a gate that is shut: worth a call.
  // A mark does not count while too many members have one.
  bool is_usable() const {
    return (health_.is_up() || marks_.are_ignored()) && !member_.vanished &&
           (gate_ == nullptr || gate_->access() != MemberAccess::kNone);
  }
  // Whether no key is barred, so that calls whose keys it does not see can be taken.
  bool takes_lines() const { return gate_ == nullptr || gate_->access() == MemberAccess::kAll; }
  // Null if it has none.
  MemberGate* gate() const { return gate_; }
  // Not marked down, whether marks count or not.
  bool is_up() const { return health_.is_up(); }

  // As ServerConnection's; kMemberDown if it is not usable, or not for that key.
  std::optional<CallFailure> Call(const protocol::Request& request, const OutgoingValue& value,
                                  absl::Duration timeout, ReplyReceiver* receiver,
                                  std::uint64_t tag, RequestPlace* place = nullptr);
  // The same; kMemberDown also if it does not take lines.
  std::optional<CallFailure> CallLine(protocol::Operation operation, std::size_t max_bytes,
                                      absl::FunctionRef<char*(char*)> write, absl::Duration timeout,
                                      ReplyReceiver* receiver, std::uint64_t tag,
                                      RequestPlace* place = nullptr);

  // Begins to upload the value of `request`, which is not quiet: `*upload` is the member's, to be
  // used until `receiver` was told of its end or it was cancelled. Else returns why not: kQueueFull
  // past MemberOptions::max_uploads.
  std::optional<CallFailure> BeginUpload(const protocol::Request& request, const UploadTimes& times,
                                         ValueUpload::Receiver* receiver, ValueUpload** upload);

  // Fails what is pending with kClosed.
  void Close();

  // Calls that await replies, on all its connections, and uploads.
  std::size_t pending_calls() const;
  MemberStats stats() const;
  // Of the calls that were answered in time, from the wake-up that made them to the one that
  // brought their last reply; uploads, whose time is their clients', are left out. It comes with
  // the first reply, null before, takes 17 KiB, and any thread may read it.
  std::shared_ptr<const metrics::LatencyHistogram> latencies() const { return latencies_; }

 private:
  // ServerConnection::Observer
  void OnAnswering() override {}
  void OnLost(CallFailure failure, absl::string_view problem) override;
  void OnTimeout() override;
  void OnReplied(protocol::Operation operation, std::int64_t took_ns) override;
  // ReplyReceiver, of probes; the tag is the probe's number.
  void OnReply(std::uint64_t tag, const protocol::Reply& reply, const ReceivedValue& value,
               bool last) override;
  void OnFailure(std::uint64_t tag, CallFailure failure) override;

  bool IsUsableFor(const protocol::Request& request) const;
  void OpenConnections();
  void RetireConnections();
  ServerConnection* NextConnection();
  std::optional<CallFailure> Note(std::optional<CallFailure> failure);
  void GoDown();
  void ProbeLater();
  void Probe();

  ConnectionResources* const resources_;
  const MemberOptions options_;
  DownMarks& marks_;
  discovery::Member member_;
  MemberGate* const gate_;
  MemberHealth health_;
  MemberStats stats_;
  std::shared_ptr<metrics::LatencyHistogram> latencies_;

  std::vector<std::unique_ptr<ServerConnection>> connections_;
  std::size_t next_connection_ = 0;
  // At an earlier address, with calls still pending.
  Retired<ServerConnection> retired_;
  // Each over when its reply or failure was told.
  Retired<ValueUpload> uploads_;

  Backoff probe_backoff_;
  net::EventLoop::TimerId probe_timer_ = 0;
  std::uint64_t probe_ = 0;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_MEMBER_CLIENT_H_

// An asynchronous, pipelining connection to one memcached server. Calls are sent in order, all of
// one wake-up in one write, and replies are matched to them in order. It connects with the first
// call, and again with the first call after it was lost and a pause has passed.
//
// Ownership: receivers outlive their calls; the endpoint is fixed. Destroying it fails what is
// pending with kClosed.
// Thread safety: belongs to the loop's thread.

#ifndef RINGCACHE_CLIENT_SERVER_CONNECTION_H_
#define RINGCACHE_CLIENT_SERVER_CONNECTION_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "client/backoff.h"
#include "client/call_failure.h"
#include "client/connection_options.h"
#include "client/connection_resources.h"
#include "client/endpoint.h"
#include "client/flush_queue.h"
#include "client/outgoing_value.h"
#include "client/pending_calls.h"
#include "client/reply_reader.h"
#include "client/reply_receiver.h"
#include "client/send_batch.h"
#include "net/connection.h"
#include "net/event_loop.h"
#include "net/socket_address.h"
#include "protocol/request.h"

namespace ringcache::client {

class ServerConnection;

// Where the bytes of a request are for as long as it is not answered (keep_requests).
struct RequestPlace {
  const SendBatch* batch = nullptr;
  std::size_t offset = 0;
  // On which it was sent.
  ServerConnection* connection = nullptr;

  // Begins with the request; others may follow.
  absl::string_view text() const { return batch->TextFrom(offset); }
  // Its value, if that was long and owned; else null: then it follows the line.
  const OutgoingValue* long_value() const { return batch->LongValueFrom(offset); }
};

class ServerConnection final : private net::Session, private FlushQueue::Entry {
 public:
  // Hears how the server fares; called from the loop, never from within a call of its own, and may
  // not destroy the connection.
  class Observer {
   public:
    virtual ~Observer() = default;
    // The first bytes of a connection have come: the server is there.
    virtual void OnAnswering() = 0;
    // The connection was lost or never stood, for this reason.
    virtual void OnLost(CallFailure failure, absl::string_view problem) = 0;
    // A call was given up, not only since it waited behind a long value that still flows.
    virtual void OnTimeout() = 0;
    // A reply was completed, so long after its call was made, from wake-up to wake-up; kNotTimed if
    // the call was given up before.
    virtual void OnReplied(protocol::Operation operation, std::int64_t took_ns) = 0;
    static constexpr std::int64_t kNotTimed = -1;
  };

  // `resources` and `observer` (which may be null) outlive this. REQUIRES: options.Validate().ok().
  ServerConnection(ConnectionResources* resources, Endpoint endpoint,
                   const ConnectionOptions& options, Observer* observer);
  ~ServerConnection() override;

  // Sends `request`, whose views may end with this call, and tells `receiver` of the replies. A
  // storage request is given its value, of request.value_bytes bytes. `place`, if options keep
  // requests, is told where it lies until its last reply or failure was told. Returns why nothing
  // was sent
  // (then `receiver` is not called), or nullopt. `receiver` is never called before this returns.
  //
  // A quiet classic request has no reply: `receiver` is not called. REQUIRES: a meta request is not
  // quiet, as its reply could not be told from the next one's.
  std::optional<CallFailure> Call(const protocol::Request& request, const OutgoingValue& value,
                                  absl::Duration timeout, ReplyReceiver* receiver,
                                  std::uint64_t tag, RequestPlace* place = nullptr);

  // As Call, for a command line of `operation` that `write` spells: at most `max_bytes` bytes at
  // its argument, whose end it returns.
  std::optional<CallFailure> CallLine(protocol::Operation operation, std::size_t max_bytes,
                                      absl::FunctionRef<char*(char*)> write, absl::Duration timeout,
                                      ReplyReceiver* receiver, std::uint64_t tag,
                                      RequestPlace* place = nullptr);

  // Sends now what calls have queued, which else leaves at the end of the wake-up.
  void Flush() override;

  // The observer hears no more: nobody asks how an abandoned address fares.
  void StopObserving() { observer_ = nullptr; }

  // Forgets the pause after a failed attempt: the next call tries at once.
  void EndBackoff() { retry_at_ = absl::ZeroDuration(); }

  // Drops the connection and fails what is pending with `failure`; the next call connects anew.
  // From within a callback: right after it.
  void Close(CallFailure failure);
  // The same, with kProtocolError, for a receiver that sees that it was told a reply to another
  // request: nothing more that comes on this connection can be believed.
  void Distrust();

  const Endpoint& endpoint() const { return endpoint_; }
  const net::SocketAddress& address() const { return endpoint_.address; }
  // Calls that await replies, given up or not.
  std::size_t pending_calls() const { return pending_.size(); }
  std::size_t queued_bytes() const { return queued_bytes_; }
  // Why the last connection ended, in words; empty if none has.
  const std::string& last_problem() const { return last_problem_; }

 private:
  absl::Span<char> LendReceiveBuffer() override;
  net::Progress OnReceived(std::size_t bytes) override;
  net::Progress OnSent() override;
  void OnClosed(net::CloseReason reason) override;

  // Why no call can be taken now; connects if there is no connection.
  std::optional<CallFailure> PrepareToCall();
  std::optional<CallFailure> Connect();
  void Await(protocol::Operation operation, absl::Duration timeout, ReplyReceiver* receiver,
             std::uint64_t tag);
  SendBatch* OpenBatch();
  void Queued(std::size_t bytes);
  void FrontSent();
  void ForgetAnswered();
  bool DeliverReplies();
  std::int64_t TimeOf(const PendingCall& call) const;
  void BeginParts(const PendingCall& call, const protocol::Reply& reply, absl::string_view line);
  void DeliverPart(const PendingCall& call, absl::string_view bytes);
  void PostponeFront();

  void SetDeadlineTimer(absl::Duration deadline);
  void OnDeadline();
  bool HandshakeOverdue(absl::Duration now);

  void Lose(CallFailure failure, std::string problem);
  void FailPending(CallFailure failure);

  ConnectionResources* const resources_;
  const Endpoint endpoint_;
  const ConnectionOptions options_;
  Observer* observer_;

  std::unique_ptr<net::Connection> connection_;
  PendingCalls pending_;
  ReplyReader reader_;

  // The front one is being sent if `sending_`; new calls go into the back one. Never empty.
  using Batches = std::deque<std::unique_ptr<SendBatch>>;
  Batches batches_;
  // Those that were sent and hold requests that are to be kept.
  Batches sent_;
  std::unique_ptr<SendBatch> spare_batch_;
  std::size_t queued_bytes_ = 0;
  bool sending_ = false;  // OnSent is awaited
  bool in_flush_queue_ = false;
  bool delivering_ = false;   // OnReceived flushes at its end
  bool handed_over_ = false;  // the kernel has taken bytes: the connection stood
  bool answering_ = false;
  bool giving_up_ = false;  // in the midst of OnDeadline
  bool destroyed_ = false;
  // How long each part of the long value that is being received may take to come.
  absl::Duration part_timeout_ = absl::ZeroDuration();
  // Asked for from within a callback: done after it.
  std::optional<CallFailure> close_when_told_;

  net::EventLoop::TimerId deadline_timer_ = 0;
  absl::Duration timer_deadline_ = absl::InfiniteDuration();
  absl::Duration handshake_deadline_ = absl::InfiniteDuration();
  absl::Duration retry_at_ = absl::ZeroDuration();
  Backoff backoff_;
  std::string last_problem_;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_SERVER_CONNECTION_H_

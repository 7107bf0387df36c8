// A storage request whose value is sent as it comes, over a connection of its own: a value that is
// produced slowly, or breaks off, holds up no other request. What the server has not taken is
// bounded; whoever gives the value has to wait then.
//
// Ownership: the receiver outlives the upload, or cancels it.
// Thread safety: belongs to the loop's thread.

#ifndef RINGCACHE_CLIENT_STREAM_VALUE_UPLOAD_H_
#define RINGCACHE_CLIENT_STREAM_VALUE_UPLOAD_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "client/call_failure.h"
#include "client/connection_resources.h"
#include "client/reply_reader.h"
#include "client/server_connection.h"
#include "net/buffer_pool.h"
#include "net/connection.h"
#include "net/event_loop.h"
#include "net/socket_address.h"
#include "protocol/operation.h"
#include "protocol/reply.h"
#include "protocol/request.h"

namespace ringcache::client {

// How long each may take; noticed up to half of the shortest later.
struct UploadTimes {
  absl::Duration connect = absl::Milliseconds(500);
  // The server neither takes bytes that wait for it nor answers.
  absl::Duration server = absl::Seconds(1);
  // Nothing is given, though the value is not complete.
  absl::Duration source = absl::Seconds(10);
};

class ValueUpload final : private net::Session {
 public:
  // Bytes that were given and that the kernel has not taken, in whole buffers.
  static constexpr std::size_t kMaxUnsentBytes = std::size_t{1} << 20;

  // Called from the loop, never from within a call of the upload's own. After a reply or a failure
  // the upload is over and not to be used any more.
  class Receiver {
   public:
    virtual ~Receiver() = default;
    // The reply, perhaps before the value was complete; `line` is as it came, "\r\n" included.
    virtual void OnUploadReply(const protocol::Reply& reply, absl::string_view line) = 0;
    virtual void OnUploadFailure(CallFailure failure) = 0;
    // has_room() again.
    virtual void OnUploadRoom() = 0;
  };

  // All outlive this; `observer` hears how the server fares.
  ValueUpload(ConnectionResources* resources, const UploadTimes& times, Receiver* receiver,
              ServerConnection::Observer* observer);
  // Fails it with kClosed if it is not over. Not from within a callback.
  ~ValueUpload() override;

  // Connects and sends the line of `request`, which has a data block and is not quiet. Returns why
  // nothing was sent: then it is over, and the receiver is not called.
  std::optional<CallFailure> Start(const net::SocketAddress& address,
                                   const protocol::Request& request);

  // Of the data block, its "\r\n" included, what was not given yet.
  std::size_t missing_bytes() const { return missing_bytes_; }
  bool has_room() const;
  // Where the next bytes of it go, at most the missing ones. REQUIRES: has_room() and some are.
  absl::Span<char> Lend();
  // `bytes` were put at the start of what was lent, and are sent.
  void Give(std::size_t bytes);

  // Drops the connection: unless all has been given, the server keeps nothing. The receiver hears
  // no more.
  void Cancel();
  // As Cancel, but the receiver is told, at once.
  void Fail(CallFailure failure);

  // 1 until it is over.
  std::size_t pending_calls() const { return receiver_ != nullptr ? 1 : 0; }

 private:
  struct Block {
    net::BufferPool::Buffer buffer;
    std::size_t bytes = 0;
  };

  absl::Span<char> LendReceiveBuffer() override { return reader_.Lend(); }
  net::Progress OnReceived(std::size_t bytes) override;
  net::Progress OnSent() override;
  void OnClosed(net::CloseReason reason) override;

  // Hands over what waits, if nothing is being sent.
  void SendWaiting();
  void NoteHandshake();
  void SetTimer();
  void OnTimer();

  ConnectionResources& resources_;
  const UploadTimes times_;
  Receiver* receiver_;  // null: over
  ServerConnection::Observer& observer_;

  std::unique_ptr<net::Connection> connection_;
  std::string address_;
  protocol::Operation operation_ = protocol::Operation::kSet;
  std::string line_;
  std::size_t missing_bytes_ = 0;
  ReplyReader reader_;

  std::vector<Block> sending_blocks_;
  std::vector<Block> waiting_blocks_;
  Block filling_;
  bool sending_ = false;    // OnSent is awaited
  bool connected_ = false;  // the kernel has taken bytes

  net::EventLoop::TimerId timer_ = 0;
  absl::Duration last_step_;       // when something was given or taken
  std::size_t pending_bytes_ = 0;  // of the connection, when it was looked at last
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_STREAM_VALUE_UPLOAD_H_

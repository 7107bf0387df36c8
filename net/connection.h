// The contract between a byte stream and the session that speaks a protocol on it, by completion:
// the session lends the buffer that is filled next, hands over spans to be sent, and is told when
// these are free again. A session never sees a descriptor and never hears "readable", so a
// transport behind this contract may be a socket on epoll (socket_connection.h), TLS, io_uring or a
// test.
//
// Thread safety: a connection and its session live on one loop's thread.

#ifndef RINGCACHE_NET_CONNECTION_H_
#define RINGCACHE_NET_CONNECTION_H_

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

namespace ringcache::net {

enum class CloseReason : std::uint8_t {
  kPeerClosed,  // end of stream, everything handed over was sent
  kPeerError,   // reset, or another socket error
  kLocal,       // the session asked for it, or the loop has no room for it
  kDrained,     // the server is going away
  kIdle,
};

// What the session wants next. kContinue, kPause and the closes replace what was asked for before,
// so OnSent may end a pause by returning kContinue or, with requests left in its buffer, kYield;
// but a yield that was asked for stays due.
enum class Progress : std::uint8_t {
  kContinue,  // receive more when there is more
  kYield,     // call OnReceived(0) again soon, after other connections had their turn
  kPause,     // receive nothing until Connection::ResumeReceiving()
  kClose,     // send what was handed over, then close gracefully as Drain() does, OnClosed(kLocal)
  kAbort,     // close at once
};

// How far a connection is that was opened from here.
enum class Handshake : std::uint8_t {
  kUnderWay,
  kStands,
  kFailed,  // refused, or lost since
};

class Connection;

// Implemented by a protocol. The connection calls it; it outlives the connection's last call.
class Session {
 public:
  virtual ~Session() = default;

  // Bytes are waiting: where should they go? The span stays lent until OnReceived. Never empty.
  // Called as late as the transport can, so that an idle connection has no buffer.
  virtual absl::Span<char> LendReceiveBuffer() = 0;

  // `bytes` were put at the start of the lent span. 0 after kYield, after ResumeReceiving (nothing
  // was lent then), or when nothing came after all (the lent span is returned).
  virtual Progress OnReceived(std::size_t bytes) = 0;

  // All spans handed over so far have been sent or dropped, and are free. Called only if Send
  // returned false, from the loop.
  virtual Progress OnSent() = 0;

  // The peer sends no more, but may still read (`printf ... | nc`). kClose: nothing is owed but
  // what was handed over. A session that still owes replies returns kContinue or kPause, is given
  // nothing more, and ends with Connection::Drain() after its last Send.
  virtual Progress OnPeerEnded() { return Progress::kClose; }

  // The last call: the connection is gone; spans are free. The session may delete itself.
  virtual void OnClosed(CloseReason reason) = 0;
};

class Connection {
 public:
  virtual ~Connection() = default;

  // Hands over spans to be sent in order, after what was handed over before. Returns true if all
  // bytes have already been taken and every span is free again (the usual case), false if they stay
  // in use until OnSent (the array itself is copied). At most kMaxSpans spans are pending: past it
  // the connection fails (OnClosed(kLocal) follows), so wait for OnSent before sending more than is
  // left. After an error nothing is sent, true is returned, and OnClosed follows from the loop.
  virtual bool Send(absl::Span<const iovec> spans) = 0;
  bool Send(const char* data, std::size_t bytes) {
    const iovec span{const_cast<char*>(data), bytes};
    return Send(absl::MakeConstSpan(&span, 1));
  }
  static constexpr std::size_t kMaxSpans = 64;

  // Bytes handed over and not yet sent.
  virtual std::size_t pending_bytes() const = 0;

  // As it is now: a failure may show here before OnClosed tells of it. What was accepted stands.
  virtual Handshake handshake() const { return Handshake::kStands; }

  // After Progress::kPause (else ignored). OnReceived(0) is called from the loop, then receiving
  // goes on.
  virtual void ResumeReceiving() = 0;

  // Stops taking new requests: what the session has handed over is still sent, then FIN, then
  // whatever comes is read and discarded until the peer closes or a linger passes (an option of the
  // connection), then OnClosed(kDrained) comes from the loop. A request that got no reply before a
  // clean FIN was not executed: a session with requests under way calls this after its last Send.
  virtual void Drain() = 0;

  // Closes at once; what is pending is dropped. OnClosed is called before this returns, unless it
  // is called from within the session's own callback: then, after that.
  virtual void Close(CloseReason reason) = 0;
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_CONNECTION_H_

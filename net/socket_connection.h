// Connection over a non-blocking stream socket, TCP or unix, also one whose connect() is still
// under way. A wake-up costs one recv, and one send made directly from Send(); only what the kernel
// does not take is queued, and only then is writability waited for.
//
// Ownership: the descriptor is owned, the session is not. Destroying the connection closes the
// socket at once and calls nobody. It may be destroyed from OnClosed (a session may own its
// connection and delete itself there) or outside its session's callbacks, but not from within
// another of them; the session lives until OnClosed has been called or the connection is destroyed.
//
// Thread safety: belongs to the thread of its context's loop.

#ifndef RINGCACHE_NET_SOCKET_CONNECTION_H_
#define RINGCACHE_NET_SOCKET_CONNECTION_H_

#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/types/span.h"
#include "net/connection.h"
#include "net/connection_context.h"
#include "net/descriptor.h"
#include "net/event_loop.h"

namespace ringcache::net {

class SocketConnection final : public Connection, private DescriptorWatcher {
 public:
  // Starts receiving: the session is called from the loop from now on. `socket` is made
  // non-blocking and TCP_NODELAY by the connection. `context` and `session` outlive it. If the loop
  // cannot watch it, the connection is closed from the loop (kLocal).
  SocketConnection(ConnectionContext* context, Descriptor socket, Session* session);
  ~SocketConnection() override;

  using Connection::Send;
  bool Send(absl::Span<const iovec> spans) override;
  std::size_t pending_bytes() const override;
  // Asks the kernel. A unix socket has no handshake and stands at once.
  Handshake handshake() const override;
  void ResumeReceiving() override;
  void Drain() override;
  void Close(CloseReason reason) override;

  int descriptor() const { return socket_.get(); }

 private:
  // Spans that the kernel did not take. Allocated while there are any.
  struct PendingSpans {
    std::array<iovec, kMaxSpans> spans;
    std::size_t first = 0;
    std::size_t end = 0;
    std::size_t bytes = 0;
  };

  enum class State : std::uint8_t {
    kOpen,
    kFlushing,   // closing gracefully: what was handed over is being sent
    kLingering,  // FIN sent: the peer's is awaited
    kDead,       // OnClosed is due, or was called
  };
  // One timer serves all: they never coincide.
  enum class TimerUse : std::uint8_t { kNone, kYield, kClose, kLinger };

  // The members that return bool return false when OnClosed was called: `this` may be gone.
  void OnReady(bool readable, bool writable) override;
  void OnTimer();
  bool Flush();
  bool Receive();
  bool ReceiveTrouble();
  bool Discard();
  bool Follow(Progress progress);
  bool FollowUnusual(Progress progress);
  bool ContinueClosing();
  bool Finish(CloseReason reason);
  void FinishSoon(CloseReason reason);

  std::ptrdiff_t SendNow(absl::Span<const iovec> spans);
  bool Enqueue(absl::Span<const iovec> spans, std::size_t skip_bytes);
  void SetInterest(bool read, bool write);
  void Unwatch();
  void SetTimer(TimerUse use, absl::Duration delay);
  void ClearTimer();

  ConnectionContext* const context_;
  Session* const session_;
  std::unique_ptr<PendingSpans> pending_;
  EventLoop::TimerId timer_ = 0;
  Descriptor socket_;
  State state_ = State::kOpen;
  TimerUse timer_use_ = TimerUse::kNone;
  CloseReason reason_ = CloseReason::kLocal;
  bool paused_ : 1 = false;
  bool in_callback_ : 1 = false;  // the session's callback is on the stack
  bool peer_ended_ : 1 = false;   // end of stream was read
  bool watched_ : 1 = false;
  bool watch_read_ : 1 = false;
  bool watch_write_ : 1 = false;
};

// An idle connection costs this, its session and the kernel's socket.
static_assert(sizeof(SocketConnection) <= 64);

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_SOCKET_CONNECTION_H_

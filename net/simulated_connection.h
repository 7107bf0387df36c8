// Connection over a simulated socket: the contract of connection.h, as SocketConnection keeps it,
// without descriptors. Both pass connection_test.cc.
//
// Ownership: the socket is owned, the session is not; it may be destroyed when a SocketConnection
// may. Thread safety: belongs to the thread of the socket's loop, which is its context's.

#ifndef RINGCACHE_NET_SIMULATED_CONNECTION_H_
#define RINGCACHE_NET_SIMULATED_CONNECTION_H_

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "net/connection.h"
#include "net/connection_context.h"
#include "net/event_loop.h"
#include "net/simulated_loop.h"
#include "net/simulated_socket.h"

namespace ringcache::net {

class SimulatedConnection final : public Connection {
 public:
  // The session is called from the loop from now on. `context` and `session` outlive it.
  SimulatedConnection(ConnectionContext* context, SimulatedSocket socket, Session* session);
  ~SimulatedConnection() override;

  using Connection::Send;
  bool Send(absl::Span<const iovec> spans) override;
  std::size_t pending_bytes() const override;
  Handshake handshake() const override;
  void ResumeReceiving() override;
  void Drain() override;
  void Close(CloseReason reason) override;

  // As Close(kLocal), but the peer sees a reset instead of an end.
  void Reset();

 private:
  enum class State : std::uint8_t {
    kOpen,
    kFlushing,   // closing gracefully: what was handed over is being sent
    kLingering,  // the end was sent: the peer's is awaited
    kDead,       // OnClosed is due, or was called
  };
  enum class TimerUse : std::uint8_t { kNone, kYield, kClose, kLinger };

  // Sees to OnReady being called when there is something to do.
  void AwaitReady();
  void OnReady();
  void OnTimer();
  // These return false when OnClosed was called: `this` may be gone.
  bool Flush();
  bool Receive();
  bool ReceiveEnd(std::ptrdiff_t received);
  bool Discard();
  bool Follow(Progress progress);
  bool ContinueClosing();
  bool Finish(CloseReason reason);
  void FinishSoon(CloseReason reason);

  bool Enqueue(absl::Span<const iovec> spans, std::size_t skip_bytes);
  void StopAwaiting();
  void SetTimer(TimerUse use, absl::Duration delay);
  void ClearTimer();

  ConnectionContext* const context_;
  Session* const session_;
  SimulatedLoop& loop_;
  SimulatedSocket socket_;
  std::vector<iovec> pending_;
  State state_ = State::kOpen;
  CloseReason reason_ = CloseReason::kLocal;
  bool paused_ = false;
  bool in_callback_ = false;
  bool peer_ended_ = false;
  bool resets_ = false;
  EventLoop::TimerId ready_ = 0;
  EventLoop::TimerId timer_ = 0;
  TimerUse timer_use_ = TimerUse::kNone;
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_SIMULATED_CONNECTION_H_

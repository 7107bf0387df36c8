// A stream in simulated time between the end that dialed and the end that accepts, as two kernels
// and the wire between them see it: what is on its way, what was received and not read, and who has
// ended, closed or reset. simulated_socket.h is how its users hold an end of it.
//
// What is sent arrives in order after the delay of its direction. While the link is silent nothing
// arrives, and nothing is lost.
//
// Thread safety: belongs to the loop's thread.

#ifndef RINGCACHE_NET_SIMULATED_LINK_H_
#define RINGCACHE_NET_SIMULATED_LINK_H_

#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "net/connection.h"
#include "net/event_loop.h"
#include "net/simulated_loop.h"

namespace ringcache::net {

struct LinkOptions {
  // From who dialed to who accepted, and back.
  absl::Duration delay_there = absl::ZeroDuration();
  absl::Duration delay_back = absl::ZeroDuration();
  // Most bytes that are received at once, whatever has arrived; 0: no limit.
  std::size_t fragment_bytes = 0;
  // Most bytes of one direction that are on their way or unread: past it a sender is blocked.
  std::size_t window_bytes = 256 * 1024;
};

class SimulatedLink : public std::enable_shared_from_this<SimulatedLink> {
 public:
  enum class End : std::uint8_t { kDialer, kAcceptor };
  static End Other(End end) { return end == End::kDialer ? End::kAcceptor : End::kDialer; }

  // What Receive and Send return instead of a number of bytes, and Receive at the end of stream.
  static constexpr std::ptrdiff_t kEndOfStream = 0;
  static constexpr std::ptrdiff_t kNothingYet = -1;
  static constexpr std::ptrdiff_t kFailed = -2;  // reset or refused

  // `loop` outlives this.
  SimulatedLink(SimulatedLoop* loop, const LinkOptions& options)
      : loop_(*loop), options_(options) {}
  ~SimulatedLink();
  SimulatedLink(const SimulatedLink&) = delete;
  SimulatedLink& operator=(const SimulatedLink&) = delete;

  // Both ends are open and stand, as after a handshake.
  void Stand();
  // The dialer's end is open; `on_knock` is called from the loop when its word arrives, unless the
  // dialer has closed until then, and calls Accept or Refuse, or nothing for ever.
  void Knock(std::function<void()> on_knock);
  // Opens the acceptor's end.
  void Accept();
  void Refuse();

  Handshake handshake(End end) const;
  bool readable(End end) const;  // Receive would give something else than kNothingYet
  bool writable(End end) const;  // Send would take something
  bool failed(End end) const { return side(end).failed; }

  std::ptrdiff_t Receive(End end, absl::Span<char> buffer);
  // The bytes that were taken: 0 if there is no room, or the handshake is under way.
  std::ptrdiff_t Send(End end, absl::Span<const iovec> spans);
  void EndSending(End end);
  void Reset(End end);
  // As close(2): a reset if bytes are left unread, else the end of stream.
  void Close(End end);
  // Called from the loop when something has come that may change what can be read or sent.
  void set_on_change(End end, std::function<void()> on_change) {
    side(end).on_change = std::move(on_change);
  }

  void SetSilent(bool silent);
  SimulatedLoop& loop() const { return loop_; }

 private:
  enum class Word : std::uint8_t {
    kKnock,
    kAccepted,
    kBytes,
    kTaken,  // the reader has made room
    kEnd,
    kReset,
  };
  struct Segment {
    Word word;
    std::string bytes = {};  // kBytes
    std::size_t taken = 0;   // kTaken
    absl::Duration arrival = absl::ZeroDuration();
  };
  // An end, and what it has sent.
  struct Side {
    bool open = false;  // somebody holds it
    bool stands = false;
    bool failed = false;
    bool ended = false;       // sends no more
    bool peer_ended = false;  // everything that comes is in `received`
    std::string received;
    std::size_t outstanding_bytes = 0;  // sent, and not known to be read
    std::deque<Segment> under_way;
    absl::Duration last_arrival;
    EventLoop::TimerId arrival = 0;
    std::function<void()> on_change;
  };

  Side& side(End end) { return sides_[static_cast<std::size_t>(end)]; }
  const Side& side(End end) const { return sides_[static_cast<std::size_t>(end)]; }
  void Transmit(End from, Segment segment);
  // Delivers what is due, and sees to the rest.
  void DeliverDue(End from);
  void AwaitArrival(End from);
  void Deliver(End to, Segment segment);

  SimulatedLoop& loop_;
  const LinkOptions options_;
  bool silent_ = false;
  std::function<void()> on_knock_;
  std::array<Side, 2> sides_;
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_SIMULATED_LINK_H_

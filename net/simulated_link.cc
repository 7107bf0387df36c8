#include "net/simulated_link.h"

#include <algorithm>
#include <cstring>

namespace ringcache::net {

SimulatedLink::~SimulatedLink() {
  for (const Side& side : sides_) {
    if (side.arrival != 0) loop_.CancelArrival(side.arrival);
  }
}

void SimulatedLink::Stand() {
  for (Side& side : sides_) side.open = side.stands = true;
}

void SimulatedLink::Knock(std::function<void()> on_knock) {
  side(End::kDialer).open = true;
  on_knock_ = std::move(on_knock);
  Transmit(End::kDialer, {.word = Word::kKnock});
}

void SimulatedLink::Accept() {
  Side& acceptor = side(End::kAcceptor);
  acceptor.open = acceptor.stands = true;
  Transmit(End::kAcceptor, {.word = Word::kAccepted});
}

void SimulatedLink::Refuse() { Transmit(End::kAcceptor, {.word = Word::kReset}); }

Handshake SimulatedLink::handshake(End end) const {
  if (side(end).failed) return Handshake::kFailed;
  return side(end).stands ? Handshake::kStands : Handshake::kUnderWay;
}

bool SimulatedLink::readable(End end) const {
  const Side& side = this->side(end);
  return !side.received.empty() || side.peer_ended || side.failed;
}

bool SimulatedLink::writable(End end) const {
  const Side& side = this->side(end);
  return side.failed || (side.stands && side.outstanding_bytes < options_.window_bytes);
}

std::ptrdiff_t SimulatedLink::Receive(End end, absl::Span<char> buffer) {
  Side& side = this->side(end);
  // What came before a reset can still be read.
  if (side.received.empty()) {
    if (side.failed) return kFailed;
    return side.peer_ended ? kEndOfStream : kNothingYet;
  }
  std::size_t bytes = std::min(buffer.size(), side.received.size());
  if (options_.fragment_bytes > 0) bytes = std::min(bytes, options_.fragment_bytes);
  std::memcpy(buffer.data(), side.received.data(), bytes);
  side.received.erase(0, bytes);
  if (!side.failed) Transmit(end, {.word = Word::kTaken, .taken = bytes});
  return static_cast<std::ptrdiff_t>(bytes);
}

std::ptrdiff_t SimulatedLink::Send(End end, absl::Span<const iovec> spans) {
  Side& side = this->side(end);
  if (side.failed || side.ended) return kFailed;
  if (!side.stands) return 0;
  std::size_t room = options_.window_bytes - side.outstanding_bytes;
  std::string taken;
  for (const iovec& span : spans) {
    const std::size_t bytes = std::min(room - taken.size(), span.iov_len);
    taken.append(static_cast<const char*>(span.iov_base), bytes);
  }
  const std::size_t bytes = taken.size();
  side.outstanding_bytes += bytes;
  if (bytes > 0) Transmit(end, {.word = Word::kBytes, .bytes = std::move(taken)});
  return static_cast<std::ptrdiff_t>(bytes);
}

void SimulatedLink::EndSending(End end) {
  Side& side = this->side(end);
  if (side.ended || side.failed) return;
  side.ended = true;
  Transmit(end, {.word = Word::kEnd});
}

void SimulatedLink::Reset(End end) {
  Side& side = this->side(end);
  side.open = false;
  side.on_change = nullptr;
  if (!side.failed) Transmit(end, {.word = Word::kReset});
}

void SimulatedLink::Close(End end) {
  Side& side = this->side(end);
  if (!side.open) return;
  if (!side.received.empty() || !side.stands) return Reset(end);
  side.open = false;
  side.on_change = nullptr;
  EndSending(end);
}

void SimulatedLink::SetSilent(bool silent) {
  silent_ = silent;
  for (const End end : {End::kDialer, End::kAcceptor}) AwaitArrival(end);
}

void SimulatedLink::Transmit(End from, Segment segment) {
  Side& side = this->side(from);
  const absl::Duration delay = from == End::kDialer ? options_.delay_there : options_.delay_back;
  segment.arrival = side.last_arrival = std::max(loop_.MonotonicNow() + delay, side.last_arrival);
  side.under_way.push_back(std::move(segment));
  AwaitArrival(from);
}

void SimulatedLink::AwaitArrival(End from) {
  Side& side = this->side(from);
  if (side.arrival != 0 || side.under_way.empty() || silent_) return;
  // Not from here even without a delay: Transmit is called from within the callbacks of either end.
  side.arrival =
      loop_.ArriveAfter(side.under_way.front().arrival - loop_.MonotonicNow(), [this, from] {
        this->side(from).arrival = 0;
        DeliverDue(from);
      });
}

void SimulatedLink::DeliverDue(End from) {
  // Whoever is told may let go of the link, and of what it is told by.
  const std::shared_ptr<SimulatedLink> self = shared_from_this();
  Side& side = this->side(from);
  while (!silent_ && !side.under_way.empty() &&
         side.under_way.front().arrival <= loop_.MonotonicNow()) {
    Segment segment = std::move(side.under_way.front());
    side.under_way.pop_front();
    Deliver(Other(from), std::move(segment));
  }
  AwaitArrival(from);
  const std::function<void()> on_change = this->side(Other(from)).on_change;
  if (on_change) on_change();
}

void SimulatedLink::Deliver(End to, Segment segment) {
  Side& side = this->side(to);
  switch (segment.word) {
    case Word::kKnock:
      if (this->side(Other(to)).open) std::exchange(on_knock_, nullptr)();
      return;
    case Word::kAccepted:
      side.stands = true;
      break;
    case Word::kBytes:
      // Nobody is there any more to read it.
      if (!side.open) return Reset(to);
      side.received += segment.bytes;
      break;
    case Word::kTaken:
      side.outstanding_bytes -= segment.taken;
      break;
    case Word::kEnd:
      side.peer_ended = true;
      break;
    case Word::kReset:
      side.failed = true;
      break;
  }
}

}  // namespace ringcache::net

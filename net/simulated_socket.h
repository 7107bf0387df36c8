// One end of a link in simulated time, held as a descriptor holds a socket: closed when destroyed.
//
// Thread safety: belongs to the loop's thread.

#ifndef RINGCACHE_NET_SIMULATED_SOCKET_H_
#define RINGCACHE_NET_SIMULATED_SOCKET_H_

#include <sys/uio.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

#include "absl/types/span.h"
#include "net/connection.h"
#include "net/simulated_link.h"
#include "net/simulated_loop.h"

namespace ringcache::net {

class SimulatedSocket {
 public:
  SimulatedSocket() = default;
  SimulatedSocket(std::shared_ptr<SimulatedLink> link, SimulatedLink::End end)
      : link_(std::move(link)), end_(end) {}
  SimulatedSocket(SimulatedSocket&& other) noexcept = default;
  SimulatedSocket& operator=(SimulatedSocket&& other) noexcept {
    if (this != &other) {
      Close();
      link_ = std::move(other.link_);
      end_ = other.end_;
    }
    return *this;
  }
  ~SimulatedSocket() { Close(); }

  bool valid() const { return link_ != nullptr; }
  // Everything below REQUIRES: valid(), but for Close and Reset, after which it is not.
  Handshake handshake() const { return link_->handshake(end_); }
  bool readable() const { return link_->readable(end_); }
  bool writable() const { return link_->writable(end_); }
  bool failed() const { return link_->failed(end_); }
  SimulatedLoop& loop() const { return link_->loop(); }

  // As the link's.
  std::ptrdiff_t Receive(absl::Span<char> buffer) { return link_->Receive(end_, buffer); }
  std::ptrdiff_t Send(absl::Span<const iovec> spans) { return link_->Send(end_, spans); }
  void EndSending() { link_->EndSending(end_); }
  void set_on_change(std::function<void()> on_change) {
    link_->set_on_change(end_, std::move(on_change));
  }

  void Close() {
    if (const auto link = std::exchange(link_, nullptr)) link->Close(end_);
  }
  void Reset() {
    if (const auto link = std::exchange(link_, nullptr)) link->Reset(end_);
  }

 private:
  std::shared_ptr<SimulatedLink> link_;
  SimulatedLink::End end_ = SimulatedLink::End::kDialer;
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_SIMULATED_SOCKET_H_

// Accepts connections on one address and hands over their descriptors.
//
// When the process runs out of descriptors, accepting pauses for a while: waiting peers stay in the
// kernel's backlog and the loop does not spin.
//
// Thread safety: belongs to its loop's thread, or to whoever sets the loop up before it runs.

#ifndef RINGCACHE_NET_LISTENER_H_
#define RINGCACHE_NET_LISTENER_H_

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "net/descriptor.h"
#include "net/event_loop.h"
#include "net/socket_address.h"

namespace ringcache::net {

struct ListenerOptions {
  int backlog = 1024;
  // Permissions of a unix socket's file.
  mode_t unix_mode = 0700;
  // Pause after the process or the host ran out of descriptors or memory.
  absl::Duration exhausted_pause = absl::Milliseconds(100);

  absl::Status Validate() const;
};

class Listener final : private DescriptorWatcher {
 public:
  // Takes a non-blocking, close-on-exec socket. May pause or stop the listener, not destroy it.
  using AcceptCallback = std::function<void(Descriptor)>;

  // Binds, listens and accepts from the loop from then on. A stale unix socket, one that nobody
  // listens on, is replaced; IPv6 addresses take no IPv4. Fails with what the system said, and
  // where: kUnavailable if this host has no such address or no addresses of this kind.
  static absl::StatusOr<std::unique_ptr<Listener>> Create(EventLoop* loop,
                                                          const SocketAddress& address,
                                                          const ListenerOptions& options,
                                                          AcceptCallback on_accept);
  // One for each of `addresses` (SocketAddress::ResolveForBinding). Those that this host cannot
  // have, such as IPv6's where there is none, are left out as long as one is left. The i-th gets
  // the callback that `on_accept(i)` returns.
  static absl::StatusOr<std::vector<std::unique_ptr<Listener>>> CreateAll(
      EventLoop* loop, const std::vector<SocketAddress>& addresses, const ListenerOptions& options,
      const std::function<AcceptCallback(std::size_t i)>& on_accept);
  // Stops listening; removes a unix socket's file.
  ~Listener() override;

  // Sends `why` to a peer that was accepted and closes. One that does not take these few bytes at
  // once hears nothing.
  static void Refuse(Descriptor socket, absl::string_view why);

  // With the real port where 0 was asked for.
  const SocketAddress& address() const { return address_; }
  std::uint16_t port() const { return address_.port(); }
  // Names it in statistics.
  int descriptor() const { return socket_.get(); }

  // Leaves peers in the backlog until Resume.
  void Pause();
  void Resume();
  // Refuses new peers for good.
  void Stop();

  bool accepting() const { return watched_; }
  std::uint64_t accepted() const { return accepted_; }
  // How often accepting paused for want of descriptors or of room in the loop.
  std::uint64_t times_exhausted() const { return times_exhausted_; }

 private:
  // Peers accepted in one wake-up, so that a flood of them does not starve connections.
  static constexpr int kMaxAcceptsPerWakeUp = 64;

  Listener(EventLoop* loop, Descriptor socket, const SocketAddress& address,
           const ListenerOptions& options, AcceptCallback on_accept);

  void OnReady(bool readable, bool writable) override;
  void PauseForRoom();
  void UpdateWatch();

  EventLoop* const loop_;
  const ListenerOptions options_;
  const AcceptCallback on_accept_;
  const SocketAddress address_;
  Descriptor socket_;
  EventLoop::TimerId exhausted_timer_ = 0;
  bool paused_ = false;
  bool watched_ = false;
  std::uint64_t accepted_ = 0;
  std::uint64_t times_exhausted_ = 0;
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_LISTENER_H_

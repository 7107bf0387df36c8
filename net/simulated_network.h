// A network in simulated time: who listens where, and what the way there is like today. Clients
// reach it as a Dialer; servers of tests listen on it and make SimulatedConnections of what they
// accept. An address where nobody listens refuses; one that nothing was said of is near.
//
// Ownership: outlives its connections. Thread safety: belongs to the loop's thread.

#ifndef RINGCACHE_NET_SIMULATED_NETWORK_H_
#define RINGCACHE_NET_SIMULATED_NETWORK_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "net/connection.h"
#include "net/connection_context.h"
#include "net/dialer.h"
#include "net/simulated_link.h"
#include "net/simulated_loop.h"
#include "net/simulated_socket.h"
#include "net/socket_address.h"

namespace ringcache::net {

class SimulatedNetwork final : public Dialer {
 public:
  // Told from the loop of a connection that was accepted.
  using OnAccept = std::function<void(SimulatedSocket socket)>;

  // `loop` outlives this.
  explicit SimulatedNetwork(SimulatedLoop* loop) : loop_(*loop) {}
  SimulatedNetwork(const SimulatedNetwork&) = delete;
  SimulatedNetwork& operator=(const SimulatedNetwork&) = delete;

  // REQUIRES: the context's loop is this network's.
  absl::StatusOr<std::unique_ptr<Connection>> Dial(const SocketAddress& address,
                                                   ConnectionContext* context,
                                                   Session* session) override;
  // The same, for peers of tests that are no sessions.
  SimulatedSocket DialSocket(const SocketAddress& address);
  // Two ends that stand.
  std::pair<SimulatedSocket, SimulatedSocket> MakePair(const LinkOptions& options = {});

  // Connections to `address` are accepted from now on; or refused, those that stand stay.
  void Listen(const SocketAddress& address, OnAccept on_accept);
  void StopListening(const SocketAddress& address);

  // What connections to `address` that are dialed from now on are like.
  void SetLink(const SocketAddress& address, const LinkOptions& options);
  // Whoever dials `address` from now on hears nothing for ever, as behind a full queue of accepts.
  void SetDeaf(const SocketAddress& address, bool deaf);
  // Dialing `address` fails at once, as without a route.
  void SetUnreachable(const SocketAddress& address, bool unreachable);
  // Silence in both directions, on what stands and what is dialed. What was under way arrives when
  // the partition has healed.
  void Partition(const SocketAddress& address);
  void Heal(const SocketAddress& address);

  // How often `address` was dialed.
  std::uint64_t dials(const SocketAddress& address) { return HostAt(address).dials; }

 private:
  struct Host {
    OnAccept on_accept;  // null: refuses
    LinkOptions link;
    bool deaf = false;
    bool unreachable = false;
    bool silent = false;
    std::uint64_t dials = 0;
    std::vector<std::weak_ptr<SimulatedLink>> links;
  };

  Host& HostAt(const SocketAddress& address) { return hosts_[address.ToString()]; }
  void SetSilent(const SocketAddress& address, bool silent);
  void OnKnock(Host* host, const std::weak_ptr<SimulatedLink>& link);

  SimulatedLoop& loop_;
  std::map<std::string, Host> hosts_;  // which stay where they are
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_SIMULATED_NETWORK_H_

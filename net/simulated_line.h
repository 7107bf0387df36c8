// A line in simulated time.
//
// Thread safety: belongs to the connection's loop.

#ifndef RINGCACHE_NET_SIMULATED_LINE_H_
#define RINGCACHE_NET_SIMULATED_LINE_H_

#include <cstddef>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "net/connection_context.h"
#include "net/connection_line.h"
#include "net/simulated_socket.h"

namespace ringcache::net {

class SimulatedLine final : public ConnectionLine {
 public:
  SimulatedLine(ConnectionContext* context, std::pair<SimulatedSocket, SimulatedSocket> ends);

  void PeerSends(absl::string_view text) override;
  // Runs the loop until they are there.
  std::string PeerReads(std::size_t bytes) override;
  void PeerReadsTo(std::string* text) override;
  void PeerEndsSending() override { peer.EndSending(); }
  void PeerCloses() override { peer.Close(); }
  void PeerResets() override { peer.Reset(); }

  SimulatedSocket peer;
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_SIMULATED_LINE_H_

// A line over two sockets of this host.
//
// Thread safety: belongs to the connection's loop.

#ifndef RINGCACHE_NET_SOCKET_LINE_H_
#define RINGCACHE_NET_SOCKET_LINE_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "net/connection_context.h"
#include "net/connection_line.h"
#include "net/descriptor.h"

namespace ringcache::net {

class SocketLine final : public ConnectionLine {
 public:
  struct Ends {
    Descriptor ours;
    Descriptor peers;  // blocking
  };
  static Ends UnixPair();
  static Ends TcpPair();

  SocketLine(ConnectionContext* context, Ends ends);

  void PeerSends(absl::string_view text) override;
  std::string PeerReads(std::size_t bytes) override;
  void PeerReadsTo(std::string* text) override;
  void PeerEndsSending() override;
  void PeerCloses() override { peer.Reset(); }
  void PeerResets() override;

  Descriptor peer;
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_SOCKET_LINE_H_

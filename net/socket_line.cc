#include "net/socket_line.h"

#include <sys/socket.h>

#include <cstdlib>
#include <memory>
#include <utility>

#include "gtest/gtest.h"
#include "net/socket_address.h"
#include "net/socket_connection.h"

namespace ringcache::net {

SocketLine::Ends SocketLine::UnixPair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) std::abort();
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

SocketLine::Ends SocketLine::TcpPair() {
  const Descriptor listener(socket(AF_INET, SOCK_STREAM, 0));
  const SocketAddress any_port = SocketAddress::Loopback(0);
  if (bind(listener.get(), any_port.data(), any_port.size()) != 0) std::abort();
  if (listen(listener.get(), 1) != 0) std::abort();
  const SocketAddress address = SocketAddress::OfLocalEnd(listener.get()).value();
  Descriptor peer(socket(AF_INET, SOCK_STREAM, 0));
  // Small enough for a few hundred kilobytes to block the sender.
  const int bytes = 16 * 1024;
  setsockopt(peer.get(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
  if (connect(peer.get(), address.data(), address.size()) != 0) std::abort();
  return {Descriptor(accept(listener.get(), nullptr, nullptr)), std::move(peer)};
}

SocketLine::SocketLine(ConnectionContext* context, Ends ends) : peer(std::move(ends.peers)) {
  connection = std::make_unique<SocketConnection>(context, std::move(ends.ours), &session);
}

void SocketLine::PeerSends(absl::string_view text) {
  ASSERT_EQ(send(peer.get(), text.data(), text.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(text.size()));
}

std::string SocketLine::PeerReads(std::size_t bytes) {
  std::string text(bytes, '\0');
  const ssize_t got = recv(peer.get(), text.data(), bytes, MSG_WAITALL);
  if (got < 0) return "error";
  text.resize(static_cast<std::size_t>(got));
  return text;
}

void SocketLine::PeerReadsTo(std::string* text) {
  char bytes[64 * 1024];
  const ssize_t got = recv(peer.get(), bytes, sizeof(bytes), MSG_DONTWAIT);
  if (got > 0) text->append(bytes, static_cast<std::size_t>(got));
}

void SocketLine::PeerEndsSending() { shutdown(peer.get(), SHUT_WR); }

void SocketLine::PeerResets() {
  const linger at_once{1, 0};
  setsockopt(peer.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  peer.Reset();
}

}  // namespace ringcache::net

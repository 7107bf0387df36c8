// What only sockets do; the contract of connections is tested by connection_test.cc.

#include "net/socket_connection.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "net/connection_context.h"
#include "net/connector.h"
#include "net/cramped_loop.h"
#include "net/loop_fixture.h"
#include "net/socket_address.h"
#include "net/socket_line.h"

namespace ringcache::net {
namespace {

class SocketConnectionTest : public LoopFixture {
 protected:
  ConnectionContext context_{loop_.get()};
};

TEST_F(SocketConnectionTest, WithoutRoomInTheLoopItIsClosed) {
  CrampedLoop cramped(loop_.get());
  cramped.set_full(true);
  ConnectionContext context(&cramped);
  SocketLine line(&context, SocketLine::TcpPair());
  EXPECT_FALSE(line.session.closed.has_value()) << "not from within the constructor";
  RunUntil([&] { return line.session.closed.has_value(); });
  EXPECT_EQ(line.session.closed, CloseReason::kLocal);
  EXPECT_EQ(line.PeerReads(1), "");
}

TEST_F(SocketConnectionTest, WhatIsSentBeforeTheConnectionStandsArrives) {
  const Descriptor listener(socket(AF_INET, SOCK_STREAM, 0));
  const SocketAddress any_port = SocketAddress::Loopback(0);
  ASSERT_EQ(bind(listener.get(), any_port.data(), any_port.size()), 0);
  ASSERT_EQ(listen(listener.get(), 1), 0);
  const SocketAddress address = SocketAddress::OfLocalEnd(listener.get()).value();
  SocketLine line(&context_, {StartConnecting(address).value(), Descriptor()});
  line.Send("hello");
  line.peer.Reset(accept(listener.get(), nullptr, nullptr));
  RunUntil([&] { return line.connection->pending_bytes() == 0; });
  EXPECT_EQ(line.PeerReads(5), "hello");
}

TEST_F(SocketConnectionTest, ARefusedConnectIsAnError) {
  SocketAddress nobody;
  {
    const Descriptor bound(socket(AF_INET, SOCK_STREAM, 0));
    const SocketAddress any_port = SocketAddress::Loopback(0);
    ASSERT_EQ(bind(bound.get(), any_port.data(), any_port.size()), 0);
    nobody = SocketAddress::OfLocalEnd(bound.get()).value();
  }
  absl::StatusOr<Descriptor> socket = StartConnecting(nobody);
  if (!socket.ok()) return;  // refused even before the call returned
  SocketLine line(&context_, {*std::move(socket), Descriptor()});
  RunUntil([&] { return line.session.closed.has_value(); });
  EXPECT_EQ(line.session.closed, CloseReason::kPeerError);
}

// A peer that closes hangs up while its last requests are unread.
TEST_F(SocketConnectionTest, OnAUnixSocketAPeerThatClosesDuringAPauseIsHeardOutAfterIt) {
  SocketLine line(&context_, SocketLine::UnixPair());
  line.session.on_received = [&](std::size_t) {
    return line.session.received == "first" ? Progress::kPause : Progress::kContinue;
  };
  line.PeerSends("first");
  RunUntil([&] { return !line.session.received.empty(); });
  line.PeerSends(" and last");
  line.PeerCloses();
  RunWakeUps(5);
  EXPECT_FALSE(line.session.closed.has_value());
  line.session.on_received = nullptr;
  line.connection->ResumeReceiving();
  RunUntil([&] { return line.session.closed.has_value(); });
  EXPECT_EQ(line.session.received, "first and last");
  EXPECT_EQ(line.session.closed, CloseReason::kPeerClosed);
}

}  // namespace
}  // namespace ringcache::net

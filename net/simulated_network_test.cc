// What the network does to connections; their contract is tested by connection_test.cc.

#include "net/simulated_network.h"

#include <functional>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "net/connection_context.h"
#include "net/scripted_session.h"
#include "net/simulated_connection.h"
#include "net/simulated_loop.h"
#include "net/socket_address.h"

namespace ringcache::net {
namespace {

constexpr absl::Duration kMs = absl::Milliseconds(1);

class SimulatedNetworkTest : public testing::Test {
 protected:
  // A session and the connection that it speaks on.
  struct Peer {
    bool Send(const std::string& text) {
      said += text;
      return connection->Send(text.data(), text.size());
    }
    ScriptedSession session;
    std::unique_ptr<Connection> connection;
    std::string said;
  };

  void Listen() {
    network_.Listen(address_, [this](SimulatedSocket socket) {
      server_ = std::make_unique<Peer>();
      server_->connection =
          std::make_unique<SimulatedConnection>(&context_, std::move(socket), &server_->session);
    });
  }
  std::unique_ptr<Peer> Dial() {
    auto peer = std::make_unique<Peer>();
    peer->connection = network_.Dial(address_, &context_, &peer->session).value();
    return peer;
  }
  // Both ends of a connection that stands.
  std::unique_ptr<Peer> Connect() {
    Listen();
    auto client = Dial();
    loop_.RunFor(absl::Seconds(1));
    EXPECT_NE(server_, nullptr);
    EXPECT_EQ(client->connection->handshake(), Handshake::kStands);
    return client;
  }
  // How long it takes until `done`; a day if it never happens.
  absl::Duration TimeUntil(const std::function<bool()>& done) {
    const absl::Duration start = loop_.MonotonicNow();
    return loop_.RunUntil(done, absl::Minutes(1)) ? loop_.MonotonicNow() - start : absl::Hours(24);
  }

  SimulatedLoop loop_;
  SimulatedNetwork network_{&loop_};
  ConnectionContext context_{&loop_};
  const SocketAddress address_ = SocketAddress::Parse("10.0.0.1:11211", 0).value();
  std::unique_ptr<Peer> server_;
};

TEST_F(SimulatedNetworkTest, EachDirectionHasItsDelay) {
  network_.SetLink(address_, {.delay_there = 3 * kMs, .delay_back = 5 * kMs});
  Listen();
  const auto client = Dial();
  EXPECT_EQ(client->connection->handshake(), Handshake::kUnderWay);
  const std::string ping = "ping";
  EXPECT_FALSE(client->Send(ping)) << "waits until the connection stands";
  EXPECT_EQ(TimeUntil([&] { return server_ != nullptr; }), 3 * kMs);
  EXPECT_EQ(TimeUntil([&] { return client->connection->handshake() == Handshake::kStands; }),
            5 * kMs);
  EXPECT_EQ(TimeUntil([&] { return server_->session.received == "ping"; }), 3 * kMs);
  EXPECT_EQ(client->session.sent_calls, 1);
  EXPECT_TRUE(server_->Send("pong"));
  EXPECT_EQ(TimeUntil([&] { return client->session.received == "pong"; }), 5 * kMs);
}

TEST_F(SimulatedNetworkTest, WhatIsSentTogetherIsReceivedInFragmentsInOrder) {
  for (const std::size_t fragment : {1, 2, 5, 100}) {
    network_.SetLink(address_, {.fragment_bytes = fragment});
    const auto client = Connect();
    std::vector<std::size_t> receptions;
    server_->session.on_received = [&](std::size_t bytes) {
      receptions.push_back(bytes);
      return Progress::kContinue;
    };
    const std::string text = "get some_key\r\n";
    EXPECT_TRUE(client->Send(text));
    loop_.RunFor(kMs);
    EXPECT_EQ(server_->session.received, text);
    EXPECT_EQ(receptions.size(), (text.size() + fragment - 1) / fragment);
    EXPECT_EQ(std::accumulate(receptions.begin(), receptions.end(), std::size_t{0}), text.size());
    server_.reset();
  }
}

TEST_F(SimulatedNetworkTest, WhatIsSentInTwoPartsIsReceivedAtOnceIfBothHaveArrived) {
  const auto client = Connect();
  EXPECT_TRUE(client->Send("one "));
  EXPECT_TRUE(client->Send("two"));
  loop_.RunFor(kMs);
  EXPECT_EQ(server_->session.received, "one two");
  EXPECT_EQ(server_->session.lent, 1);
}

TEST_F(SimulatedNetworkTest, WhereNobodyListensIsRefusedAfterARoundTrip) {
  network_.SetLink(address_, {.delay_there = 3 * kMs, .delay_back = 5 * kMs});
  const auto client = Dial();
  EXPECT_EQ(TimeUntil([&] { return client->session.closed.has_value(); }), 8 * kMs);
  EXPECT_EQ(client->session.closed, CloseReason::kPeerError);
  EXPECT_EQ(client->connection->handshake(), Handshake::kFailed);
  EXPECT_EQ(network_.dials(address_), 1u);
  EXPECT_EQ(context_.opened.value(), context_.closed.value());
}

TEST_F(SimulatedNetworkTest, WhatStandsStaysWhenNoMoreIsAccepted) {
  const auto client = Connect();
  network_.StopListening(address_);
  const auto late = Dial();
  EXPECT_TRUE(client->Send("x"));
  loop_.RunFor(kMs);
  EXPECT_EQ(server_->session.received, "x");
  EXPECT_EQ(late->session.closed, CloseReason::kPeerError);
}

TEST_F(SimulatedNetworkTest, ADeafAddressLeavesTheHandshakeUnderWay) {
  Listen();
  network_.SetDeaf(address_, true);
  const auto client = Dial();
  loop_.RunFor(absl::Hours(1));
  EXPECT_EQ(client->connection->handshake(), Handshake::kUnderWay);
  EXPECT_EQ(server_, nullptr);
}

TEST_F(SimulatedNetworkTest, AnAddressWithoutRouteFailsAtOnce) {
  Listen();
  network_.SetUnreachable(address_, true);
  ScriptedSession session;
  EXPECT_TRUE(absl::IsUnavailable(network_.Dial(address_, &context_, &session).status()));
  const auto nobody = SocketAddress::Parse("unix:/run/none.sock", 0).value();
  EXPECT_TRUE(absl::IsNotFound(network_.Dial(nobody, &context_, &session).status()));
}

TEST_F(SimulatedNetworkTest, APeerThatStopsReadingBlocksItsSenderUntilItReads) {
  network_.SetLink(address_, {.window_bytes = 10});
  const auto client = Connect();
  server_->session.on_received = [](std::size_t) { return Progress::kPause; };
  const std::string text = "more than ten bytes";
  EXPECT_FALSE(client->Send(text));
  loop_.RunFor(absl::Hours(1));
  EXPECT_EQ(client->session.sent_calls, 1) << "what was read at first made room for the rest";
  EXPECT_FALSE(client->Send(text));
  loop_.RunFor(absl::Hours(1));
  EXPECT_EQ(client->session.sent_calls, 1);
  EXPECT_GT(client->connection->pending_bytes(), 0u);
  server_->session.on_received = nullptr;
  server_->connection->ResumeReceiving();
  loop_.RunFor(kMs);
  EXPECT_EQ(client->session.sent_calls, 2);
  EXPECT_EQ(server_->session.received, client->said);
}

TEST_F(SimulatedNetworkTest, AResetReachesThePeerAfterItsDelay) {
  network_.SetLink(address_, {.delay_back = 5 * kMs});
  const auto client = Connect();
  server_->Send("last words");
  static_cast<SimulatedConnection*>(server_->connection.get())->Reset();
  EXPECT_EQ(server_->session.closed, CloseReason::kLocal);
  EXPECT_EQ(TimeUntil([&] { return client->session.closed.has_value(); }), 5 * kMs);
  EXPECT_EQ(client->session.closed, CloseReason::kPeerError);
  EXPECT_EQ(client->session.received, "last words");
}

TEST_F(SimulatedNetworkTest, APeerThatClosedAnswersMoreBytesWithAReset) {
  const auto client = Connect();
  client->session.on_peer_ended = Progress::kContinue;
  server_->connection.reset();
  loop_.RunFor(kMs);
  EXPECT_TRUE(client->session.peer_ended);
  EXPECT_FALSE(client->session.closed.has_value());
  EXPECT_TRUE(client->Send("x"));
  loop_.RunFor(kMs);
  EXPECT_EQ(client->session.closed, CloseReason::kPeerError);
}

TEST_F(SimulatedNetworkTest, WhoEndsItsSendingStillReceives) {
  const auto client = Connect();
  server_->session.on_peer_ended = Progress::kPause;
  client->connection->Drain();
  loop_.RunFor(kMs);
  EXPECT_TRUE(server_->session.peer_ended);
  EXPECT_TRUE(server_->Send("late"));
  loop_.RunFor(kMs);
  EXPECT_FALSE(client->session.closed.has_value());
  server_->connection->Drain();
  loop_.RunFor(kMs);
  EXPECT_EQ(client->session.closed, CloseReason::kDrained);
  EXPECT_EQ(server_->session.closed, CloseReason::kPeerClosed);
}

TEST_F(SimulatedNetworkTest, APartitionHoldsBackWhatIsUnderWayAndLosesNothing) {
  network_.SetLink(address_, {.delay_there = 3 * kMs, .delay_back = 3 * kMs});
  const auto client = Connect();
  client->Send("before ");
  network_.Partition(address_);
  client->Send("during ");
  server_->Send("reply");
  const auto late = Dial();
  loop_.RunFor(absl::Minutes(10));
  EXPECT_EQ(server_->session.received, "");
  EXPECT_EQ(client->session.received, "");
  EXPECT_EQ(late->connection->handshake(), Handshake::kUnderWay);
  const Peer* const first_server = server_.get();
  std::string received;
  server_->session.on_received = [&](std::size_t bytes) {
    received.append(first_server->session.buffer.data(), bytes);
    return Progress::kContinue;
  };
  // The late one's connection has a session of its own; the first one's is kept for its bytes.
  const auto first = std::move(server_);
  network_.Heal(address_);
  client->Send("after");
  loop_.RunFor(10 * kMs);
  EXPECT_EQ(received, "before during after");
  EXPECT_EQ(client->session.received, "reply");
  EXPECT_EQ(late->connection->handshake(), Handshake::kStands);
}

TEST_F(SimulatedNetworkTest, APartitionConcernsItsAddressOnly) {
  const auto client = Connect();
  network_.Partition(SocketAddress::Parse("10.0.0.2:11211", 0).value());
  EXPECT_TRUE(client->Send("x"));
  loop_.RunFor(kMs);
  EXPECT_EQ(server_->session.received, "x");
}

}  // namespace
}  // namespace ringcache::net

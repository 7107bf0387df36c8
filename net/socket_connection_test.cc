// Sockets on a real loop, with peers that behave well and peers that do not.

#include "net/socket_connection.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "net/connection_context.h"
#include "net/connector.h"
#include "net/cramped_loop.h"
#include "net/loop_fixture.h"
#include "net/socket_address.h"

namespace ringcache::net {
namespace {

// Records what it is told; does what its test says.
class ScriptedSession : public Session {
 public:
  absl::Span<char> LendReceiveBuffer() override {
    ++lent;
    return absl::MakeSpan(buffer);
  }
  Progress OnReceived(std::size_t bytes) override {
    if (bytes == 0) ++empty_calls;
    received.append(buffer.data(), bytes);
    return on_received ? on_received(bytes) : Progress::kContinue;
  }
  Progress OnSent() override {
    ++sent_calls;
    return on_sent ? on_sent() : Progress::kContinue;
  }
  Progress OnPeerEnded() override {
    peer_ended = true;
    return on_peer_ended;
  }
  void OnClosed(CloseReason reason) override {
    EXPECT_FALSE(closed.has_value()) << "OnClosed was called twice";
    closed = reason;
    if (on_closed) on_closed();
  }

  std::function<Progress(std::size_t)> on_received;
  std::function<Progress()> on_sent;
  std::function<void()> on_closed;
  Progress on_peer_ended = Progress::kClose;

  std::vector<char> buffer = std::vector<char>(64 * 1024);
  std::string received;
  int lent = 0;
  int empty_calls = 0;
  int sent_calls = 0;
  bool peer_ended = false;
  std::optional<CloseReason> closed;
};

struct Ends {
  Descriptor ours;
  Descriptor peers;  // blocking
};

Ends UnixPair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) std::abort();
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

Ends TcpPair() {
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

class SocketConnectionTest : public LoopFixture, public testing::WithParamInterface<Ends (*)()> {
 protected:
  struct Line {
    explicit Line(ConnectionContext* context, Ends ends)
        : connection(std::make_unique<SocketConnection>(context, std::move(ends.ours), &session)),
          peer(std::move(ends.peers)) {}

    void PeerSends(absl::string_view text) {
      ASSERT_EQ(send(peer.get(), text.data(), text.size(), MSG_NOSIGNAL),
                static_cast<ssize_t>(text.size()));
    }
    // "" at the end of the stream, "error" after a reset.
    std::string PeerReads(std::size_t bytes) {
      std::string text(bytes, '\0');
      const ssize_t got = recv(peer.get(), text.data(), bytes, MSG_WAITALL);
      if (got < 0) return "error";
      text.resize(static_cast<std::size_t>(got));
      return text;
    }
    // Takes what is there, without waiting.
    void PeerReadsTo(std::string* text) {
      char bytes[64 * 1024];
      const ssize_t got = recv(peer.get(), bytes, sizeof(bytes), MSG_DONTWAIT);
      if (got > 0) text->append(bytes, static_cast<std::size_t>(got));
    }
    void PeerResets() {
      const linger at_once{1, 0};
      setsockopt(peer.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
      peer.Reset();
    }
    bool Send(absl::string_view text) { return connection->Send(text.data(), text.size()); }

    ScriptedSession session;
    std::unique_ptr<SocketConnection> connection;
    Descriptor peer;
  };

  std::unique_ptr<Line> NewLine() { return std::make_unique<Line>(&context_, GetParam()()); }
  std::unique_ptr<Line> NewLineOfShortLinger() {
    return std::make_unique<Line>(&short_context_, GetParam()());
  }

  // Sends until the kernel takes no more; returns what was handed over.
  std::string BlockSending(Line* line) {
    while (line->Send(block_)) handed_over_ += block_.size();
    handed_over_ += block_.size();
    return std::string(handed_over_, 'x');
  }

  ConnectionContext context_{loop_.get(), ConnectionOptions{.linger = 2 * kTooLong}};
  ConnectionContext short_context_{loop_.get(), ConnectionOptions{.linger = absl::Milliseconds(5)}};
  const std::string block_ = std::string(100'000, 'x');
  std::size_t handed_over_ = 0;
};

TEST_P(SocketConnectionTest, RepliesFromWithinOnReceived) {
  const auto line = NewLine();
  line->session.on_received = [&](std::size_t) {
    EXPECT_TRUE(line->Send("pong"));
    return Progress::kContinue;
  };
  line->PeerSends("ping");
  RunUntil([&] { return line->session.received == "ping"; });
  EXPECT_EQ(line->PeerReads(4), "pong");
  EXPECT_EQ(context_.bytes_received.value(), 4u);
  EXPECT_EQ(context_.bytes_sent.value(), 4u);
  EXPECT_EQ(line->session.sent_calls, 0);
}

TEST_P(SocketConnectionTest, WithoutRoomInTheLoopItIsClosed) {
  CrampedLoop cramped(loop_.get());
  cramped.set_full(true);
  ConnectionContext context(&cramped);
  Line line(&context, GetParam()());
  EXPECT_FALSE(line.session.closed.has_value()) << "not from within the constructor";
  RunUntil([&] { return line.session.closed.has_value(); });
  EXPECT_EQ(line.session.closed, CloseReason::kLocal);
  EXPECT_EQ(line.PeerReads(1), "");
}

TEST_P(SocketConnectionTest, SendsSpansInOrder) {
  const auto line = NewLine();
  std::string parts[] = {"VALUE ", "", "k 0 1\r\n", "v\r\n"};
  std::vector<iovec> spans;
  for (std::string& part : parts) spans.push_back({part.data(), part.size()});
  EXPECT_TRUE(line->connection->Send(spans));
  EXPECT_EQ(line->PeerReads(16), "VALUE k 0 1\r\nv\r\n");
}

TEST_P(SocketConnectionTest, AnIdleConnectionIsLentNoBuffer) {
  const auto line = NewLine();
  RunWakeUps(3);
  EXPECT_EQ(line->session.lent, 0);
}

TEST_P(SocketConnectionTest, WhatTheKernelDoesNotTakeIsSentLaterInOrder) {
  const auto line = NewLine();
  std::string expected = BlockSending(line.get());
  EXPECT_GT(line->connection->pending_bytes(), 0u);
  EXPECT_FALSE(line->Send("end"));  // joins the queue
  expected += "end";
  std::string got;
  RunUntil([&] {
    line->PeerReadsTo(&got);
    return got.size() == expected.size();
  });
  EXPECT_EQ(got, expected);
  EXPECT_EQ(line->session.sent_calls, 1);
  EXPECT_EQ(line->connection->pending_bytes(), 0u);
  EXPECT_EQ(context_.blocked_sends.value(), 1u);
  EXPECT_TRUE(line->Send("again"));
}

TEST_P(SocketConnectionTest, OnSentMaySendAgain) {
  const auto line = NewLine();
  std::string expected = BlockSending(line.get()) + "more";
  line->session.on_sent = [&] {
    EXPECT_TRUE(line->Send("more"));
    return Progress::kContinue;
  };
  std::string got;
  RunUntil([&] {
    line->PeerReadsTo(&got);
    return got.size() == expected.size();
  });
  EXPECT_EQ(got, expected);
}

TEST_P(SocketConnectionTest, PendingSpansAreBounded) {
  const auto line = NewLine();
  BlockSending(line.get());
  for (std::size_t i = 1; i < Connection::kMaxSpans; ++i) ASSERT_FALSE(line->Send("x"));
  EXPECT_TRUE(line->Send("one too many"));
  EXPECT_FALSE(line->session.closed.has_value());
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.closed, CloseReason::kLocal);
}

TEST_P(SocketConnectionTest, APeerThatNeverReadsCostsNoWakeUps) {
  const auto line = NewLine();
  line->session.on_received = [](std::size_t) { return Progress::kPause; };
  BlockSending(line.get());
  RunWakeUps(20);
  EXPECT_EQ(line->session.sent_calls, 0);
  EXPECT_FALSE(line->session.closed.has_value());
}

TEST_P(SocketConnectionTest, AYieldComesAgainAfterOthersHadTheirTurn) {
  const auto greedy = NewLine();
  const auto modest = NewLine();
  std::string order;
  int turns = 0;
  greedy->session.on_received = [&](std::size_t) {
    order += 'g';
    if (++turns == 1) modest->PeerSends("m");
    return turns < 4 ? Progress::kYield : Progress::kContinue;
  };
  modest->session.on_received = [&](std::size_t) {
    order += 'm';
    return Progress::kContinue;
  };
  greedy->PeerSends("g");
  RunUntil([&] { return turns == 4; });
  EXPECT_EQ(order, "gmggg");
  EXPECT_EQ(greedy->session.empty_calls, 3);
  EXPECT_EQ(greedy->session.lent, 1);
  EXPECT_EQ(context_.yields.value(), 3u);
}

TEST_P(SocketConnectionTest, WhatComesDuringAYieldIsReceivedAfterIt) {
  const auto line = NewLine();
  std::vector<std::size_t> calls;
  line->session.on_received = [&](std::size_t bytes) {
    calls.push_back(bytes);
    if (calls.size() == 1) line->PeerSends("more");
    return calls.size() == 1 ? Progress::kYield : Progress::kContinue;
  };
  line->PeerSends("x");
  RunUntil([&] { return calls.size() == 3; });
  EXPECT_EQ(calls, (std::vector<std::size_t>{1, 0, 4}));
}

TEST_P(SocketConnectionTest, APausedConnectionReceivesNothingUntilItResumes) {
  const auto line = NewLine();
  line->session.on_received = [&](std::size_t bytes) {
    return bytes > 0 ? Progress::kPause : Progress::kContinue;
  };
  line->PeerSends("a");
  RunUntil([&] { return line->session.received == "a"; });
  line->PeerSends("b");
  RunWakeUps(5);
  EXPECT_EQ(line->session.received, "a");
  line->connection->ResumeReceiving();
  EXPECT_EQ(line->session.empty_calls, 0) << "called from the loop only";
  RunUntil([&] { return line->session.received == "ab"; });
  EXPECT_EQ(line->session.empty_calls, 1);
}

TEST_P(SocketConnectionTest, ResumingWithoutAPauseIsIgnored) {
  const auto line = NewLine();
  line->connection->ResumeReceiving();
  RunWakeUps(2);
  EXPECT_EQ(line->session.empty_calls, 0);
}

TEST_P(SocketConnectionTest, OnSentEndsAPause) {
  const auto line = NewLine();
  line->session.on_received = [&](std::size_t) {
    if (line->session.received == "a") {
      BlockSending(line.get());
      return Progress::kPause;
    }
    return Progress::kContinue;
  };
  line->PeerSends("a");
  RunUntil([&] { return line->connection->pending_bytes() > 0; });
  line->PeerSends("b");
  RunWakeUps(5);
  EXPECT_EQ(line->session.received, "a");
  std::string got;
  RunUntil([&] {
    line->PeerReadsTo(&got);
    return line->session.received == "ab";
  });
}

TEST_P(SocketConnectionTest, APeerThatClosesIsClosed) {
  const auto line = NewLine();
  line->PeerSends("last");
  line->peer.Reset();
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.closed, CloseReason::kPeerClosed);
  EXPECT_EQ(line->session.received, "last");
  EXPECT_EQ(line->session.lent, line->session.empty_calls + 1) << "the lent buffer came back";
}

TEST_P(SocketConnectionTest, APeerThatEndsItsSendingStillGetsWhatIsPending) {
  const auto line = NewLine();
  std::string expected = BlockSending(line.get());
  shutdown(line->peer.get(), SHUT_WR);
  std::string got;
  RunUntil([&] {
    line->PeerReadsTo(&got);
    return line->session.closed.has_value() && got.size() == expected.size();
  });
  EXPECT_EQ(line->session.closed, CloseReason::kPeerClosed);
  EXPECT_EQ(line->PeerReads(1), "");
}

TEST_P(SocketConnectionTest, ASessionThatOwesRepliesOutlivesTheEndOfItsPeersSending) {
  const auto line = NewLine();
  line->session.on_peer_ended = Progress::kContinue;
  shutdown(line->peer.get(), SHUT_WR);
  RunUntil([&] { return line->session.peer_ended; });
  RunWakeUps(5);
  EXPECT_FALSE(line->session.closed.has_value());
  EXPECT_TRUE(line->Send("late reply"));
  line->connection->Drain();
  EXPECT_FALSE(line->session.closed.has_value()) << "called from the loop only";
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.closed, CloseReason::kPeerClosed);
  EXPECT_EQ(line->PeerReads(11), "late reply");
}

TEST_P(SocketConnectionTest, KCloseSendsEverythingAndWaitsForThePeersEnd) {
  const auto line = NewLine();
  line->session.on_received = [&](std::size_t) {
    line->Send("bye");
    return Progress::kClose;
  };
  line->PeerSends("quit\r\n");
  RunUntil([&] { return !line->session.received.empty(); });
  line->PeerSends("ignored");  // discarded, not answered by a reset
  EXPECT_EQ(line->PeerReads(4), "bye");
  line->peer.Reset();
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.closed, CloseReason::kLocal);
  EXPECT_EQ(line->session.received, "quit\r\n");
}

TEST_P(SocketConnectionTest, KAbortClosesAtOnce) {
  const auto line = NewLine();
  line->session.on_received = [&](std::size_t) { return Progress::kAbort; };
  line->PeerSends("x");
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.closed, CloseReason::kLocal);
  EXPECT_EQ(line->PeerReads(1), "");
}

TEST_P(SocketConnectionTest, ADrainEndsWhenThePeerCloses) {
  const auto line = NewLine();
  line->connection->Drain();
  EXPECT_TRUE(line->Send("too late")) << "dropped";
  EXPECT_EQ(line->PeerReads(1), "");
  line->peer.Reset();
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.closed, CloseReason::kDrained);
}

TEST_P(SocketConnectionTest, ADrainWithinACallbackStillSendsThatCallbacksReplies) {
  const auto line = NewLine();
  line->session.on_received = [&](std::size_t) {
    line->connection->Drain();
    EXPECT_TRUE(line->Send("reply"));
    return Progress::kContinue;
  };
  line->PeerSends("x");
  RunUntil([&] { return !line->session.received.empty(); });
  EXPECT_EQ(line->PeerReads(6), "reply");
}

TEST_P(SocketConnectionTest, APeerThatNeverClosesIsWaitedForNoLongerThanTheLinger) {
  const auto line = NewLineOfShortLinger();
  line->connection->Drain();
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.closed, CloseReason::kDrained);
}

TEST_P(SocketConnectionTest, APeerThatNeverReadsDelaysADrainNoLongerThanTheLinger) {
  const auto line = NewLineOfShortLinger();
  BlockSending(line.get());
  line->connection->Drain();
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.closed, CloseReason::kPeerError) << "not everything was sent";
}

TEST_P(SocketConnectionTest, ADrainSendsWhatIsPendingBeforeItsEnd) {
  const auto line = NewLine();
  std::string expected = BlockSending(line.get());
  line->connection->Drain();
  std::string got;
  RunUntil([&] {
    line->PeerReadsTo(&got);
    return got.size() == expected.size() && line->session.sent_calls == 1;
  });
  EXPECT_EQ(line->PeerReads(1), "");
}

TEST_P(SocketConnectionTest, CloseClosesAtOnceAndDropsWhatIsPending) {
  const auto line = NewLine();
  BlockSending(line.get());
  line->connection->Close(CloseReason::kIdle);
  EXPECT_EQ(line->session.closed, CloseReason::kIdle);
  line->connection->Close(CloseReason::kIdle);  // nothing is left to close
  EXPECT_TRUE(line->Send("x"));
  EXPECT_EQ(context_.closed.value(), 1u);
}

TEST_P(SocketConnectionTest, CloseWithinACallbackWaitsForItsEnd) {
  const auto line = NewLine();
  line->session.on_received = [&](std::size_t) {
    line->connection->Close(CloseReason::kIdle);
    EXPECT_FALSE(line->session.closed.has_value());
    return Progress::kContinue;
  };
  line->PeerSends("x");
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.closed, CloseReason::kIdle);
}

TEST_P(SocketConnectionTest, DestroyingAConnectionCallsNobody) {
  auto line = NewLine();
  line->session.on_received = [&](std::size_t) { return Progress::kYield; };
  line->PeerSends("x");
  RunUntil([&] { return line->session.empty_calls > 0; });  // a yield is due
  line->connection.reset();
  EXPECT_FALSE(line->session.closed.has_value());
  RunWakeUps(3);
  EXPECT_EQ(line->PeerReads(1), "");
  EXPECT_EQ(context_.opened.value(), context_.closed.value());
}

TEST_P(SocketConnectionTest, ASessionMayDestroyItsConnectionAndItselfWhenClosed) {
  std::unique_ptr<Line> line = NewLine();
  bool gone = false;
  line->session.on_closed = [&] {
    gone = true;
    Line* const self = line.release();
    loop_->Post([] {});
    self->session.on_closed = nullptr;
    delete self;
  };
  line->session.on_received = [](std::size_t) { return Progress::kAbort; };
  line->PeerSends("x");
  RunUntil([&] { return gone; });
}

INSTANTIATE_TEST_SUITE_P(Transports, SocketConnectionTest, testing::Values(&UnixPair, &TcpPair),
                         [](const auto& info) { return info.param == &UnixPair ? "Unix" : "Tcp"; });

// What only TCP does.
class TcpConnectionTest : public SocketConnectionTest {};

TEST_P(TcpConnectionTest, AResetIsAnError) {
  const auto line = NewLine();
  line->PeerResets();
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.closed, CloseReason::kPeerError);
}

TEST_P(TcpConnectionTest, AResetDuringAPendingSendIsAnError) {
  const auto line = NewLine();
  BlockSending(line.get());
  line->PeerResets();
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.closed, CloseReason::kPeerError);
  EXPECT_EQ(line->session.sent_calls, 0);
}

TEST_P(TcpConnectionTest, AResetIsNoticedDuringAPause) {
  const auto line = NewLine();
  line->session.on_received = [](std::size_t) { return Progress::kPause; };
  line->PeerSends("x");
  RunUntil([&] { return !line->session.received.empty(); });
  line->PeerResets();
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.closed, CloseReason::kPeerError);
}

TEST_P(TcpConnectionTest, SendingToAPeerThatVanishedFailsFromTheLoop) {
  const auto line = NewLine();
  line->PeerResets();
  EXPECT_TRUE(line->Send("x")) << "dropped";
  EXPECT_FALSE(line->session.closed.has_value());
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.closed, CloseReason::kPeerError);
}

TEST_P(TcpConnectionTest, WhatIsSentBeforeTheConnectionStandsArrives) {
  const Descriptor listener(socket(AF_INET, SOCK_STREAM, 0));
  const SocketAddress any_port = SocketAddress::Loopback(0);
  ASSERT_EQ(bind(listener.get(), any_port.data(), any_port.size()), 0);
  ASSERT_EQ(listen(listener.get(), 1), 0);
  const SocketAddress address = SocketAddress::OfLocalEnd(listener.get()).value();
  Ends ends{StartConnecting(address).value(), Descriptor()};
  Line line(&context_, std::move(ends));
  line.Send("hello");
  line.peer.Reset(accept(listener.get(), nullptr, nullptr));
  RunUntil([&] { return line.connection->pending_bytes() == 0; });
  EXPECT_EQ(line.PeerReads(5), "hello");
}

TEST_P(TcpConnectionTest, ARefusedConnectIsAnError) {
  SocketAddress nobody;
  {
    const Descriptor bound(socket(AF_INET, SOCK_STREAM, 0));
    const SocketAddress any_port = SocketAddress::Loopback(0);
    ASSERT_EQ(bind(bound.get(), any_port.data(), any_port.size()), 0);
    nobody = SocketAddress::OfLocalEnd(bound.get()).value();
  }
  absl::StatusOr<Descriptor> socket = StartConnecting(nobody);
  if (!socket.ok()) return;  // refused even before the call returned
  Line line(&context_, Ends{*std::move(socket), Descriptor()});
  RunUntil([&] { return line.session.closed.has_value(); });
  EXPECT_EQ(line.session.closed, CloseReason::kPeerError);
}

INSTANTIATE_TEST_SUITE_P(Transports, TcpConnectionTest, testing::Values(&TcpPair));

// What only unix sockets do: a peer that closes hangs up while its last requests are unread.
class UnixConnectionTest : public SocketConnectionTest {};

TEST_P(UnixConnectionTest, APeerThatClosesDuringAPauseIsHeardOutAfterIt) {
  const auto line = NewLine();
  line->session.on_received = [&](std::size_t) {
    return line->session.received == "first" ? Progress::kPause : Progress::kContinue;
  };
  line->PeerSends("first");
  RunUntil([&] { return !line->session.received.empty(); });
  line->PeerSends(" and last");
  line->peer.Reset();
  RunWakeUps(5);
  EXPECT_FALSE(line->session.closed.has_value());
  line->session.on_received = nullptr;
  line->connection->ResumeReceiving();
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.received, "first and last");
  EXPECT_EQ(line->session.closed, CloseReason::kPeerClosed);
}

INSTANTIATE_TEST_SUITE_P(Transports, UnixConnectionTest, testing::Values(&UnixPair));

}  // namespace
}  // namespace ringcache::net

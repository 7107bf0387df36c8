// The contract of Connection, run on every transport: a new one is a row of kTransports.

#include "net/connection.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "net/connection_context.h"
#include "net/connection_line.h"
#include "net/event_loop.h"
#include "net/loop_fixture.h"
#include "net/simulated_line.h"
#include "net/simulated_loop.h"
#include "net/simulated_network.h"
#include "net/socket_line.h"

namespace ringcache::net {
namespace {

enum class Transport { kUnix, kTcp, kSimulated };
constexpr Transport kTransports[] = {Transport::kUnix, Transport::kTcp, Transport::kSimulated};

std::string NameOf(Transport transport) {
  switch (transport) {
    case Transport::kUnix:
      return "Unix";
    case Transport::kTcp:
      return "Tcp";
    case Transport::kSimulated:
      return "Simulated";
  }
  return "";
}

class ConnectionTest : public LoopFixture, public testing::WithParamInterface<Transport> {
 protected:
  EventLoop* loop() { return GetParam() == Transport::kSimulated ? &simulated_loop_ : loop_.get(); }
  void RunUntil(const std::function<bool()>& done) {
    if (GetParam() != Transport::kSimulated) return LoopFixture::RunUntil(done);
    ASSERT_TRUE(simulated_loop_.RunUntil(done, kTooLong)) << "did not happen in time";
  }
  // In simulated time: whatever is due.
  void RunWakeUps(int count) {
    if (GetParam() != Transport::kSimulated) return LoopFixture::RunWakeUps(count);
    simulated_loop_.RunFor(absl::ZeroDuration());
  }

  std::unique_ptr<ConnectionLine> NewLine() { return NewLineIn(&context_); }
  std::unique_ptr<ConnectionLine> NewLineOfShortLinger() { return NewLineIn(&short_context_); }

  // Sends until no more is taken; returns what was handed over.
  std::string BlockSending(ConnectionLine* line) {
    while (line->Send(block_)) handed_over_ += block_.size();
    handed_over_ += block_.size();
    return std::string(handed_over_, 'x');
  }

  SimulatedLoop simulated_loop_;
  SimulatedNetwork network_{&simulated_loop_};
  ConnectionContext context_{loop(), ConnectionOptions{.linger = 2 * kTooLong}};
  ConnectionContext short_context_{loop(), ConnectionOptions{.linger = absl::Milliseconds(5)}};
  const std::string block_ = std::string(100'000, 'x');
  std::size_t handed_over_ = 0;

 private:
  std::unique_ptr<ConnectionLine> NewLineIn(ConnectionContext* context) {
    switch (GetParam()) {
      case Transport::kUnix:
        return std::make_unique<SocketLine>(context, SocketLine::UnixPair());
      case Transport::kTcp:
        return std::make_unique<SocketLine>(context, SocketLine::TcpPair());
      case Transport::kSimulated:
        return std::make_unique<SimulatedLine>(context, network_.MakePair());
    }
    return nullptr;
  }
};

TEST_P(ConnectionTest, RepliesFromWithinOnReceived) {
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

TEST_P(ConnectionTest, SendsSpansInOrder) {
  const auto line = NewLine();
  std::string parts[] = {"VALUE ", "", "k 0 1\r\n", "v\r\n"};
  std::vector<iovec> spans;
  for (std::string& part : parts) spans.push_back({part.data(), part.size()});
  EXPECT_TRUE(line->connection->Send(spans));
  EXPECT_EQ(line->PeerReads(16), "VALUE k 0 1\r\nv\r\n");
}

TEST_P(ConnectionTest, AnIdleConnectionIsLentNoBuffer) {
  const auto line = NewLine();
  RunWakeUps(3);
  EXPECT_EQ(line->session.lent, 0);
}

TEST_P(ConnectionTest, WhatTheKernelDoesNotTakeIsSentLaterInOrder) {
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

TEST_P(ConnectionTest, OnSentMaySendAgain) {
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

TEST_P(ConnectionTest, PendingSpansAreBounded) {
  const auto line = NewLine();
  BlockSending(line.get());
  for (std::size_t i = 1; i < Connection::kMaxSpans; ++i) ASSERT_FALSE(line->Send("x"));
  EXPECT_TRUE(line->Send("one too many"));
  EXPECT_FALSE(line->session.closed.has_value());
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.closed, CloseReason::kLocal);
}

TEST_P(ConnectionTest, APeerThatNeverReadsCostsNoWakeUps) {
  const auto line = NewLine();
  line->session.on_received = [](std::size_t) { return Progress::kPause; };
  BlockSending(line.get());
  RunWakeUps(20);
  EXPECT_EQ(line->session.sent_calls, 0);
  EXPECT_FALSE(line->session.closed.has_value());
}

TEST_P(ConnectionTest, AYieldComesAgainAfterOthersHadTheirTurn) {
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

TEST_P(ConnectionTest, WhatComesDuringAYieldIsReceivedAfterIt) {
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

TEST_P(ConnectionTest, APausedConnectionReceivesNothingUntilItResumes) {
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

TEST_P(ConnectionTest, ResumingWithoutAPauseIsIgnored) {
  const auto line = NewLine();
  line->connection->ResumeReceiving();
  RunWakeUps(2);
  EXPECT_EQ(line->session.empty_calls, 0);
}

TEST_P(ConnectionTest, OnSentEndsAPause) {
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

TEST_P(ConnectionTest, APeerThatClosesIsClosed) {
  const auto line = NewLine();
  line->PeerSends("last");
  line->PeerCloses();
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.closed, CloseReason::kPeerClosed);
  EXPECT_EQ(line->session.received, "last");
  EXPECT_EQ(line->session.lent, line->session.empty_calls + 1) << "the lent buffer came back";
}

TEST_P(ConnectionTest, APeerThatEndsItsSendingStillGetsWhatIsPending) {
  const auto line = NewLine();
  std::string expected = BlockSending(line.get());
  line->PeerEndsSending();
  std::string got;
  RunUntil([&] {
    line->PeerReadsTo(&got);
    return line->session.closed.has_value() && got.size() == expected.size();
  });
  EXPECT_EQ(line->session.closed, CloseReason::kPeerClosed);
  EXPECT_EQ(line->PeerReads(1), "");
}

TEST_P(ConnectionTest, ASessionThatOwesRepliesOutlivesTheEndOfItsPeersSending) {
  const auto line = NewLine();
  line->session.on_peer_ended = Progress::kContinue;
  line->PeerEndsSending();
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

TEST_P(ConnectionTest, KCloseSendsEverythingAndWaitsForThePeersEnd) {
  const auto line = NewLine();
  line->session.on_received = [&](std::size_t) {
    line->Send("bye");
    return Progress::kClose;
  };
  line->PeerSends("quit\r\n");
  RunUntil([&] { return !line->session.received.empty(); });
  line->PeerSends("ignored");  // discarded, not answered by a reset
  EXPECT_EQ(line->PeerReads(4), "bye");
  line->PeerCloses();
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.closed, CloseReason::kLocal);
  EXPECT_EQ(line->session.received, "quit\r\n");
}

TEST_P(ConnectionTest, KAbortClosesAtOnce) {
  const auto line = NewLine();
  line->session.on_received = [&](std::size_t) { return Progress::kAbort; };
  line->PeerSends("x");
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.closed, CloseReason::kLocal);
  EXPECT_EQ(line->PeerReads(1), "");
}

TEST_P(ConnectionTest, ADrainEndsWhenThePeerCloses) {
  const auto line = NewLine();
  line->connection->Drain();
  EXPECT_TRUE(line->Send("too late")) << "dropped";
  EXPECT_EQ(line->PeerReads(1), "");
  line->PeerCloses();
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.closed, CloseReason::kDrained);
}

TEST_P(ConnectionTest, ADrainWithinACallbackStillSendsThatCallbacksReplies) {
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

TEST_P(ConnectionTest, APeerThatNeverClosesIsWaitedForNoLongerThanTheLinger) {
  const auto line = NewLineOfShortLinger();
  line->connection->Drain();
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.closed, CloseReason::kDrained);
}

TEST_P(ConnectionTest, APeerThatNeverReadsDelaysADrainNoLongerThanTheLinger) {
  const auto line = NewLineOfShortLinger();
  BlockSending(line.get());
  line->connection->Drain();
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.closed, CloseReason::kPeerError) << "not everything was sent";
}

TEST_P(ConnectionTest, ADrainSendsWhatIsPendingBeforeItsEnd) {
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

TEST_P(ConnectionTest, CloseClosesAtOnceAndDropsWhatIsPending) {
  const auto line = NewLine();
  BlockSending(line.get());
  line->connection->Close(CloseReason::kIdle);
  EXPECT_EQ(line->session.closed, CloseReason::kIdle);
  line->connection->Close(CloseReason::kIdle);  // nothing is left to close
  EXPECT_TRUE(line->Send("x"));
  EXPECT_EQ(context_.closed.value(), 1u);
}

TEST_P(ConnectionTest, CloseWithinACallbackWaitsForItsEnd) {
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

TEST_P(ConnectionTest, DestroyingAConnectionCallsNobody) {
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

TEST_P(ConnectionTest, ASessionMayDestroyItsConnectionAndItselfWhenClosed) {
  std::unique_ptr<ConnectionLine> line = NewLine();
  bool gone = false;
  line->session.on_closed = [&] {
    gone = true;
    ConnectionLine* const self = line.release();
    loop()->Post([] {});
    self->session.on_closed = nullptr;
    delete self;
  };
  line->session.on_received = [](std::size_t) { return Progress::kAbort; };
  line->PeerSends("x");
  RunUntil([&] { return gone; });
}

INSTANTIATE_TEST_SUITE_P(Transports, ConnectionTest, testing::ValuesIn(kTransports),
                         [](const auto& info) { return NameOf(info.param); });

// What a unix socket does not: it knows no reset.
class ResettingConnectionTest : public ConnectionTest {};

TEST_P(ResettingConnectionTest, AResetIsAnError) {
  const auto line = NewLine();
  line->PeerResets();
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.closed, CloseReason::kPeerError);
}

TEST_P(ResettingConnectionTest, AResetDuringAPendingSendIsAnError) {
  const auto line = NewLine();
  BlockSending(line.get());
  line->PeerResets();
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.closed, CloseReason::kPeerError);
  EXPECT_EQ(line->session.sent_calls, 0);
}

TEST_P(ResettingConnectionTest, AResetIsNoticedDuringAPause) {
  const auto line = NewLine();
  line->session.on_received = [](std::size_t) { return Progress::kPause; };
  line->PeerSends("x");
  RunUntil([&] { return !line->session.received.empty(); });
  line->PeerResets();
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.closed, CloseReason::kPeerError);
}

TEST_P(ResettingConnectionTest, SendingToAPeerThatVanishedFailsFromTheLoop) {
  const auto line = NewLine();
  line->PeerResets();
  EXPECT_TRUE(line->Send("x")) << "dropped";
  EXPECT_FALSE(line->session.closed.has_value());
  RunUntil([&] { return line->session.closed.has_value(); });
  EXPECT_EQ(line->session.closed, CloseReason::kPeerError);
}

INSTANTIATE_TEST_SUITE_P(Transports, ResettingConnectionTest,
                         testing::Values(Transport::kTcp, Transport::kSimulated),
                         [](const auto& info) { return NameOf(info.param); });

}  // namespace
}  // namespace ringcache::net

#include "client/simulation/simulated_backend.h"

#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/connection.h"
#include "net/simulated_loop.h"
#include "net/simulated_network.h"
#include "net/simulated_socket.h"
#include "net/socket_address.h"
#include "protocol/operation.h"

namespace ringcache::client {
namespace {

using testing::ElementsAre;

constexpr absl::Duration kMs = absl::Milliseconds(1);

class SimulatedBackendTest : public testing::Test {
 protected:
  net::SimulatedSocket Connect() {
    net::SimulatedSocket socket = network_.DialSocket(backend_.address());
    loop_.RunFor(absl::ZeroDuration());
    return socket;
  }
  void Send(net::SimulatedSocket* socket, absl::string_view text) {
    const iovec span{const_cast<char*>(text.data()), text.size()};
    ASSERT_EQ(socket->Send(absl::MakeConstSpan(&span, 1)),
              static_cast<std::ptrdiff_t>(text.size()));
  }
  // What has come within `time`; "<end>" or "<reset>" after it if the stream is over.
  std::string Hear(net::SimulatedSocket* socket, absl::Duration time = absl::ZeroDuration()) {
    loop_.RunFor(time);
    std::string heard;
    while (true) {
      std::array<char, 256> bytes;
      const std::ptrdiff_t got = socket->Receive(absl::MakeSpan(bytes));
      if (got == net::SimulatedLink::kEndOfStream) return heard + "<end>";
      if (got == net::SimulatedLink::kFailed) return heard + "<reset>";
      if (got < 0) return heard;
      heard.append(bytes.data(), static_cast<std::size_t>(got));
    }
  }

  net::SimulatedLoop loop_;
  net::SimulatedNetwork network_{&loop_};
  const net::SocketAddress address_ = net::SocketAddress::Parse("10.0.0.1:11211", 0).value();
  SimulatedBackend backend_{&loop_, &network_, address_};
};

TEST_F(SimulatedBackendTest, AnswersPipelinedRequestsInWhateverFragmentsTheyCome) {
  for (const std::size_t fragment : {0, 1, 2, 5}) {
    network_.SetLink(address_, {.fragment_bytes = fragment});
    net::SimulatedSocket client = Connect();
    Send(&client, "set k 0 0 4\r\na\r\nb\r\nget k\r\nnonsense\r\nmn\r\n");
    EXPECT_EQ(Hear(&client), "STORED\r\nVALUE k 0 4\r\na\r\nb\r\nEND\r\nERROR\r\nMN\r\n");
    EXPECT_THAT(backend_.seen_lines(), ElementsAre("set k 0 0 4", "get k", "nonsense", "mn"));
    EXPECT_EQ(backend_.seen()[0].value, "a\r\nb");
    backend_.ForgetSeen();
  }
  EXPECT_EQ(backend_.connections(), 4u);
}

TEST_F(SimulatedBackendTest, ASlowReplyHoldsUpThoseBehindIt) {
  backend_.set_latency(2 * kMs);
  backend_.SetLatencyOf(protocol::Operation::kGet, 10 * kMs);
  net::SimulatedSocket client = Connect();
  Send(&client, "get k\r\nversion\r\n");
  EXPECT_EQ(Hear(&client, 9 * kMs), "");
  EXPECT_EQ(Hear(&client, kMs), "END\r\nVERSION 1.6.0-simulated\r\n");
  Send(&client, "version\r\n");
  EXPECT_EQ(Hear(&client, 2 * kMs), "VERSION 1.6.0-simulated\r\n");
  EXPECT_EQ(backend_.seen()[2].time - backend_.seen()[0].time, 10 * kMs);
}

TEST_F(SimulatedBackendTest, SoManyRequestsAreAnsweredAsTold) {
  net::SimulatedSocket client = Connect();
  backend_.AnswerNext(2, "SERVER_ERROR busy\r\n");
  Send(&client, "set k 0 0 1\r\nx\r\nget k\r\nget k\r\n");
  EXPECT_EQ(Hear(&client), "SERVER_ERROR busy\r\nSERVER_ERROR busy\r\nEND\r\n");
}

TEST_F(SimulatedBackendTest, ASilentOneSeesButNeverAnswers) {
  net::SimulatedSocket client = Connect();
  backend_.set_silent(true);
  Send(&client, "get k\r\n");
  EXPECT_EQ(Hear(&client, absl::Hours(1)), "");
  EXPECT_THAT(backend_.seen_lines(), ElementsAre("get k"));
  backend_.set_silent(false);
  Send(&client, "mn\r\n");
  EXPECT_EQ(Hear(&client), "MN\r\n");
}

TEST_F(SimulatedBackendTest, OneThatStopsReadingSeesNothingUntilItReads) {
  network_.SetLink(address_, {.window_bytes = 20});
  net::SimulatedSocket client = Connect();
  backend_.StopReading();
  Send(&client, "set k 0 0 1\r\nx\r\n");
  loop_.RunFor(absl::Minutes(1));
  Send(&client, "get k\r\n");
  loop_.RunFor(absl::Minutes(1));
  EXPECT_TRUE(backend_.seen().empty());
  EXPECT_TRUE(client.writable());
  Send(&client, "get other_k\r\n");
  EXPECT_FALSE(client.writable());
  backend_.ResumeReading();
  // A window of replies, and what reading it made room for.
  std::string heard = Hear(&client);
  EXPECT_EQ(heard.size(), 20u);
  heard += Hear(&client);
  EXPECT_EQ(heard, "STORED\r\nVALUE k 0 1\r\nx\r\nEND\r\nEND\r\n");
}

TEST_F(SimulatedBackendTest, AReplyIsCutAfterSoManyBytes) {
  net::SimulatedSocket client = Connect();
  Send(&client, "set k 0 0 9\r\nlong text\r\n");
  EXPECT_EQ(Hear(&client), "STORED\r\n");
  backend_.DropAfter(9);
  Send(&client, "mn\r\nget k\r\nmn\r\n");
  EXPECT_EQ(Hear(&client), "MN\r\nVALUE<end>");
  EXPECT_EQ(backend_.open_connections(), 0u);
  net::SimulatedSocket another = Connect();
  Send(&another, "mn\r\n");
  EXPECT_EQ(Hear(&another), "MN\r\n") << "once only";
}

TEST_F(SimulatedBackendTest, OneThatDiesResetsAndRefusesAndForgets) {
  net::SimulatedSocket client = Connect();
  Send(&client, "set k 0 0 1\r\nx\r\n");
  EXPECT_EQ(Hear(&client), "STORED\r\n");
  backend_.Die();
  EXPECT_EQ(Hear(&client), "<reset>");
  EXPECT_EQ(Connect().handshake(), net::Handshake::kFailed);
  backend_.ComeBackAt(net::SocketAddress::Parse("10.0.0.9:11211", 0).value());
  net::SimulatedSocket again = Connect();
  Send(&again, "get k\r\n");
  EXPECT_EQ(Hear(&again), "END\r\n");
  net::SimulatedSocket where_it_was = network_.DialSocket(address_);
  EXPECT_EQ(Hear(&where_it_was), "<reset>");
}

TEST_F(SimulatedBackendTest, QuitClosesAfterWhatWasOwed) {
  net::SimulatedSocket client = Connect();
  Send(&client, "mn\r\nquit\r\n");
  EXPECT_EQ(Hear(&client, kMs), "MN\r\n<end>");
}

}  // namespace
}  // namespace ringcache::client

#include "net/socket_dialer.h"

#include <sys/socket.h>

#include <array>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "net/connection_context.h"
#include "net/descriptor.h"
#include "net/loop_fixture.h"
#include "net/socket_address.h"
#include "net/socket_folder.h"

namespace ringcache::net {
namespace {

class IdleSession final : public Session {
 public:
  absl::Span<char> LendReceiveBuffer() override { return absl::MakeSpan(buffer_); }
  Progress OnReceived(std::size_t) override { return Progress::kContinue; }
  Progress OnSent() override { return Progress::kContinue; }
  void OnClosed(CloseReason reason) override { closed = reason; }

  std::optional<CloseReason> closed;

 private:
  std::array<char, 64> buffer_;
};

class SocketDialerTest : public LoopFixture {
 protected:
  // Bound at loopback, and listening if told so: a port that nobody else takes.
  struct Port {
    explicit Port(bool listening) : socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
      const SocketAddress any = SocketAddress::Loopback(0);
      EXPECT_EQ(bind(socket.get(), any.data(), any.size()), 0);
      if (listening) {
        EXPECT_EQ(listen(socket.get(), 1), 0);
      }
      address = SocketAddress::OfLocalEnd(socket.get()).value();
    }
    Descriptor socket;
    SocketAddress address;
  };

  SocketDialer dialer_;
  ConnectionContext context_{loop_.get()};
  IdleSession session_;
};

TEST_F(SocketDialerTest, AConnectionThatIsAcceptedStands) {
  const Port port(/*listening=*/true);
  const auto connection = dialer_.Dial(port.address, &context_, &session_).value();
  RunUntil([&] { return connection->handshake() == Handshake::kStands; });
  EXPECT_EQ(context_.opened.value(), 1);
  EXPECT_FALSE(session_.closed.has_value());
}

TEST_F(SocketDialerTest, ARefusalIsKnownBeforeItIsTold) {
  const Port port(/*listening=*/false);
  auto connection = dialer_.Dial(port.address, &context_, &session_);
  if (!connection.ok()) return;  // refused even before the call returned
  EXPECT_EQ((*connection)->handshake(), Handshake::kFailed);
  EXPECT_FALSE(session_.closed.has_value());
  RunUntil([&] { return session_.closed.has_value(); });
  EXPECT_EQ(session_.closed, CloseReason::kPeerError);
  EXPECT_EQ((*connection)->handshake(), Handshake::kFailed);
}

TEST_F(SocketDialerTest, AConnectionThatNobodyTakesIsUnderWay) {
  const Descriptor listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const SocketAddress any = SocketAddress::Loopback(0);
  ASSERT_EQ(bind(listener.get(), any.data(), any.size()), 0);
  // The kernel drops the handshakes for which the queue of such a listener has no room.
  ASSERT_EQ(listen(listener.get(), 0), 0);
  const SocketAddress address = SocketAddress::OfLocalEnd(listener.get()).value();
  const auto first = dialer_.Dial(address, &context_, &session_).value();
  RunUntil([&] { return first->handshake() == Handshake::kStands; });
  const auto second = dialer_.Dial(address, &context_, &session_).value();
  EXPECT_EQ(second->handshake(), Handshake::kUnderWay);
}

TEST_F(SocketDialerTest, AUnixSocketThatIsNotThereIsRefusedAtOnce) {
  const SocketFolder folder;
  const auto address = SocketAddress::Parse(absl::StrCat("unix:", folder.path(), "/none"), 0);
  const auto connection = dialer_.Dial(address.value(), &context_, &session_);
  EXPECT_TRUE(absl::IsNotFound(connection.status())) << connection.status();
}

}  // namespace
}  // namespace ringcache::net

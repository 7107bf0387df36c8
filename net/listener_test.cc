#include "net/listener.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "net/connector.h"
#include "net/cramped_loop.h"
#include "net/loop_fixture.h"
#include "net/socket_folder.h"

namespace ringcache::net {
namespace {

// Attempts to find a port that is free for IPv4 and IPv6 alike: another process may have one of
// them.
constexpr int kMaxPortAttempts = 50;

class ListenerTest : public LoopFixture {
 protected:
  absl::StatusOr<std::unique_ptr<Listener>> Listen(const SocketAddress& address,
                                                   const ListenerOptions& options = {}) {
    return Listener::Create(loop_.get(), address, options,
                            [this](Descriptor peer) { accepted_.push_back(std::move(peer)); });
  }
  SocketAddress UnixAddress(const std::string& name) {
    return SocketAddress::Parse(absl::StrCat("unix:", folder_.path(), "/", name), 0).value();
  }

  const SocketFolder folder_;
  std::vector<Descriptor> accepted_;
};

TEST_F(ListenerTest, AcceptsPeersAndReportsTheRealPort) {
  const auto listener = Listen(SocketAddress::Loopback(0)).value();
  EXPECT_NE(listener->port(), 0);
  const Descriptor first = StartConnecting(listener->address()).value();
  const Descriptor second = StartConnecting(listener->address()).value();
  RunUntil([&] { return accepted_.size() == 2; });
  EXPECT_EQ(listener->accepted(), 2u);
}

TEST_F(ListenerTest, Ipv6TakesNoIpv4) {
  absl::StatusOr<std::unique_ptr<Listener>> v6, v4 = absl::UnknownError("not tried");
  for (int attempt = 0; attempt < kMaxPortAttempts && !v4.ok(); ++attempt) {
    v6 = Listen(SocketAddress::Parse("[::]:0", 0).value());
    if (!v6.ok()) GTEST_SKIP() << "no IPv6 here: " << v6.status();
    v4 = Listen(SocketAddress::Parse("0.0.0.0", (*v6)->port()).value());
  }
  ASSERT_TRUE(v4.ok()) << "IPv4 of the same port is free for another listener: " << v4.status();
  const Descriptor peer =
      StartConnecting(SocketAddress::Parse("::1", (*v6)->port()).value()).value();
  RunUntil([&] { return accepted_.size() == 1; });
  EXPECT_EQ((*v6)->accepted(), 1u);
}

TEST_F(ListenerTest, AnAddressInUseIsNamed) {
  const auto listener = Listen(SocketAddress::Loopback(0)).value();
  const auto second = Listen(listener->address());
  ASSERT_FALSE(second.ok());
  EXPECT_TRUE(absl::StrContains(second.status().message(), listener->address().ToString()))
      << second.status();
  EXPECT_FALSE(absl::IsUnavailable(second.status())) << second.status();
}

TEST_F(ListenerTest, AnAddressThatIsNotThisHostsIsUnavailable) {
  // Reserved for documentation (RFC 5737): nobody has it.
  const auto listener = Listen(SocketAddress::Parse("192.0.2.1:0", 0).value());
  EXPECT_TRUE(absl::IsUnavailable(listener.status())) << listener.status();
}

TEST_F(ListenerTest, OfManyAddressesThoseThatThisHostCannotHaveAreLeftOut) {
  std::vector<std::size_t> asked;
  const auto on_accept = [this, &asked](std::size_t i) -> Listener::AcceptCallback {
    asked.push_back(i);
    return [this](Descriptor peer) { accepted_.push_back(std::move(peer)); };
  };
  const SocketAddress nobodys = SocketAddress::Parse("192.0.2.1:0", 0).value();
  const SocketAddress ours = SocketAddress::Loopback(0);
  const auto listeners = Listener::CreateAll(loop_.get(), {nobodys, ours, ours}, {}, on_accept);
  ASSERT_TRUE(listeners.ok()) << listeners.status();
  ASSERT_EQ(listeners->size(), 2u);
  EXPECT_EQ(asked, (std::vector<std::size_t>{0, 0, 1}));
  const Descriptor peer = StartConnecting(listeners->back()->address()).value();
  RunUntil([&] { return accepted_.size() == 1; });

  EXPECT_TRUE(
      absl::IsUnavailable(Listener::CreateAll(loop_.get(), {nobodys}, {}, on_accept).status()));
  EXPECT_FALSE(
      Listener::CreateAll(loop_.get(), {ours, listeners->front()->address()}, {}, on_accept).ok());
}

TEST_F(ListenerTest, UnixSocketsHaveTheAskedModeAndLeaveNoFile) {
  const SocketAddress address = UnixAddress("mode");
  auto listener = Listen(address, ListenerOptions{.unix_mode = 0620}).value();
  struct stat status;
  ASSERT_EQ(stat(std::string(address.path()).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0620u);
  const Descriptor peer = StartConnecting(address).value();
  RunUntil([&] { return accepted_.size() == 1; });
  listener.reset();
  EXPECT_NE(stat(std::string(address.path()).c_str(), &status), 0);
}

TEST_F(ListenerTest, AStaleUnixSocketIsReplacedButALiveOneIsNot) {
  const SocketAddress address = UnixAddress("stale");
  {
    const Descriptor dead(socket(AF_UNIX, SOCK_STREAM, 0));
    ASSERT_EQ(bind(dead.get(), address.data(), address.size()), 0);
  }
  const auto listener = Listen(address);
  ASSERT_TRUE(listener.ok()) << listener.status();
  EXPECT_FALSE(Listen(address).ok());
}

TEST_F(ListenerTest, PausingLeavesPeersInTheBacklog) {
  const auto listener = Listen(SocketAddress::Loopback(0)).value();
  listener->Pause();
  const Descriptor peer = StartConnecting(listener->address()).value();
  RunWakeUps(5);
  EXPECT_TRUE(accepted_.empty());
  listener->Resume();
  RunUntil([&] { return accepted_.size() == 1; });
}

TEST_F(ListenerTest, AStoppedListenerRefusesPeers) {
  const auto listener = Listen(SocketAddress::Loopback(0)).value();
  listener->Stop();
  listener->Resume();
  const Descriptor peer(socket(AF_INET, SOCK_STREAM, 0));
  const SocketAddress& address = listener->address();
  EXPECT_EQ(connect(peer.get(), address.data(), address.size()), -1);
  EXPECT_EQ(errno, ECONNREFUSED);
}

TEST_F(ListenerTest, TheCallbackMayStopTheListener) {
  std::unique_ptr<Listener> listener;
  int accepted = 0;
  listener = Listener::Create(loop_.get(), SocketAddress::Loopback(0), {}, [&](Descriptor) {
               ++accepted;
               listener->Stop();
             }).value();
  const Descriptor first = StartConnecting(listener->address()).value();
  const Descriptor second = StartConnecting(listener->address()).value();
  RunUntil([&] { return accepted > 0; });
  RunWakeUps(3);
  EXPECT_EQ(accepted, 1);
}

TEST_F(ListenerTest, WithoutDescriptorsItPausesInsteadOfSpinningAndRecovers) {
  const auto listener =
      Listen(SocketAddress::Loopback(0), ListenerOptions{.exhausted_pause = absl::Milliseconds(30)})
          .value();
  // Everything is called once before: UBSan needs descriptors to check an object it has not seen.
  const Descriptor early = StartConnecting(listener->address()).value();
  RunUntil([&] { return accepted_.size() == 1 && listener->times_exhausted() == 0; });
  EXPECT_TRUE(listener->accepting());
  const Descriptor peer = StartConnecting(listener->address()).value();
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit none = before;
  none.rlim_cur = 0;  // descriptors that are open stay so
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  RunUntil([&] { return listener->times_exhausted() == 1; });
  EXPECT_FALSE(listener->accepting());
  RunUntil([&] { return listener->times_exhausted() == 2; });  // tried again after the pause
  EXPECT_EQ(accepted_.size(), 1u);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  RunUntil([&] { return accepted_.size() == 2; });
  EXPECT_TRUE(listener->accepting());
}

TEST_F(ListenerTest, WithoutRoomInTheLoopItPausesAndRecovers) {
  CrampedLoop cramped(loop_.get());
  cramped.set_full(true);
  const auto listener =
      Listener::Create(&cramped, SocketAddress::Loopback(0),
                       ListenerOptions{.exhausted_pause = absl::Milliseconds(1)},
                       [this](Descriptor peer) { accepted_.push_back(std::move(peer)); })
          .value();
  const Descriptor peer = StartConnecting(listener->address()).value();
  RunUntil([&] { return listener->times_exhausted() >= 2; });
  EXPECT_FALSE(listener->accepting());
  EXPECT_TRUE(accepted_.empty());
  cramped.set_full(false);
  RunUntil([&] { return accepted_.size() == 1; });
  EXPECT_TRUE(listener->accepting());
}

TEST_F(ListenerTest, OptionsAreChecked) {
  for (const ListenerOptions& options :
       {ListenerOptions{.backlog = 0}, ListenerOptions{.unix_mode = 01000},
        ListenerOptions{.exhausted_pause = absl::ZeroDuration()}}) {
    EXPECT_TRUE(absl::IsInvalidArgument(Listen(SocketAddress::Loopback(0), options).status()));
  }
}

}  // namespace
}  // namespace ringcache::net

// Members that die, hang or speak nonsense while a program works with the pool.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/cluster_client.h"
#include "client/manual_watcher.h"
#include "client/scripted_server.h"
#include "gtest/gtest.h"
#include "net/loop_fixture.h"
#include "net/socket_address.h"
#include "server/test_process.h"

namespace ringcache::client {
namespace {

class LostServerTest : public net::LoopFixture {
 protected:
  static constexpr absl::Duration kTimeout = absl::Milliseconds(200);
  // What a busy machine may add to a timer.
  static constexpr absl::Duration kLate = absl::Seconds(1);

  // A server in a process of its own, which can be killed as a machine's failure would. It listens.
  static std::unique_ptr<server::TestProcess> StartServer(int port) {
    auto process = std::make_unique<server::TestProcess>(
        "server/server",
        std::vector<std::string>{"-l", "127.0.0.1", "-p", absl::StrCat(port), "-t", "1"});
    EXPECT_TRUE(process->started());
    return process;
  }
  static net::SocketAddress AddressOf(const server::TestProcess& process) {
    return net::SocketAddress::Loopback(static_cast<std::uint16_t>(process.port()));
  }

  // A pool of two servers and of `third`.
  void Open(const net::SocketAddress& third) {
    auto watcher = std::make_unique<ManualWatcher>();
    ManualWatcher* const publisher = watcher.get();
    ClusterOptions options;
    options.timeout = kTimeout;
    client_ = ClusterClient::Create(loop_.get(), std::move(watcher), options).value();
    publisher->Publish({MemberAt(0, AddressOf(*servers_[0])), MemberAt(1, AddressOf(*servers_[1])),
                        MemberAt(2, third)});
    RunUntilUp(0);
    RunUntilUp(1);
  }
  static discovery::Member MemberAt(int number, const net::SocketAddress& address) {
    discovery::Member member;
    member.name = absl::StrCat("cache-", number);
    member.port = 11211;
    member.address = address;
    return member;
  }

  struct Answer {
    Result result;
    absl::Duration after;
  };
  // Sets a key of `member`.
  Answer Call(std::uint32_t member) {
    const std::string key = KeyOf(member);
    Answer answer;
    bool done = false;
    const absl::Time start = absl::Now();
    client_->Set(key, OutgoingValue::Borrowed("value"), {}, [&](Result result) {
      answer = {std::move(result), absl::Now() - start};
      done = true;
    });
    RunUntil([&] { return done; });
    EXPECT_LT(answer.after, kTimeout + kLate) << "member " << member;
    return answer;
  }
  std::string KeyOf(std::uint32_t member) {
    for (int i = 0; i < 10'000; ++i) {
      std::string key = absl::StrCat("key", next_key_++);
      if (client_->pool().IndexFor(key, 0) == member) return key;
    }
    ADD_FAILURE() << "member " << member << " owns nothing";
    return "";
  }
  // The servers have just been started.
  void RunUntilUp(std::uint32_t member) {
    const absl::Time give_up = absl::Now() + kTooLong;
    while (!Call(member).result.ok() && absl::Now() < give_up) RunWakeUps(1);
    EXPECT_TRUE(Call(member).result.ok());
  }
  void ExpectOthersAreNotAffected() {
    EXPECT_TRUE(Call(0).result.ok());
    EXPECT_TRUE(Call(1).result.ok());
  }

  // The third member has just come back.
  void ExpectItIsUsedAgainWithinASecond() {
    const absl::Time returned = absl::Now();
    RunUntil([&] { return client_->pool().member(2).is_usable(); });
    EXPECT_LT(absl::Now() - returned, absl::Seconds(1));
    EXPECT_TRUE(Call(2).result.ok());
  }
  static void AnswerAsACacheDoes(ScriptedServer* server) {
    server->AnswerLines([](absl::string_view line) -> std::string {
      if (line == "version") return "VERSION 1\r\n";
      return line == "value" ? "STORED\r\n" : "";
    });
  }

  const std::unique_ptr<server::TestProcess> servers_[2] = {StartServer(0), StartServer(0)};
  std::unique_ptr<ClusterClient> client_;
  int next_key_ = 0;
};

TEST_F(LostServerTest, AServerThatIsKilledComesBackWithinASecondOfItsReturn) {
  std::unique_ptr<server::TestProcess> third = StartServer(0);
  const int port = third->port();
  Open(AddressOf(*third));
  RunUntilUp(2);
  // Calls are under way.
  int ended = 0;
  for (int i = 0; i < 100; ++i) {
    client_->Get(KeyOf(2), [&](Result) { ++ended; });
  }
  client_->Flush();
  third.reset();  // kill -9
  RunUntil([&] { return ended == 100; });
  // Marked down: calls fail at once, without waiting for their time.
  while (client_->pool().member(2).is_usable()) EXPECT_FALSE(Call(2).result.ok());
  EXPECT_EQ(Call(2).result.failure, CallFailure::kMemberDown);
  ExpectOthersAreNotAffected();

  third = StartServer(port);
  ExpectItIsUsedAgainWithinASecond();
}

TEST_F(LostServerTest, AServerThatAcceptsAndNeverAnswersCostsItsCallsTheirTimeOnly) {
  ScriptedServer silent(loop_.get());
  Open(silent.address());
  EXPECT_EQ(Call(2).result.failure, CallFailure::kTimedOut);
  ExpectOthersAreNotAffected();
  EXPECT_EQ(Call(2).result.failure, CallFailure::kTimedOut);
  EXPECT_EQ(Call(2).result.failure, CallFailure::kTimedOut);
  // Three in a row mark it down.
  EXPECT_EQ(Call(2).result.failure, CallFailure::kMemberDown);
  ExpectOthersAreNotAffected();
  // The server comes to itself.
  AnswerAsACacheDoes(&silent);
  ExpectItIsUsedAgainWithinASecond();
}

TEST_F(LostServerTest, AServerThatAnswersGarbageIsLeftAtOnce) {
  ScriptedServer garbage(loop_.get());
  garbage.set_script([](std::string* received) -> std::string {
    received->clear();
    return std::string("\x16\x03\x01\x02\x00\r\n\0\0\0", 10);
  });
  Open(garbage.address());
  EXPECT_EQ(Call(2).result.failure, CallFailure::kProtocolError);
  EXPECT_EQ(Call(2).result.failure, CallFailure::kMemberDown);
  ExpectOthersAreNotAffected();
  AnswerAsACacheDoes(&garbage);
  ExpectItIsUsedAgainWithinASecond();
}

}  // namespace
}  // namespace ringcache::client

// Clients that do not read, or ask for more than they take: what the router holds for them is
// bounded, and nobody else hears of it.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "router/router_counters.h"
#include "router/router_fixture.h"

namespace ringcache::router {
namespace {

class SlowClientTest : public RouterFixture {
 protected:
  SlowClientTest() {
    options_.client_pause_bytes = 100'000;
    options_.max_client_reply_bytes = 1'000'000;
    options_.max_reply_bytes = 10'000'000;
  }
  static std::string Repeat(absl::string_view text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) absl::StrAppend(&all, text);
    return all;
  }
  std::uint64_t Count(RouterCounter counter) { return worker_->counters()[counter].value(); }
};

TEST_F(SlowClientTest, AClientThatDoesNotReadIsNotReadFromAndGetsAllLater) {
  options_.max_client_outstanding = 100;
  Start();
  const std::string value = Bytes(1000);
  Store(KeyOf(0), value);
  Client& client = Connect({.window_bytes = 10'000});
  client.peer.set_reads(false);
  constexpr std::size_t kRequests = 2000;
  client.peer.Say(Repeat(absl::StrCat("get ", KeyOf(0), "\r\n"), kRequests));
  Settle();
  EXPECT_GT(Count(RouterCounter::kPauses), 0u);
  EXPECT_LT(member(0).seen().size(), kRequests) << "the router reads on without bound";
  EXPECT_LE(reply_bytes_.load(), options_.max_client_reply_bytes);
  EXPECT_GT(reply_bytes_.load(), 0u);
  client.peer.set_reads(true);
  Settle();
  ExpectHeard(client, Repeat(Found(KeyOf(0), value) + "END\r\n", kRequests));
  EXPECT_EQ(reply_bytes_.load(), 0u);
}

TEST_F(SlowClientTest, OthersAreServedMeanwhileAndTheMembersGoOn) {
  Start();
  const std::string value = Bytes(1000);
  Store(KeyOf(0), value);
  Client& slow = Connect({.window_bytes = 1000});
  slow.peer.set_reads(false);
  slow.peer.Say(Repeat(absl::StrCat("get ", KeyOf(0), "\r\n"), 100));
  Settle();
  Client& other = Connect();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Ask(other, absl::StrCat("get ", KeyOf(0), "\r\n")),
              Found(KeyOf(0), value) + "END\r\n");
  }
  EXPECT_FALSE(slow.peer.was_left());
}

TEST_F(SlowClientTest, PastItsBoundAClientIsDisconnectedAndItsRepliesAreDiscarded) {
  options_.miss_on_get_errors = false;
  Start();
  const std::string value = Bytes(50'000);
  Store(KeyOf(1), value);
  member(0).set_latency(10 * kMs);
  Client& client = Connect();
  // All wait behind one slow reply, which comes too late.
  client.peer.Say(
      absl::StrCat("get ", KeyOf(0), "\r\n", Repeat(absl::StrCat("get ", KeyOf(1), "\r\n"), 100)));
  Settle();
  EXPECT_TRUE(client.peer.was_left());
  EXPECT_EQ(Heard(client), "");
  EXPECT_EQ(Count(RouterCounter::kSlowClients), 1u);
  EXPECT_EQ(reply_bytes_.load(), 0u);
  Pass(20 * kMs);
  EXPECT_EQ(worker_->exchanges(), 0u);
}

// Values that are longer than a receive buffer have memory of their own from the start.
TEST_F(SlowClientTest, LongValuesCountWhileTheyWait) {
  options_.max_client_reply_bytes = 5'000'000;
  Start();
  Store(KeyOf(1), Bytes(200'000));
  member(0).set_latency(10 * kMs);
  const std::string lines[] = {absl::StrCat("get ", KeyOf(1), "\r\n"),
                               absl::StrCat("get ", KeyOf(1), " ", KeyOf(1, 1), "\r\n"),
                               absl::StrCat("mg ", KeyOf(1), " v\r\n")};
  for (const std::string& line : lines) {
    SCOPED_TRACE(line);
    Client& client = Connect();
    client.peer.Say(absl::StrCat("get ", KeyOf(0), "\r\n", Repeat(line, 10)));
    Settle();
    EXPECT_FALSE(client.peer.was_left());
    EXPECT_GE(reply_bytes_.load(), 10 * 200'000u);
    EXPECT_LT(reply_bytes_.load(), 11 * 200'000u);
    Pass(20 * kMs);
    EXPECT_EQ(reply_bytes_.load(), 0u);
    client.peer.Say(absl::StrCat("get ", KeyOf(0), "\r\n", Repeat(line, 30)));
    Settle();
    EXPECT_TRUE(client.peer.was_left());
    Pass(20 * kMs);
  }
}

TEST_F(SlowClientTest, RepliesThatRoutesMadeCountWhileTheyWait) {
  StartWith(absl::StrCat(R"({"pools": {"A": )", PoolJson(2),
                         R"(}, "routes": [{"aliases": ["/a/a/"], "route": "PoolRoute|A"}]})"),
            2);
  const std::string slow = absl::StrCat("/a/a/", KeyOf(0));
  const std::string fast = absl::StrCat("/a/a/", KeyOf(1));
  for (const std::size_t bytes : {50'000u, 200'000u}) {
    const std::string value = Bytes(bytes);
    Store(fast, value);
    member(0).set_latency(10 * kMs);
    for (const absl::string_view line : {"get %", "get % %", "mg % v"}) {
      SCOPED_TRACE(absl::StrCat(line, ", ", bytes));
      Client& client = Connect();
      client.peer.Say(
          absl::StrCat("get ", slow, "\r\n", absl::StrReplaceAll(line, {{"%", fast}}), "\r\n"));
      Settle();
      EXPECT_GE(reply_bytes_.load(), bytes);
      Pass(20 * kMs);
      EXPECT_GT(Heard(client).size(), bytes);
      EXPECT_EQ(reply_bytes_.load(), 0u);
    }
  }
}

TEST_F(SlowClientTest, PastTheBoundOfAllWhoAddsWithoutReadingIsDisconnected) {
  options_.client_pause_bytes = 400'000;
  options_.max_client_reply_bytes = 1'000'000;
  options_.max_reply_bytes = 1'500'000;
  Start();
  const std::string value = Bytes(1000);
  Store(KeyOf(0), value);
  std::vector<Client*> slow;
  for (int i = 0; i < 20; ++i) {
    slow.push_back(&Connect({.window_bytes = 4000}));
    slow.back()->peer.set_reads(false);
    slow.back()->peer.Say(Repeat(absl::StrCat("get ", KeyOf(0), "\r\n"), 300));
    Settle();
    EXPECT_LE(reply_bytes_.load(), options_.max_reply_bytes);
  }
  EXPECT_GT(reply_bytes_.load(), options_.max_reply_bytes / 2);
  EXPECT_GT(Count(RouterCounter::kSlowClients), 0u);
  EXPECT_LT(Count(RouterCounter::kSlowClients), 20u) << "those before the bound stay";
  Client& reader = Connect();
  EXPECT_EQ(Ask(reader, absl::StrCat("get ", KeyOf(0), "\r\n")),
            Found(KeyOf(0), value) + "END\r\n");
  for (Client* const client : slow) client->peer.set_reads(true);
  Settle();
  EXPECT_EQ(reply_bytes_.load(), 0u);
}

TEST_F(SlowClientTest, TooManyOutstandingRequestsPauseAClientUntilSomeAreAnswered) {
  options_.max_client_outstanding = 10;
  Start();
  for (std::size_t i = 0; i < 3; ++i) member(i).set_latency(kMs);
  Client& client = Connect();
  client.peer.Say(Repeat(absl::StrCat("get ", KeyOf(0), "\r\n"), 100));
  Settle();
  EXPECT_EQ(member(0).seen().size(), 10u);
  EXPECT_EQ(worker_->exchanges(), 10u);
  Pass(kMs);
  EXPECT_EQ(member(0).seen().size(), 20u);
  Pass(100 * kMs);
  ExpectHeard(client, Repeat("END\r\n", 100));
}

TEST_F(SlowClientTest, EachKeyOfARetrievalIsARequest) {
  options_.max_client_outstanding = 10;
  Start();
  for (std::size_t i = 0; i < 3; ++i) member(i).set_latency(kMs);
  Client& client = Connect();
  const std::string line = absl::StrCat("get ", KeyOf(0), " ", KeyOf(1), " ", KeyOf(2), "\r\n");
  client.peer.Say(Repeat(line, 100));
  Settle();
  EXPECT_EQ(worker_->exchanges(), 4u) << "of three keys each";
  EXPECT_EQ(member(0).seen().size(), 4u);
  Pass(100 * kMs);
  ExpectHeard(client, Repeat("END\r\n", 100));
}

TEST_F(SlowClientTest, AReplyLongerThanAWriteTakesIsSentInTurns) {
  options_.client_pause_bytes = 100'000'000;
  options_.max_client_reply_bytes = 100'000'000;
  options_.max_reply_bytes = 100'000'000;
  Start();
  std::string line = "get";
  std::string reply;
  for (int i = 0; i < 150; ++i) {
    const std::string value = Bytes(i % 2 == 0 ? 70'000 : 4000, static_cast<unsigned>(i));
    Store(KeyOf(0, i), value);
    absl::StrAppend(&line, " ", KeyOf(0, i));
    absl::StrAppend(&reply, Found(KeyOf(0, i), value));
  }
  for (const std::size_t window : {1000u, 100'000u, 256u << 10, 64u << 20}) {
    Client& client = Connect({.window_bytes = window});
    SCOPED_TRACE(window);
    client.peer.Say(line + "\r\nmn\r\n");
    Settle();
    ExpectHeard(client, reply + "END\r\nMN\r\n");
    client.peer.HangUp();
    Settle();
  }
}

}  // namespace
}  // namespace ringcache::router

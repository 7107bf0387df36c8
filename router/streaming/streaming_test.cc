// Values past the bound of what is held whole, on their way from a member to a client.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "net/simulated_network.h"
#include "router/part_queue.h"
#include "router/route/ask.h"
#include "router/route/route.h"
#include "router/router_counters.h"
#include "router/streaming/streaming_fixture.h"

namespace ringcache::router {
namespace {

class StreamingTest : public StreamingFixture {
 protected:
  const std::string large_ = Value(kLargeBytes);
};

TEST_F(StreamingTest, ALongValueComesThroughAtEveryFragmentSize) {
  Start();
  const std::string key = KeyOf(0);
  for (const std::size_t fragment_bytes :
       {std::size_t{1}, std::size_t{2}, std::size_t{5}, std::size_t{1448}, std::size_t{0}}) {
    net::LinkOptions link;
    link.fragment_bytes = fragment_bytes;
    network_.SetLink(AddressOf(0), link);
    member(0).HangUp();
    Settle();
    Client* const client = Connect(link);
    client->peer.Say(absl::StrCat("get ", key, "\r\n", "get ", key, "\r\n"));
    Settle();
    const std::string value = large_.substr(0, kHeldBytes + 10'000);
    const std::string replies =
        absl::StrCat(Found(key, value), "END\r\n", Found(key, "1"), "END\r\n");
    member(0).Say(replies);
    Settle();
    EXPECT_TRUE(client->received() == replies) << fragment_bytes;
    EXPECT_EQ(reply_bytes_, 0u);
  }
}

TEST_F(StreamingTest, AClientThatReadsCostsNoMoreThanABuffer) {
  Start();
  Client* const client = Connect();
  const std::string key = KeyOf(0);
  client->peer.Say(absl::StrCat("get ", key, "\r\n"));
  Settle();
  member(0).Say(absl::StrCat("VALUE ", key, " 0 ", kLargeBytes, "\r\n"));
  for (std::size_t at = 0; at < kLargeBytes; at += 50'000) {
    member(0).Say(large_.substr(at, 50'000));
    Settle();
    EXPECT_TRUE(absl::EndsWith(client->received(), large_.substr(at, 50'000)));
    EXPECT_EQ(reply_bytes_, 0u);
    EXPECT_LE(worker_->resources.receive_buffers.buffers_in_use(), 1u);
  }
  member(0).Say("\r\nEND\r\n");
  Settle();
  EXPECT_TRUE(client->received() == absl::StrCat(Found(key, large_), "END\r\n"));
}

TEST_F(StreamingTest, AValueThatComesTooLateCostsNoMoreThanABuffer) {
  Start();
  Client* const client = Connect();
  const std::string key = KeyOf(0);
  client->peer.Say(absl::StrCat("get ", key, "\r\n"));
  loop_.RunFor(2 * kTimeout);
  EXPECT_EQ(client->received(), "SERVER_ERROR timeout\r\n");
  member(0).Say(absl::StrCat("VALUE ", key, " 0 ", kLargeBytes, "\r\n"));
  for (std::size_t at = 0; at < kLargeBytes; at += 50'000) {
    member(0).Say(large_.substr(at, 50'000));
    Settle();
    EXPECT_LE(worker_->resources.receive_buffers.buffers_in_use(), 1u);
  }
}

TEST_F(StreamingTest, RepliesKeepTheOrderOfTheirRequests) {
  Start();
  Client* const client = Connect();
  const std::string slow = KeyOf(1);
  const std::string key = KeyOf(0);
  client->peer.Say(absl::StrCat("get ", slow, "\r\nmg ", key, " v O9\r\nversion\r\n"));
  Settle();
  const std::string reply = absl::StrCat("VA ", kLargeBytes, " O9\r\n", large_, "\r\n");
  member(0).Say(reply);
  Settle();
  EXPECT_EQ(client->received(), "");
  // It waits for its turn without holding up its member.
  EXPECT_GE(client->session->kept_bytes(), kLargeBytes);
  member(1).Say("END\r\n");
  Settle();
  EXPECT_TRUE(client->received() == absl::StrCat("END\r\n", reply, "ERROR\r\n"));
  EXPECT_EQ(client->session->kept_bytes(), 0u);
}

TEST_F(StreamingTest, AClientThatDoesNotReadIsDisconnectedAndHoldsUpNobody) {
  options_.max_client_reply_bytes = 400'000;
  Start();
  Client* const slow = Connect();
  Client* const other = Connect();
  slow->peer.set_reads(false);
  const std::string key = KeyOf(0);
  slow->peer.Say(absl::StrCat("get ", key, "\r\n"));
  Settle();
  other->peer.Say(absl::StrCat("get ", key, "\r\n"));
  Settle();
  member(0).Say(absl::StrCat("VALUE ", key, " 0 ", kLargeBytes, "\r\n"));
  std::size_t most_kept = 0;
  for (std::size_t at = 0; at < kLargeBytes; at += 10'000) {
    member(0).Say(large_.substr(at, 10'000));
    Settle();
    most_kept = std::max(most_kept, reply_bytes_.load());
  }
  EXPECT_EQ(slow->session, nullptr);
  EXPECT_GE(most_kept, options_.max_client_reply_bytes);
  EXPECT_LE(most_kept, options_.max_client_reply_bytes + PartQueue::kBlockBytes);
  EXPECT_EQ(worker_->counters[RouterCounter::kSlowClients].value(), 1u);
  member(0).Say(absl::StrCat("\r\nEND\r\n", Found(key, "mine"), "END\r\n"));
  Settle();
  EXPECT_EQ(other->received(), absl::StrCat(Found(key, "mine"), "END\r\n"));
  EXPECT_EQ(reply_bytes_, 0u);
}

TEST_F(StreamingTest, AClientThatReadsSlowlyGetsAllOfIt) {
  Start();
  Client* const client = Connect();
  const std::string key = KeyOf(0);
  client->peer.set_reads(false);
  client->peer.Say(absl::StrCat("get ", key, "\r\nget ", key, "\r\n"));
  Settle();
  member(0).Say(absl::StrCat(Found(key, large_), "END\r\n", Found(key, "1"), "END\r\n"));
  Settle();
  EXPECT_GT(client->session->kept_bytes(), kLargeBytes / 2);
  client->peer.set_reads(true);
  Settle();
  EXPECT_TRUE(client->received() ==
              absl::StrCat(Found(key, large_), "END\r\n", Found(key, "1"), "END\r\n"));
  EXPECT_EQ(client->session->kept_bytes(), 0u);
}

TEST_F(StreamingTest, AMemberLostInItsMidstClosesTheConnectionOfTheClient) {
  Start();
  Client* const client = Connect();
  Client* const other = Connect();
  const std::string key = KeyOf(0);
  client->peer.Say(absl::StrCat("get ", key, "\r\nversion\r\n"));
  other->peer.Say(absl::StrCat("get ", key, "\r\n"));
  Settle();
  const std::string begin = Found(key, large_).substr(0, 500'000);
  member(0).Say(begin);
  Settle();
  member(0).HangUp();
  Settle();
  EXPECT_TRUE(client->received() == begin);
  EXPECT_TRUE(client->peer.was_left());
  EXPECT_EQ(client->session, nullptr);
  EXPECT_EQ(other->received(), "SERVER_ERROR remote error\r\n");
}

TEST_F(StreamingTest, AMemberThatStallsInItsMidstClosesTheConnectionOfTheClient) {
  Start();
  Client* const client = Connect();
  const std::string key = KeyOf(0);
  client->peer.Say(absl::StrCat("get ", key, "\r\n"));
  Settle();
  member(0).Say(Found(key, large_).substr(0, 300'000));
  loop_.RunFor(kTimeout * 0.9);
  member(0).Say(Found(key, large_).substr(300'000, 300'000));
  loop_.RunFor(kTimeout * 0.9);
  EXPECT_NE(client->session, nullptr);
  loop_.RunFor(kTimeout * 0.2);
  EXPECT_EQ(client->session, nullptr);
  // The member's connection stands, and the rest is dropped.
  Client* const next = Connect();
  next->peer.Say(absl::StrCat("get ", key, "\r\n"));
  Settle();
  member(0).Say(absl::StrCat(Found(key, large_).substr(600'000), "END\r\nEND\r\n"));
  Settle();
  EXPECT_EQ(next->received(), "END\r\n");
}

TEST_F(StreamingTest, AMemberLostBeforeAnythingWasSentIsAnError) {
  Start();
  Client* const client = Connect();
  const std::string key = KeyOf(0);
  client->peer.Say(absl::StrCat("get ", KeyOf(1), "\r\nget ", key, "\r\n"));
  Settle();
  member(0).Say(Found(key, large_).substr(0, 500'000));
  Settle();
  EXPECT_GT(client->session->kept_bytes(), 400'000u);
  member(0).HangUp();
  Settle();
  EXPECT_EQ(client->session->kept_bytes(), 0u);
  member(1).Say("END\r\n");
  Settle();
  EXPECT_EQ(client->received(), "END\r\nSERVER_ERROR remote error\r\n");
}

TEST_F(StreamingTest, AClientThatLeavesDoesNotHarmTheOthers) {
  Start();
  Client* const client = Connect();
  Client* const other = Connect();
  const std::string key = KeyOf(0);
  client->peer.Say(absl::StrCat("get ", key, "\r\n"));
  Settle();
  other->peer.Say(absl::StrCat("get ", key, "\r\n"));
  Settle();
  const std::string reply = Found(key, large_);
  member(0).Say(reply.substr(0, 500'000));
  Settle();
  client->peer.HangUp();
  Settle();
  member(0).Say(absl::StrCat(reply.substr(500'000), "END\r\n", reply, "END\r\n"));
  Settle();
  EXPECT_EQ(client->session, nullptr);
  EXPECT_TRUE(other->received() == absl::StrCat(reply, "END\r\n"));
}

TEST_F(StreamingTest, AValueOfAnotherKeyIsNotPassedOn) {
  Start();
  Client* const client = Connect();
  client->peer.Say(absl::StrCat("get ", KeyOf(0), "\r\n"));
  Settle();
  member(0).Say(absl::StrCat(Found("another", large_), "END\r\n"));
  Settle();
  EXPECT_EQ(client->received(), "SERVER_ERROR remote error\r\n");
}

TEST_F(StreamingTest, ARetrievalOfManyKeysHasItsLongValuesFirst) {
  Start();
  Client* const client = Connect();
  const std::string a0 = KeyOf(0, 0), a1 = KeyOf(0, 1), b0 = KeyOf(1, 0), b1 = KeyOf(1, 1);
  client->peer.Say(absl::StrCat("get ", a0, " ", b0, " ", a1, " ", b1, "\r\n"));
  Settle();
  // Both come at the same time: the second one waits for the end of the first.
  const std::string of_a = Found(a1, large_);
  const std::string of_b = Found(b0, Value(kLargeBytes / 2));
  member(0).Say(absl::StrCat(Found(a0, "short"), of_a.substr(0, 300'000)));
  Settle();
  member(1).Say(of_b);
  Settle();
  EXPECT_TRUE(client->received() == of_a.substr(0, 300'000));
  member(0).Say(absl::StrCat(of_a.substr(300'000), "END\r\n"));
  Settle();
  member(1).Say(absl::StrCat(Found(b1, "last"), "END\r\n"));
  Settle();
  EXPECT_TRUE(client->received() ==
              absl::StrCat(of_a, of_b, Found(a0, "short"), Found(b1, "last"), "END\r\n"));
}

TEST_F(StreamingTest, ARetrievalOfManyKeysWhoseLongValueBreaksOffClosesTheConnection) {
  Start();
  Client* const client = Connect();
  const std::string key = KeyOf(0);
  client->peer.Say(absl::StrCat("get ", key, " ", KeyOf(1), "\r\n"));
  Settle();
  member(0).Say(Found(key, large_).substr(0, 500'000));
  Settle();
  member(0).HangUp();
  Settle();
  EXPECT_EQ(client->session, nullptr);
  // What another member still owes is taken.
  member(1).Say("END\r\n");
  Settle();
  EXPECT_EQ(worker_->multi_gets.in_use(), 0u);
}

// A route of which nothing is known but that it asks.
class LongWay final : public Route {
 public:
  explicit LongWay(BackendPool* pool) : pool_(*pool) {}
  Task<Reply> Send(Call& call, const RouteRequest& request) override {
    client::MemberClient* const owner = &pool_.member(pool_.OwnerOf(request.key()));
    co_return co_await Ask(&call, owner, request, pool_.timeout());
  }
  std::string name() const override { return "long"; }
  void Visit(const RouteRequest&, RouteVisitor*, int) const override {}

 private:
  BackendPool& pool_;
};

TEST_F(StreamingTest, RoutesThatNeedAValueWholeAnswerWithAnError) {
  Start();
  UseRoute(std::make_unique<LongWay>(pool_.get()));
  Client* const client = Connect();
  const std::string key = KeyOf(0);
  client->peer.Say(absl::StrCat("get ", key, "\r\nmg ", key, " v\r\nget ", key, "\r\n"));
  Settle();
  member(0).Say(absl::StrCat(Found(key, large_), "END\r\n", "VA ", kLargeBytes, "\r\n", large_));
  Settle();
  EXPECT_EQ(reply_bytes_, 0u);
  const std::string held = Found(key, Value(kHeldBytes));
  member(0).Say(absl::StrCat("\r\n", held, "END\r\n"));
  Settle();
  EXPECT_TRUE(client->received() == absl::StrCat("SERVER_ERROR object too large for cache\r\n",
                                                 "SERVER_ERROR object too large for cache\r\n",
                                                 held, "END\r\n"));
}

}  // namespace
}  // namespace ringcache::router

#include "router/broadcast_exchange.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/call_failure.h"
#include "discovery/member.h"
#include "discovery/watcher.h"
#include "gtest/gtest.h"
#include "net/connection.h"
#include "net/socket_address.h"
#include "protocol/request.h"
#include "router/cluster_config_reply.h"
#include "router/route/pool_route.h"
#include "router/route/route_tree.h"
#include "router/router_counters.h"
#include "router/stats/pool_stats.h"
#include "router/streaming/streaming_fixture.h"

namespace ringcache::router {
namespace {

class BroadcastExchangeTest : public StreamingFixture {
 protected:
  BroadcastExchangeTest() { options_.enable_flush = true; }

  // What a client that says `text` hears when members have said theirs.
  Client* Say(absl::string_view text) {
    Client* const client = Connect();
    client->peer.Say(text);
    Settle();
    return client;
  }
  void MembersSay(absl::string_view first, absl::string_view second) {
    member(0).Say(first);
    member(1).Say(second);
    Settle();
  }
  std::uint64_t Count(RouterCounter counter) const { return worker_->counters[counter].value(); }
};

TEST_F(BroadcastExchangeTest, FlushAllReachesEveryMember) {
  Start();
  Client* const client = Say("flush_all 10\r\n");
  EXPECT_EQ(member(0).received(), "flush_all 10\r\n");
  EXPECT_EQ(member(1).received(), "flush_all 10\r\n");
  member(0).Say("OK\r\n");
  Settle();
  EXPECT_EQ(client->received(), "");
  member(1).Say("OK\r\n");
  Settle();
  EXPECT_EQ(client->received(), "OK\r\n");
  EXPECT_EQ(Count(RouterCounter::kBroadcasts), 1u);
}

TEST_F(BroadcastExchangeTest, RepliesStayInTheOrderOfRequests) {
  Start();
  Client* const client = Say("flush_all\r\nmn\r\n");
  EXPECT_EQ(client->received(), "");
  MembersSay("OK\r\n", "OK\r\n");
  EXPECT_EQ(client->received(), "OK\r\nMN\r\n");
}

TEST_F(BroadcastExchangeTest, NoreplyIsHeardByMembersAsAnyOther) {
  Start();
  Client* const client = Say("flush_all noreply\r\nmn\r\n");
  EXPECT_EQ(member(0).received(), "flush_all\r\n");
  MembersSay("OK\r\n", "SERVER_ERROR busy\r\n");
  EXPECT_EQ(client->received(), "MN\r\n");
}

TEST_F(BroadcastExchangeTest, MembersThatFailAreNamed) {
  Start();
  Client* const client = Say("flush_all\r\n");
  MembersSay("OK\r\n", "CLIENT_ERROR flush_all not allowed\r\n");
  EXPECT_EQ(client->received(),
            "SERVER_ERROR 1 of 2 members failed: cache-1:11211: CLIENT_ERROR flush_all not "
            "allowed\r\n");
}

TEST_F(BroadcastExchangeTest, AMemberThatIsSilentIsWaitedForAsLongAsForOtherRequests) {
  Start();
  Client* const client = Say("flush_all\r\n");
  member(0).Say("OK\r\n");
  loop_.RunFor(kTimeout - absl::Milliseconds(1));
  EXPECT_EQ(client->received(), "");
  loop_.RunFor(absl::Milliseconds(2));
  EXPECT_EQ(client->received(), "SERVER_ERROR 1 of 2 members failed: cache-1:11211: timed out\r\n");
  EXPECT_EQ(worker_->failures[client::CallFailure::kTimedOut].value(), 1u);
}

TEST_F(BroadcastExchangeTest, ItIsNotTakenUnlessItIsEnabled) {
  options_.enable_flush = false;
  Start();
  EXPECT_EQ(Say("flush_all\r\n")->received(), "ERROR\r\n") << "the router's own answer";
  EXPECT_EQ(member(0).received(), "");
}

TEST_F(BroadcastExchangeTest, FiguresOfMembersAreOneAnswer) {
  Start();
  Client* const client = Say("stats items\r\n");
  EXPECT_EQ(member(1).received(), "stats items\r\n");
  MembersSay("STAT items:1:number 2\r\nEND\r\n", "STAT items:1:number 3\r\nEND\r\n");
  EXPECT_EQ(client->received(), "STAT items:1:number 5\r\nEND\r\n");
}

TEST_F(BroadcastExchangeTest, AMemberWithoutFiguresIsTold) {
  Start();
  Client* const client = Say("stats settings\r\n");
  MembersSay("STAT maxbytes 1\r\nEND\r\n", "ERROR\r\n");
  EXPECT_EQ(client->received(), "STAT maxbytes 1\r\nSTAT failed@cache-1:11211 ERROR\r\nEND\r\n");
}

TEST_F(BroadcastExchangeTest, AMemberThatTellsTooMuchHasFailed) {
  Start();
  Client* const client = Say("stats sizes\r\n");
  std::string much;
  for (std::size_t i = 0; much.size() < PoolStats::kMaxBytes; ++i) {
    absl::StrAppend(&much, "STAT ", i, " 123456789012345678901234567890\r\n");
  }
  MembersSay(much + "END\r\n", "END\r\n");
  EXPECT_TRUE(
      absl::EndsWith(client->received(), "STAT failed@cache-0:11211 too many figures\r\nEND\r\n"));
}

TEST_F(BroadcastExchangeTest, ResetIsDoneOrNot) {
  Start();
  Client* const client = Say("stats reset\r\n");
  MembersSay("RESET\r\n", "RESET\r\n");
  EXPECT_EQ(client->received(), "RESET\r\n");
}

// A request is parsed into the one before it.
TEST_F(BroadcastExchangeTest, AFlushAfterAResetIsNoReset) {
  Start();
  Client* const client = Say("stats reset\r\nflush_all\r\n");
  MembersSay("RESET\r\nOK\r\n", "RESET\r\nOK\r\n");
  EXPECT_EQ(client->received(), "RESET\r\nOK\r\n");
}

TEST_F(BroadcastExchangeTest, OtherGroupsAreTheRouters) {
  Start();
  EXPECT_EQ(Say("stats\r\n")->received(), "ERROR\r\n");
  EXPECT_EQ(Say("stats items 1\r\n")->received(), "ERROR\r\n");
  EXPECT_EQ(member(0).received(), "");
}

TEST_F(BroadcastExchangeTest, OnlySoManyRunAtATime) {
  Start();
  std::string text;
  for (std::size_t i = 0; i < BroadcastExchange::kMaxRunning; ++i) text += "flush_all\r\n";
  Client* const first = Say(text);
  Client* const second = Say("flush_all\r\n");
  EXPECT_EQ(second->received(), "SERVER_ERROR too many such requests are under way; try again\r\n");
  std::string answers;
  for (std::size_t i = 0; i < BroadcastExchange::kMaxRunning; ++i) answers += "OK\r\n";
  MembersSay(answers, answers);
  EXPECT_EQ(first->received(), answers);
  EXPECT_EQ(worker_->broadcasts.in_use(), 0u);
  second->peer.Say("flush_all\r\n");
  Settle();
  MembersSay("OK\r\n", "OK\r\n");
  EXPECT_TRUE(absl::EndsWith(second->received(), "OK\r\n"));
}

TEST_F(BroadcastExchangeTest, AClientMayLeaveBeforeTheAnswer) {
  Start();
  Client* const client = Say("flush_all\r\n");
  client->peer.HangUp();
  client->connection->Close(net::CloseReason::kLocal);
  Settle();
  EXPECT_EQ(worker_->broadcasts.in_use(), 1u);
  MembersSay("OK\r\n", "OK\r\n");
  EXPECT_EQ(worker_->broadcasts.in_use(), 0u);
}

TEST_F(BroadcastExchangeTest, AMemberOfSeveralPoolsIsAskedOnce) {
  Start();
  auto tree = std::make_shared<RouteTree>(std::make_unique<PoolRoute>(pool_.get()),
                                          std::vector{pool_.get(), pool_.get()});
  worker_->trees.push_back(std::make_unique<TreeInUse>(TreeInUse{std::move(tree), 0}));
  Client* const client = Say("flush_all\r\n");
  MembersSay("OK\r\n", "OK\r\n");
  EXPECT_EQ(member(0).received(), "flush_all\r\n");
  EXPECT_EQ(client->received(), "OK\r\n");
}

TEST_F(BroadcastExchangeTest, WithoutMembersThatIsSaid) {
  Start();
  auto tree = std::make_shared<RouteTree>(std::make_unique<PoolRoute>(pool_.get()));
  worker_->trees.push_back(std::make_unique<TreeInUse>(TreeInUse{std::move(tree), 0}));
  EXPECT_EQ(Say("flush_all\r\n")->received(), "SERVER_ERROR there are no members\r\n");
  EXPECT_EQ(Say("stats items\r\n")->received(), "SERVER_ERROR no member answered\r\n");
}

TEST_F(BroadcastExchangeTest, ClientsThatDiscoverTheirServersAreToldTheMembers) {
  Start();
  const std::string nodes = "1\ncache-0|127.0.0.1|11211 cache-1|127.0.0.1|11211\n";
  EXPECT_EQ(Say("config get cluster\r\n")->received(),
            absl::StrCat("CONFIG cluster 0 ", nodes.size(), "\r\n", nodes, "\r\nEND\r\n"));
  EXPECT_EQ(Say("config get other\r\n")->received(), "ERROR\r\n");
}

TEST_F(BroadcastExchangeTest, ClusterConfigsHaveNeitherBracketsNorSockets) {
  Start();
  discovery::Snapshot snapshot;
  snapshot.version = 7;
  discovery::Member six;
  six.name = "six";
  six.port = 11212;
  six.address = *net::SocketAddress::Parse("[::1]:11212", 0);
  discovery::Member local;
  local.name = "/run/cache.sock";
  local.address = *net::SocketAddress::Parse("unix:/run/cache.sock", 0);
  discovery::Member unknown;
  unknown.name = "unknown";
  unknown.port = 11211;
  unknown.vanished = true;
  snapshot.members = {six, local, unknown};
  ASSERT_TRUE(pool_->Update(snapshot).ok());
  EXPECT_EQ(ClusterConfigReply(*pool_),
            "CONFIG cluster 0 31\r\n7\nsix|::1|11212 unknown||11211\n\r\nEND\r\n");
  snapshot.version = 8;
  snapshot.members = {local};
  ASSERT_TRUE(pool_->Update(snapshot).ok());
  EXPECT_EQ(ClusterConfigReply(*pool_), "SERVER_ERROR pool A has no members\r\n");
}

}  // namespace
}  // namespace ringcache::router

#include "router/route/failover/failover_route.h"

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "router/route/failover/deterministic_order_policy.h"
#include "router/route/failover/least_failures_policy.h"
#include "router/route/fake_route.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

class FailoverRouteTest : public RouteFixture {
 protected:
  std::unique_ptr<FailoverRoute> MakeFailover(FailoverOptions options = {}) {
    return std::make_unique<FailoverRoute>(std::vector<Route*>{&a_, &b_, &c_}, std::move(options));
  }
  std::unique_ptr<FailoverRoute> MakeWith(std::unique_ptr<FailoverPolicy> policy) {
    FailoverOptions options;
    options.policy = std::move(policy);
    return MakeFailover(std::move(options));
  }

  FakeRoute a_{"a"};
  FakeRoute b_{"b"};
  FakeRoute c_{"c"};
};

TEST_F(FailoverRouteTest, TheFirstChildIsEnoughWhileItReplies) {
  const auto route = MakeFailover();
  for (const char* reply : {"VALUE 0 a", "END", "CLIENT_ERROR bad"}) {
    a_.SaysOnce(reply);
    EXPECT_EQ(Ask(route.get(), "get key"), reply);
  }
  EXPECT_EQ(b_.TakeRequests(), Lines{});
}

TEST_F(FailoverRouteTest, ChildrenAreAskedInOrderUntilOneReplies) {
  const auto route = MakeFailover();
  a_.Says("!timed out");
  b_.Says("SERVER_ERROR out of memory storing object");
  EXPECT_EQ(Ask(route.get(), "set key 5 60 3 = abc"), "STORED");
  EXPECT_EQ(b_.TakeRequests(), Lines{"set key 5 60 3 = abc"});
  EXPECT_EQ(c_.TakeRequests(), Lines{"set key 5 60 3 = abc"});
}

TEST_F(FailoverRouteTest, AnyOperationFailsOver) {
  const auto route = MakeFailover();
  a_.Says("!connection lost");
  EXPECT_EQ(Ask(route.get(), "incr key 1"), "1");
  EXPECT_EQ(Ask(route.get(), "delete key"), "DELETED");
  EXPECT_EQ(Ask(route.get(), "ma key v"), "HD");
  EXPECT_EQ(b_.TakeRequests(), (Lines{"incr key 1", "delete key", "ma key v"}));
}

TEST_F(FailoverRouteTest, IfAllFailTheLastReplyIsGiven) {
  const auto route = MakeFailover();
  a_.Says("!timed out");
  b_.Says("!timed out");
  c_.Says("!marked down");
  EXPECT_EQ(Ask(route.get(), "get key"), "!marked down");
}

TEST_F(FailoverRouteTest, OnlyNamedErrorsFailOver) {
  FailoverOptions options;
  options.errors.gets = ErrorSet();
  options.errors.gets.Add(ErrorName::kTko);
  options.errors.deletes = ErrorSet();
  const auto route = MakeFailover(std::move(options));
  a_.Says("!timed out");
  EXPECT_EQ(Ask(route.get(), "get key"), "!timed out");
  EXPECT_EQ(Ask(route.get(), "gat 0 key"), "!timed out");
  EXPECT_EQ(Ask(route.get(), "set key 0 0 1 = a"), "STORED");
  EXPECT_EQ(Ask(route.get(), "touch key 1"), "TOUCHED");
  a_.Says("!marked down");
  EXPECT_EQ(Ask(route.get(), "mg key v"), "VA b");
  EXPECT_EQ(Ask(route.get(), "md key"), "!marked down");
}

TEST_F(FailoverRouteTest, NothingIsTriedOnceTheRouterGoes) {
  const auto route = MakeFailover();
  a_.Says("!the client was closed");
  EXPECT_EQ(Ask(route.get(), "get key"), "!the client was closed");
  EXPECT_EQ(b_.TakeRequests(), Lines{});
}

TEST_F(FailoverRouteTest, PastTheLimitTheFailureIsGiven) {
  FailoverOptions options;
  options.limit.emplace(1, 2);
  const auto route = MakeFailover(std::move(options));
  a_.Says("!timed out");
  EXPECT_EQ(Ask(route.get(), "get key"), "VALUE 0 b");
  EXPECT_EQ(Ask(route.get(), "get key"), "VALUE 0 b");
  EXPECT_EQ(Ask(route.get(), "get key"), "!timed out");
  loop_.RunFor(absl::Seconds(1));
  EXPECT_EQ(Ask(route.get(), "get key"), "VALUE 0 b");
}

TEST_F(FailoverRouteTest, TheShortWayIsThatOfTheFirstChild) {
  const auto route = MakeFailover();
  EXPECT_FALSE(HasShortWay(route.get(), "get key"));
  a_.set_first(ShortWay());
  EXPECT_EQ(AskFirst(route.get(), "get key", "VALUE 0 x"), "VALUE 0 x");
  EXPECT_EQ(AskFirst(route.get(), "get key", "END"), "END");
  EXPECT_EQ(AskFirst(route.get(), "get key", "!timed out"), "VALUE 0 b");
  EXPECT_EQ(AskFirst(route.get(), "get key", "SERVER_ERROR 307 busy"), "VALUE 0 b");
  EXPECT_EQ(a_.TakeRequests(), Lines{});
}

TEST_F(FailoverRouteTest, AChildThatReactsItselfHasNoShortWay) {
  const auto route = MakeFailover();
  FirstStep step = ShortWay();
  step.reacts = &b_;
  a_.set_first(step);
  EXPECT_FALSE(HasShortWay(route.get(), "get key"));
}

TEST_F(FailoverRouteTest, MaxTriesCountsTheFirst) {
  const auto route = MakeWith(std::make_unique<FailoverPolicy>(3, 2, 2));
  a_.Says("!timed out");
  b_.Says("!timed out");
  EXPECT_EQ(Ask(route.get(), "get key"), "!timed out");
  EXPECT_EQ(c_.TakeRequests(), Lines{});
  EXPECT_EQ(Shown(*route, "get key"), "failover .a .b");
}

TEST_F(FailoverRouteTest, OfTheOthersTheOneThatFailedLeastIsAsked) {
  const auto route = MakeWith(std::make_unique<LeastFailuresPolicy>(3, 2));
  a_.Says("!timed out");
  b_.SaysOnce("!timed out");
  EXPECT_EQ(Ask(route.get(), "get key"), "!timed out");
  EXPECT_EQ(Ask(route.get(), "get key"), "VALUE 0 c");
  EXPECT_EQ(Ask(route.get(), "get key"), "VALUE 0 c");
  EXPECT_EQ(b_.TakeRequests().size(), 1u);
  // A failure of the other makes them equal again.
  c_.SaysOnce("!timed out");
  EXPECT_EQ(Ask(route.get(), "get key"), "!timed out");
  EXPECT_EQ(Ask(route.get(), "get key"), "VALUE 0 b");
}

TEST_F(FailoverRouteTest, ADeterministicOrderDependsOnTheKeyAndSpreadsKeys) {
  const auto route = MakeWith(std::make_unique<DeterministicOrderPolicy>(3, 2, 2, "salt"));
  a_.Says("!timed out");
  std::map<std::string, int> replies;
  for (int i = 0; i < 1000; ++i) {
    const std::string reply = Ask(route.get(), absl::StrCat("get key", i));
    EXPECT_EQ(Ask(route.get(), absl::StrCat("get key", i, "|#|more")), reply);
    ++replies[reply];
  }
  EXPECT_EQ(replies.size(), 2u);
  EXPECT_GT(replies["VALUE 0 b"], 400);
  EXPECT_GT(replies["VALUE 0 c"], 400);
}

TEST_F(FailoverRouteTest, ADeterministicOrderCountsMembersThatAreDownApart) {
  const auto route = MakeWith(std::make_unique<DeterministicOrderPolicy>(3, 3, 2, ""));
  for (FakeRoute* child : {&a_, &b_, &c_}) child->Says("!timed out");
  Ask(route.get(), "get key");
  EXPECT_EQ(b_.TakeRequests().size() + c_.TakeRequests().size(), 1u);
  a_.Says("!marked down");
  Ask(route.get(), "get key");
  EXPECT_EQ(b_.TakeRequests().size() + c_.TakeRequests().size(), 2u);
}

TEST_F(FailoverRouteTest, ItIsReadFromAConfiguration) {
  Route* const route = Make(MakeFailoverRoute, R"({
    "children": ["a", "b", "c", "d"],
    "failover_errors": {"gets": ["timeout"], "deletes": []},
    "failover_policy": {"type": "LeastFailuresPolicy", "max_tries": 2},
    "failover_limit": {"rate": 0, "burst": 1}, "failover_tag": true, "name": "f"})");
  child("a").Says("!marked down");
  EXPECT_EQ(Ask(route, "get key"), "!marked down");
  EXPECT_EQ(Ask(route, "delete key"), "!marked down");
  EXPECT_EQ(Ask(route, "set key 0 0 1 = a"), "STORED");
  child("a").Says("!timed out");
  EXPECT_EQ(Ask(route, "get key"), "!timed out");
  EXPECT_EQ(Shown(*route, "get key"), "failover .a .b");
}

TEST_F(FailoverRouteTest, PoliciesAreReadFromAConfiguration) {
  const auto shown = [this](const std::string& policy) {
    Route* const route =
        Make(MakeFailoverRoute,
             absl::StrCat(R"({"children": ["a", "b", "c"], "failover_policy": )", policy, "}"));
    return Shown(*route, "get key7");
  };
  EXPECT_EQ(shown(R"({"type": "FailoverInOrderPolicy", "max_tries": 2})"), "failover .a .b");
  EXPECT_EQ(shown(R"({"type": "LeastFailuresPolicy"})"), "failover .a .b .c");
  EXPECT_EQ(shown(R"({"type": "DeterministicOrderPolicy", "max_tries": 3,
                      "max_error_tries": 1, "hash": {"hash_func": "Ch3", "salt": "x"}})")
                .size(),
            std::string("failover .a .b .c").size());
}

TEST_F(FailoverRouteTest, MistakesInAConfigurationAreNamed) {
  const auto complaint = [this](const std::string& more) {
    return Complaint(MakeFailoverRoute, absl::StrCat(R"({"children": ["a"])", more, "}"));
  };
  EXPECT_EQ(complaint(R"(, "failover_errors": ["tkoo"])"),
            "test:1: failover_errors[0]: there is no error named \"tkoo\"; there are busy, "
            "shutdown, tko, try_again, local_error, connect_error, connect_timeout, timeout, "
            "remote_error, deadline_exceeded");
  EXPECT_EQ(complaint(R"(, "failover_policy": {"type": "RendezvousPolicy"})"),
            "test:1: failover_policy: there is no \"RendezvousPolicy\"; there are "
            "FailoverInOrderPolicy, LeastFailuresPolicy and DeterministicOrderPolicy");
  EXPECT_EQ(complaint(R"(, "failover_policy": {"type": "DeterministicOrderPolicy",
                          "enable_failure_domains": true})"),
            "test:1: failover_policy: members have no failure domains here: leave them out");
  EXPECT_NE(complaint(R"(, "failover_policy": {"max_tries": 0})"), "");
  EXPECT_NE(complaint(R"(, "failover_limit": {"burst": 0})"), "");
  EXPECT_NE(complaint(R"(, "failover_limit": 5)"), "");
  EXPECT_NE(complaint(R"(, "what": 5)"), "");
  EXPECT_EQ(Complaint(MakeFailoverRoute, R"({"children": []})"),
            "test:1: children: is empty; it has to have a route");
}

TEST(FailoverErrorsTest, LinesAndFailuresHaveMcroutersNames) {
  const std::pair<const char*, ErrorName> kCases[] = {
      {"!cannot connect", ErrorName::kConnectError},
      {"!timed out", ErrorName::kTimeout},
      {"!connection lost", ErrorName::kRemoteError},
      {"!answered what is no reply", ErrorName::kRemoteError},
      {"!too much is queued", ErrorName::kBusy},
      {"!marked down", ErrorName::kTko},
      {"!no members found yet", ErrorName::kTko},
      {"SERVER_ERROR 307 busy", ErrorName::kBusy},
      {"SERVER_ERROR 301 shutdown", ErrorName::kShutdown},
      {"SERVER_ERROR 302 try again", ErrorName::kTryAgain},
      {"SERVER_ERROR unavailable", ErrorName::kTko},
      {"SERVER_ERROR local error", ErrorName::kLocalError},
      {"SERVER_ERROR connection error", ErrorName::kConnectError},
      {"SERVER_ERROR connection timeout", ErrorName::kConnectTimeout},
      {"SERVER_ERROR timeout", ErrorName::kTimeout},
      {"SERVER_ERROR request deadline exceeded", ErrorName::kDeadlineExceeded},
      {"SERVER_ERROR out of memory storing object", ErrorName::kRemoteError},
  };
  for (const auto& [text, name] : kCases) {
    EXPECT_EQ(NameOfError(ReplyOf(text)), name) << text;
  }
  EXPECT_EQ(NameOfError(ReplyOf("END")), std::nullopt);
  EXPECT_EQ(NameOfError(ReplyOf("CLIENT_ERROR bad")), std::nullopt);
}

TEST(FailoverErrorsTest, EitherNameOfAFailedConnectionIsForBoth) {
  FailoverErrors errors;
  errors.gets = ErrorSet();
  errors.gets.Add(ErrorName::kConnectTimeout);
  EXPECT_TRUE(errors.Cover(protocol::Operation::kGet, ReplyOf("!cannot connect")));
  EXPECT_FALSE(errors.Cover(protocol::Operation::kGet, ReplyOf("!timed out")));
}

}  // namespace
}  // namespace ringcache::router

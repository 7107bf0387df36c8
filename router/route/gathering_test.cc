#include "router/route/gathering.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "router/route/fake_route.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

// Asks all its children at once and takes some of their replies.
class GatheringRoute final : public Route {
 public:
  GatheringRoute(std::vector<Route*> children, std::size_t wanted)
      : children_(std::move(children)), wanted_(wanted) {}

  Task<Reply> Send(Call& call, const RouteRequest& request) override {
    Gathering gathering(&call);
    for (Route* child : children_) gathering.Start(child->Send(call, request));
    EXPECT_EQ(gathering.left(), children_.size());
    std::string said;
    for (std::size_t i = 0; i < wanted_; ++i) {
      const Gathering::Part part = co_await gathering.Next();
      absl::StrAppend(&said, part.index, "=", TextOf(part.reply), ";");
    }
    EXPECT_EQ(gathering.left(), children_.size() - wanted_);
    co_return ErrorReply(said);
  }
  std::string name() const override { return "gathering"; }
  void Visit(const RouteRequest&, RouteVisitor*, int) const override {}

 private:
  const std::vector<Route*> children_;
  const std::size_t wanted_;
};

class GatheringTest : public RouteFixture {
 protected:
  FakeRoute a_{"a"};
  FakeRoute b_{"b"};
  FakeRoute c_{"c"};
};

TEST_F(GatheringTest, RepliesThatAreThereAtOnceComeInTheOrderOfTheirTasks) {
  GatheringRoute route({&a_, &b_, &c_}, 3);
  EXPECT_EQ(Ask(&route, "get key"), "0=VALUE 0 a;1=VALUE 0 b;2=VALUE 0 c;");
}

TEST_F(GatheringTest, RepliesComeAsTheyCome) {
  a_.set_latency(absl::Seconds(3));
  b_.set_latency(absl::Seconds(1));
  GatheringRoute route({&a_, &b_, &c_}, 3);
  EXPECT_EQ(Ask(&route, "get key"), "2=VALUE 0 c;1=VALUE 0 b;0=VALUE 0 a;");
}

TEST_F(GatheringTest, WhatNobodyWaitsForGoesOnByItself) {
  a_.set_latency(absl::Seconds(3));
  b_.set_latency(absl::Seconds(1));
  GatheringRoute route({&a_, &b_}, 1);
  EXPECT_EQ(Ask(&route, "get key"), "1=VALUE 0 b;");
  EXPECT_EQ(a_.pending(), 1);
  LetAllEnd();
  EXPECT_EQ(a_.pending(), 0);
}

TEST_F(GatheringTest, ATaskTooManyIsAnError) {
  a_.set_latency(absl::Seconds(1));
  GatheringRoute route(std::vector<Route*>(Call::kMaxSpawned + 1, &a_), 1);
  EXPECT_EQ(Ask(&route, "get key"), absl::StrCat(Call::kMaxSpawned, "=", Gathering::kTooMany, ";"));
  LetAllEnd();
  EXPECT_EQ(a_.TakeRequests().size(), Call::kMaxSpawned);
}

}  // namespace
}  // namespace ringcache::router

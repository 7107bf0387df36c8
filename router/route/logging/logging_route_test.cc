#include "router/route/logging/logging_route.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "process/log_sink.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

class RecordingLog final : public process::LogSink {
 public:
  void Write(process::LogLevel level, absl::string_view message) override {
    // Those that are shown without -v.
    if (level <= process::LogLevel::kNotice) lines.emplace_back(message);
  }
  void SetVerbosity(int) override {}

  std::vector<std::string> lines;
};

// A target with members, of which it says what a fake says.
class TargetWithMembers final : public Route {
 public:
  TargetWithMembers(Route* fake, std::vector<std::string> members)
      : fake_(*fake), members_(std::move(members)) {}
  Task<Reply> Send(Call& call, const RouteRequest& request) override {
    return fake_.Send(call, request);
  }
  std::string name() const override { return "target"; }
  void Visit(const RouteRequest&, RouteVisitor* visitor, int depth) const override {
    visitor->OnRoute(*this, depth);
    for (const std::string& member : members_) visitor->OnMember(member, depth + 1);
  }

 private:
  Route& fake_;
  const std::vector<std::string> members_;
};

class LoggingRouteTest : public RouteFixture {
 protected:
  LoggingRouteTest() { builder_.mutable_settings().log = &log_; }

  // The line for a request that is answered so.
  std::string Line(const std::string& request, const std::string& reply) {
    if (route_ == nullptr) route_ = Make(MakeLoggingRoute, R"({"target": "a"})");
    child("a").Says(reply);
    EXPECT_EQ(Ask(route_, request), reply);
    return log_.lines.back();
  }
  std::string Members(std::vector<std::string> members) {
    TargetWithMembers target(&child("a"), std::move(members));
    LoggingRoute route(&target, &log_);
    EXPECT_EQ(Ask(&route, "get key"), "VALUE 0 a");
    return log_.lines.back();
  }

  RecordingLog log_;
  Route* route_ = nullptr;
};

TEST_F(LoggingRouteTest, SaysWhatBecameOfARequest) {
  EXPECT_EQ(Line("get key", "VALUE 5 value"), "get key: hit, 5 bytes");
  EXPECT_EQ(Line("mg key v", "EN"), "mg key: miss");
  EXPECT_EQ(Line("add key 0 0 1 = a", "NOT_STORED"), "add key: not stored");
  EXPECT_EQ(Line("set key 0 0 1 = a", "STORED"), "set key: done");
  EXPECT_EQ(Line("cas key 0 0 1 7 = a", "EXISTS"), "cas key: exists");
  EXPECT_EQ(Line("incr key 1", "!timed out"), "incr key: SERVER_ERROR timeout");
  EXPECT_EQ(log_.lines.size(), 6u);
  EXPECT_EQ(Shown(*route_, "get key"), "logging .a");
}

TEST_F(LoggingRouteTest, NamesTheMembersThatMayHaveAnswered) {
  EXPECT_EQ(Members({"m1:11211"}), "get key: hit, 1 bytes, by m1:11211");
  EXPECT_EQ(Members({"m1", "m2", "m1"}), "get key: hit, 1 bytes, by some of m1, m2");
  EXPECT_EQ(Members({"1", "2", "3", "4", "5", "6"}),
            "get key: hit, 1 bytes, by some of 1, 2, 3, 4 and 2 more");
}

TEST_F(LoggingRouteTest, LinesPastTheRateAreLeftOutAndCounted) {
  Route* const route = Make(MakeLoggingRoute, R"({"target": "a"})");
  for (int i = 0; i < LoggingRoute::kMaxLinesPerSecond + 12; ++i) {
    EXPECT_EQ(Ask(route, "get key"), "VALUE 0 a");
  }
  EXPECT_EQ(log_.lines.size(), static_cast<std::size_t>(LoggingRoute::kMaxLinesPerSecond));
  EXPECT_EQ(Asked("a").size(), static_cast<std::size_t>(LoggingRoute::kMaxLinesPerSecond) + 12);
  loop_.RunFor(absl::Seconds(1));
  Ask(route, "get key");
  EXPECT_EQ(log_.lines.back(), "get key: hit, 1 bytes (12 left out before)");
  Ask(route, "get key");
  EXPECT_EQ(log_.lines.back(), "get key: hit, 1 bytes");
}

TEST_F(LoggingRouteTest, WithoutALogItOnlyPassesOn) {
  builder_.mutable_settings().log = nullptr;
  EXPECT_EQ(Ask(Make(MakeLoggingRoute, R"({"target": "a"})"), "get key"), "VALUE 0 a");
}

TEST_F(LoggingRouteTest, ATargetIsNeeded) {
  EXPECT_NE(Complaint(MakeLoggingRoute, "{}"), "");
  EXPECT_NE(Complaint(MakeLoggingRoute, R"({"target": "a", "level": "info"})"), "");
}

}  // namespace
}  // namespace ringcache::router

// Base of tests of routes, in simulated time; requests and replies are lines as transcript.h has
// them:
//
//   Route* const route = Make(MakeFailoverRoute, R"({"children": ["a", "b"]})");
//   child("a").Says("!timed out");
//   EXPECT_EQ(Ask(route, "get key"), "VALUE 0 b");
//
// Thread safety: none.

#ifndef RINGCACHE_ROUTER_ROUTE_ROUTE_FIXTURE_H_
#define RINGCACHE_ROUTER_ROUTE_ROUTE_FIXTURE_H_

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/connection_resources.h"
#include "gtest/gtest.h"
#include "net/simulated_loop.h"
#include "router/backend/backend_pool.h"
#include "router/route/call.h"
#include "router/route/fake_builder.h"
#include "router/route/fake_route.h"
#include "router/route/reply.h"
#include "router/route/route.h"
#include "router/route/route_request.h"
#include "router/route/transcript.h"

namespace ringcache::router {

class RouteFixture : public testing::Test {
 protected:
  // A call that may still be under way.
  class Pending final : public CallObserver {
   public:
    void OnCallDone(Call*, Reply reply) override { reply_ = std::move(reply); }
    bool done() const { return reply_.has_value(); }
    const Reply& reply() const { return *reply_; }
    std::string text() const { return done() ? TextOf(*reply_) : "no reply yet"; }

   private:
    std::optional<Reply> reply_;
  };

  void TearDown() override { EXPECT_EQ(calls_.running(), 0u) << "some call has not ended"; }
  // Lets time pass until nothing is under way, also what nobody waits for.
  void LetAllEnd() { loop_.Run(); }

  // See fake_builder.h.
  Route* Make(const FakeBuilder::MakeFunction& make, const std::string& json) {
    absl::StatusOr<Route*> route = builder_.Make(make, json);
    EXPECT_TRUE(route.ok()) << route.status();
    return route.ok() ? *route : nullptr;
  }
  // Why there is no such route.
  std::string Complaint(const FakeBuilder::MakeFunction& make, const std::string& json) {
    return std::string(builder_.Make(make, json).status().message());
  }
  FakeRoute& child(const std::string& name) { return builder_.route(name); }
  // What it was asked, since that was asked last.
  std::vector<std::string> Asked(const std::string& name) { return child(name).TakeRequests(); }

  Pending* Begin(Route* route, absl::string_view text, std::uint64_t client_id = 0) {
    return Go(route, text, std::nullopt, client_id);
  }
  // Lets time pass until there is a reply.
  std::string Ask(Route* route, absl::string_view text, std::uint64_t client_id = 0) {
    return Finish(Begin(route, text, client_id));
  }
  // As a session does it, which takes the short way and was told `first`.
  std::string AskFirst(Route* route, absl::string_view text, absl::string_view first) {
    const RouteRequest request = RequestOf(text);
    const FirstStep step = route->First(request.request, request.key());
    EXPECT_NE(step.pool, nullptr) << "no short way";
    const Reply reply = ReplyOf(first);
    const bool reacts = reply.failure || (step.reacts_to_errors && reply.is_error()) ||
                        (step.reacts_to_misses && reply.is_miss());
    if (step.reacts == nullptr || !reacts) return TextOf(reply);
    return Finish(Go(step.reacts, text, reply, 0));
  }
  bool HasShortWay(Route* route, absl::string_view text) {
    const RouteRequest request = RequestOf(text);
    return route->First(request.request, request.key()).pool != nullptr;
  }
  // That of a route that has one, to some member.
  FirstStep ShortWay() {
    FirstStep step;
    step.pool = &pool_;
    return step;
  }

  // "name .child ..member": what a route shows of a request, a dot for each depth.
  std::string Shown(const Route& route, absl::string_view text) {
    class Visitor final : public RouteVisitor {
     public:
      void OnRoute(const Route& route, int depth) override { OnMember(route.name(), depth); }
      void OnMember(const std::string& name, int depth) override {
        absl::StrAppend(&shown, std::string(static_cast<std::size_t>(depth), '.'), name, " ");
      }
      std::string shown;
    };
    Visitor visitor;
    route.Visit(RequestOf(text), &visitor, 0);
    if (!visitor.shown.empty()) visitor.shown.pop_back();
    return visitor.shown;
  }

  using Lines = std::vector<std::string>;

  net::SimulatedLoop loop_;
  client::ConnectionResources resources_{&loop_};
  BackendPool pool_{&resources_, {}};
  FakeBuilder builder_{&pool_};
  CallPool calls_{&loop_};

 private:
  static constexpr absl::Duration kTooLong = absl::Hours(10'000);

  Pending* Go(Route* route, absl::string_view text, std::optional<Reply> first,
              std::uint64_t client_id) {
    Pending* const pending = &pending_.emplace_back();
    Call* const call = calls_.Take(client_id);
    const RouteRequest parsed = RequestOf(text);
    const RouteRequest& request = call->Copy(parsed.request, parsed.value);
    call->Run(
        first ? route->Resume(*call, request, *std::move(first)) : route->Send(*call, request),
        pending);
    return pending;
  }
  std::string Finish(Pending* pending) {
    if (!pending->done()) loop_.RunUntil([pending] { return pending->done(); }, kTooLong);
    return pending->text();
  }

  std::deque<Pending> pending_;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_ROUTE_FIXTURE_H_

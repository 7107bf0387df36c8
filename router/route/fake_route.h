// A route of tests that writes down what it is asked and says what the test tells it to, at once or
// later. Untold it is a cache that has everything: a retrieval finds the route's name.
//
// Thread safety: a route's.

#ifndef RINGCACHE_ROUTER_ROUTE_FAKE_ROUTE_H_
#define RINGCACHE_ROUTER_ROUTE_FAKE_ROUTE_H_

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "router/route/route.h"

namespace ringcache::router {

class FakeRoute final : public Route {
 public:
  // What is said to a request, both as transcript.h has them.
  using Answer = std::function<std::string(const std::string& request)>;

  explicit FakeRoute(std::string name) : name_(std::move(name)) {}

  // From now on, to everything.
  void Says(std::string reply) {
    answer_ = [reply = std::move(reply)](const std::string&) { return reply; };
  }
  // To the next request; several take turns.
  void SaysOnce(std::string reply) { once_.push_back(std::move(reply)); }
  void set_answer(Answer answer) { answer_ = std::move(answer); }
  // Replies come after this time.
  void set_latency(absl::Duration latency) { latency_ = latency; }
  void set_first(FirstStep first) { first_ = first; }

  // Since this was asked last.
  std::vector<std::string> TakeRequests() { return std::exchange(requests_, {}); }
  // Asked and not answered yet.
  int pending() const { return pending_; }

  Task<Reply> Send(Call& call, const RouteRequest& request) override;
  FirstStep First(const protocol::Request&, absl::string_view) override { return first_; }
  std::string name() const override { return name_; }
  void Visit(const RouteRequest&, RouteVisitor* visitor, int depth) const override {
    visitor->OnRoute(*this, depth);
  }

 private:
  std::string AnswerTo(const RouteRequest& request);

  const std::string name_;
  Answer answer_;
  std::deque<std::string> once_;
  absl::Duration latency_ = absl::ZeroDuration();
  FirstStep first_;
  std::vector<std::string> requests_;
  int pending_ = 0;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_FAKE_ROUTE_H_

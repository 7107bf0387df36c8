#include "router/route/limit/outstanding_limit_route.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "router/route/children.h"

namespace ringcache::router {

// Waits until it is this request's turn.
class OutstandingLimitRoute::Turn {
 public:
  Turn(OutstandingLimitRoute* route, std::uint64_t client_id)
      : route_(*route), client_id_(client_id) {}

  bool await_ready() const {
    if (route_.outstanding_ >= route_.max_outstanding_) return false;
    ++route_.outstanding_;
    return true;
  }
  void await_suspend(std::coroutine_handle<> waiting) {
    Queue& queue = route_.queues_[client_id_];
    if (queue.empty()) route_.clients_.push_back(client_id_);
    queue.push_back(waiting);
    ++route_.waiting_;
  }
  void await_resume() const {}

 private:
  OutstandingLimitRoute& route_;
  const std::uint64_t client_id_;
};

Task<Reply> OutstandingLimitRoute::Send(Call& call, const RouteRequest& request) {
  if (outstanding_ >= max_outstanding_ && waiting_ >= kMaxWaiting) co_return ErrorReply(kFull);
  co_await Turn(this, call.client_id());
  Reply reply = co_await target_.Send(call, request);
  Release();
  co_return reply;
}

// Those that go on may be done at once and come here again: the first one lets all of them go, so
// that they do not nest.
void OutstandingLimitRoute::Release() {
  --outstanding_;
  if (releasing_) return;
  releasing_ = true;
  while (outstanding_ < max_outstanding_ && !clients_.empty()) {
    ++outstanding_;
    TakeNext().resume();
  }
  releasing_ = false;
}

std::coroutine_handle<> OutstandingLimitRoute::TakeNext() {
  const std::uint64_t client_id = clients_.front();
  clients_.pop_front();
  const auto place = queues_.find(client_id);
  const std::coroutine_handle<> next = place->second.front();
  place->second.pop_front();
  --waiting_;
  if (place->second.empty()) {
    queues_.erase(place);
  } else {
    clients_.push_back(client_id);
  }
  return next;
}

std::string OutstandingLimitRoute::name() const {
  return absl::StrCat("outstanding-limit|", max_outstanding_);
}

void OutstandingLimitRoute::Visit(const RouteRequest& request, RouteVisitor* visitor,
                                  int depth) const {
  visitor->OnRoute(*this, depth);
  target_.Visit(request, visitor, depth + 1);
}

absl::StatusOr<Route*> MakeOutstandingLimitRoute(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status = node.AllowOnly({"target", "max_outstanding"}); !status.ok()) {
    return status;
  }
  const absl::StatusOr<Route*> target = ReadChild(node, "target", builder);
  if (!target.ok()) return target.status();
  if (!node.Has("max_outstanding")) return node.Error("has no \"max_outstanding\"");
  const absl::StatusOr<std::int64_t> most =
      node.GetInteger("max_outstanding", 1, 1, OutstandingLimitRoute::kMostOutstanding);
  if (!most.ok()) return most.status();
  return builder->Own(
      std::make_unique<OutstandingLimitRoute>(*target, static_cast<std::size_t>(*most)));
}

}  // namespace ringcache::router

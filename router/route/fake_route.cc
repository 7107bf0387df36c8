#include "router/route/fake_route.h"

#include "absl/strings/str_cat.h"
#include "protocol/operation.h"
#include "router/route/transcript.h"

namespace ringcache::router {
namespace {

using protocol::Operation;

// Of a cache that has everything.
std::string Success(Operation operation, const std::string& value) {
  switch (operation) {
    case Operation::kGet:
    case Operation::kGat:
      return absl::StrCat("VALUE 0 ", value);
    case Operation::kGets:
    case Operation::kGats:
      return absl::StrCat("VALUE 0 ", value, " cas 1");
    case Operation::kMetaGet:
      return absl::StrCat("VA ", value);
    case Operation::kDelete:
      return "DELETED";
    case Operation::kTouch:
      return "TOUCHED";
    case Operation::kIncrement:
    case Operation::kDecrement:
      return "1";
    case Operation::kMetaSet:
    case Operation::kMetaDelete:
    case Operation::kMetaArithmetic:
      return "HD";
    default:
      return protocol::HasDataBlock(operation) ? "STORED" : "OK";
  }
}

}  // namespace

Task<Reply> FakeRoute::Send(Call& call, const RouteRequest& request) {
  requests_.push_back(TextOf(request));
  const std::string answer = AnswerTo(request);
  ++pending_;
  if (latency_ > absl::ZeroDuration()) co_await call.Sleep(latency_);
  --pending_;
  co_return ReplyOf(answer);
}

std::string FakeRoute::AnswerTo(const RouteRequest& request) {
  if (!once_.empty()) {
    std::string answer = std::move(once_.front());
    once_.pop_front();
    return answer;
  }
  if (answer_) return answer_(requests_.back());
  return Success(request.operation(), name_);
}

}  // namespace ringcache::router

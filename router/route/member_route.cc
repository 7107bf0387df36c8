#include "router/route/member_route.h"

#include "absl/strings/str_cat.h"
#include "router/route/ask.h"

namespace ringcache::router {

Task<Reply> MemberRoute::Send(Call& call, const RouteRequest& request) {
  (void)call;
  if (!is_there()) co_return FailureReply(client::CallFailure::kNoMembers);
  co_return co_await Ask(&call, &pool_.member(index_), request, pool_.timeout());
}

FirstStep MemberRoute::First(const protocol::Request&, absl::string_view) {
  FirstStep step;
  step.pool = &pool_;
  step.member = is_there() ? index_ : BackendPool::kNone;
  return step;
}

std::string MemberRoute::name() const { return absl::StrCat("member|", pool_.name(), "|", index_); }

void MemberRoute::Visit(const RouteRequest&, RouteVisitor* visitor, int depth) const {
  visitor->OnRoute(*this, depth);
  if (is_there()) visitor->OnMember(pool_.member(index_).name(), depth + 1);
}

}  // namespace ringcache::router

// co_await Ask(call, member, request, timeout): sends a request to a member of a pool and gives its
// reply; a failure to get one is a reply, too.
//
// Thread safety: belongs to the loop's thread.

#ifndef RINGCACHE_ROUTER_ROUTE_ASK_H_
#define RINGCACHE_ROUTER_ROUTE_ASK_H_

#include <coroutine>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/call_failure.h"
#include "client/member_client.h"
#include "client/reply_receiver.h"
#include "router/route/call.h"
#include "router/route/reply.h"
#include "router/route/route_request.h"

namespace ringcache::router {

class [[nodiscard]] Ask final : private client::ReplyReceiver {
 public:
  // All outlive the reply. What the member does not carry out is noted in the call, unless
  // `keeps_deletes` is false.
  Ask(Call* call, client::MemberClient* member, const RouteRequest& request, absl::Duration timeout,
      bool keeps_deletes = true)
      : call_(*call),
        member_(*member),
        request_(request),
        timeout_(timeout),
        gate_(keeps_deletes ? member->gate() : nullptr) {}

  bool await_ready() const { return false; }
  // False: nothing could be sent, and the failure is the reply.
  bool await_suspend(std::coroutine_handle<> asking);
  Reply await_resume() { return std::move(reply_); }

 private:
  void OnReply(std::uint64_t tag, const protocol::Reply& reply, const client::ReceivedValue& value,
               bool last) override;
  // A route has the whole value, or none.
  absl::Duration OnLongValue(std::uint64_t, const protocol::Reply&, absl::string_view) override {
    return timeout_;
  }
  void OnFailure(std::uint64_t tag, client::CallFailure failure) override;
  bool IsBelievable(const protocol::Reply& line) const;
  void Note() { call_.unreached().Note(gate_, request_.request, reply_); }

  Call& call_;
  client::MemberClient& member_;
  const RouteRequest& request_;
  const absl::Duration timeout_;
  client::MemberGate* const gate_;
  std::coroutine_handle<> asking_;
  client::ServerConnection* connection_ = nullptr;  // on which it asks
  Reply reply_;
};

// Notes one line of a reply in `*reply`: of a retrieval VALUE counts, and END after it changes
// nothing. A value is copied, unless it may be moved; one that is too long to be held is an error.
void NoteReply(const protocol::Reply& line, const client::ReceivedValue& value, Reply* reply);

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_ROUTE_ASK_H_

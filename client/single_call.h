// One call to the owner of one key, or to the key's next members when that fails.
//
// Thread safety: belongs to the loop's thread.

#ifndef RINGCACHE_CLIENT_SINGLE_CALL_H_
#define RINGCACHE_CLIENT_SINGLE_CALL_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/time/time.h"
#include "client/call_context.h"
#include "client/outgoing_value.h"
#include "client/reply_receiver.h"
#include "client/result.h"
#include "protocol/request.h"

namespace ringcache::client {

class SingleCall final : private ReplyReceiver, private Unsent {
 public:
  using Callback = absl::AnyInvocable<void(Result)>;

  SingleCall(CallContext* context, CallPool<SingleCall>* home) : context_(*context), home_(*home) {}

  // Sends `request`, whose views may end with this call. `callback` is called once, later.
  void Start(const protocol::Request& request, OutgoingValue value, absl::Duration timeout,
             Callback callback);
  // As Start, with nothing sent: the key is not one.
  void Refuse(std::string problem, Callback callback);

 private:
  void OnReply(std::uint64_t tag, const protocol::Reply& reply, const ReceivedValue& value,
               bool last) override;
  void OnFailure(std::uint64_t tag, CallFailure failure) override;
  void Report() override { Finish(); }

  void KeepToRepeat(const protocol::Request& request, absl::Duration timeout);
  // Returns whether it was sent; if not, `result_` says why.
  bool Send(const protocol::Request& request, absl::Duration timeout);
  bool MayAskAnother(CallFailure failure) const;
  void Fail(CallFailure failure);
  void Finish();

  CallContext& context_;
  CallPool<SingleCall>& home_;
  OutgoingValue value_;
  // For a call that may be repeated.
  protocol::Request request_;
  std::string text_;  // what the views of request_ point into
  absl::Duration deadline_;
  bool may_repeat_ = false;
  std::size_t failovers_ = 0;
  Callback callback_;
  Result result_;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_SINGLE_CALL_H_

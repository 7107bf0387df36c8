// One call to every member: flush_all, version, stats.
//
// Thread safety: belongs to the loop's thread.

#ifndef RINGCACHE_CLIENT_FAN_OUT_CALL_H_
#define RINGCACHE_CLIENT_FAN_OUT_CALL_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/time/time.h"
#include "client/call_context.h"
#include "client/reply_receiver.h"
#include "client/result.h"
#include "protocol/request.h"

namespace ringcache::client {

class FanOutCall final : private ReplyReceiver, private Unsent {
 public:
  // One result for each member, in the ring's order; none before members are known.
  using Callback = absl::AnyInvocable<void(std::vector<MemberResult>)>;

  FanOutCall(CallContext* context, CallPool<FanOutCall>* home) : context_(*context), home_(*home) {}

  // `request` has no key, and its views may end with this call. `callback` is called once, later.
  void Start(const protocol::Request& request, absl::Duration timeout, Callback callback);

 private:
  // The tag is the member's index.
  void OnReply(std::uint64_t tag, const protocol::Reply& reply, const ReceivedValue& value,
               bool last) override;
  void OnFailure(std::uint64_t tag, CallFailure failure) override;
  void Report() override { Finish(); }
  void Finish();

  CallContext& context_;
  CallPool<FanOutCall>& home_;
  Callback callback_;
  std::vector<MemberResult> results_;
  std::size_t open_ = 0;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_FAN_OUT_CALL_H_

#include "tools/sweep/member_check.h"

#include <cstddef>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "client/call_failure.h"
#include "client/key_requests.h"
#include "client/outgoing_value.h"
#include "client/pool.h"
#include "client/reply_receiver.h"
#include "discovery/watcher.h"
#include "net/event_loop.h"
#include "protocol/operation.h"
#include "protocol/reply.h"
#include "protocol/request.h"

namespace ringcache::sweep {
namespace {

// If the sweep dies before it deletes its key.
constexpr std::int64_t kKeyLivesSeconds = 60;

// Two sweeps at once do not meet.
std::string OwnKey() {
  std::random_device random;
  return absl::StrCat("ringcache-sweep:", absl::Hex(random(), absl::kZeroPad8),
                      absl::Hex(random(), absl::kZeroPad8));
}

// What each member says of the sweep's own key, one command to all at a time.
class OwnKeys final : private client::ReplyReceiver {
 public:
  OwnKeys(absl::Duration timeout, cli::PoolSession* session)
      : timeout_(timeout), session_(*session), key_(OwnKey()), values_(session->pool().size()) {}

  absl::Status TellApart() {
    const std::size_t members = values_.size();
    Ask([&](std::size_t member, const std::string& value) {
      client::StoreOptions options;
      options.exptime_s = kKeyLivesSeconds;
      return Call(member, client::StoreRequest(protocol::Operation::kSet, key_, value, options),
                  client::OutgoingValue::Borrowed(value));
    });
    Ask([&](std::size_t member, const std::string&) {
      return Call(member, client::KeyRequest(protocol::Operation::kGet, key_), {});
    });
    const std::vector<std::string> found = values_;
    Ask([&](std::size_t member, const std::string&) {
      return Call(member, client::KeyRequest(protocol::Operation::kDelete, key_), {});
    });
    for (std::size_t i = 0; i < members; ++i) {
      std::size_t other = i;
      if (!absl::SimpleAtoi(found[i], &other) || other == i || other >= members) continue;
      return absl::FailedPreconditionError(
          absl::StrCat(session_.MemberName(i), " and ", session_.MemberName(other),
                       " are one server; each is to be named once"));
    }
    return absl::OkStatus();
  }

 private:
  using AskOne = absl::FunctionRef<bool(std::size_t member, const std::string& value)>;

  void Ask(AskOne ask) {
    // The members may change only while the loop runs; then who is asked is of no importance, as
    // the sweep does not begin.
    for (std::size_t i = 0; i < values_.size() && i < session_.pool().size(); ++i) {
      values_[i].clear();
      open_ += ask(i, absl::StrCat(i));
    }
    while (open_ > 0) session_.loop()->Run();
  }

  bool Call(std::size_t member, const protocol::Request& request,
            const client::OutgoingValue& value) {
    return !session_.pool().member(member).Call(request, value, timeout_, this, member);
  }

  void OnReply(std::uint64_t member, const protocol::Reply& reply,
               const client::ReceivedValue& value, bool last) override {
    if (reply.kind == protocol::ReplyKind::kValue) values_[member] = std::string(value.bytes);
    if (last) Close();
  }
  void OnFailure(std::uint64_t, client::CallFailure) override { Close(); }
  void Close() {
    if (--open_ == 0) session_.loop()->Stop();
  }

  const absl::Duration timeout_;
  cli::PoolSession& session_;
  const std::string key_;
  std::vector<std::string> values_;
  std::size_t open_ = 0;
};

}  // namespace

absl::Status CheckMembers(std::uint32_t expected, absl::Duration timeout,
                          cli::PoolSession* session) {
  const std::size_t size = session->pool().size();
  if (expected != 0 && size != expected) {
    return absl::FailedPreconditionError(
        absl::StrCat("the pool has ", size, " members, not ", expected));
  }
  const std::size_t known = session->client().watcher().current()->members.size();
  if (known != size) {
    return absl::FailedPreconditionError(absl::StrCat(
        known - size, " of ", known,
        " members have no address, so that a ring of addresses has no place for them"));
  }
  const auto ring = session->pool().ring();
  const absl::Status status = OwnKeys(timeout, session).TellApart();
  if (!status.ok()) return status;
  if (session->pool().ring() != ring) {
    return absl::FailedPreconditionError("the members changed meanwhile; run the sweep again");
  }
  return absl::OkStatus();
}

}  // namespace ringcache::sweep

#include "tools/sweep/delete_run.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "client/call_failure.h"
#include "client/connection_options.h"
#include "client/connection_resources.h"
#include "client/key_requests.h"
#include "client/outgoing_value.h"
#include "client/reply_receiver.h"
#include "client/server_connection.h"
#include "protocol/base64_key.h"
#include "protocol/operation.h"
#include "protocol/reply.h"
#include "protocol/request.h"

namespace ringcache::sweep {
namespace {

using client::CallFailure;

// Deletes leave in bursts of what the rate allows in this time.
constexpr absl::Duration kTick = absl::Milliseconds(5);

client::ConnectionOptions OptionsOf(const DeleteOptions& options) {
  client::ConnectionOptions connection;
  connection.connect_timeout = options.timeout;
  return connection;
}

class DeleteRun final : private client::ReplyReceiver {
 public:
  DeleteRun(net::EventLoop* loop, const client::Endpoint& endpoint, const DeleteOptions& options,
            KeyList* keys, absl::FunctionRef<bool()> may_go_on)
      : loop_(loop),
        options_(options),
        keys_(*keys),
        may_go_on_(may_go_on),
        resources_(loop),
        connection_(&resources_, endpoint, OptionsOf(options), nullptr) {}
  ~DeleteRun() override { loop_->CancelTimer(timer_); }

  DeleteCounts Run() {
    last_tick_ = loop_->MonotonicNow();
    Tick();
    while (!IsOver()) loop_->Run();
    return counts_;
  }

 private:
  bool IsOver() const { return open_ == 0 && (stopped_ || keys_.done()); }

  void Tick() {
    timer_ = loop_->RunAfter(kTick, [this] { Tick(); });
    if (!may_go_on_()) Stop("");
    const absl::Duration now = loop_->MonotonicNow();
    const double allowed = static_cast<double>(options_.rate);
    // After a stall, what was missed is not made up for.
    const double seconds = absl::ToDoubleSeconds(std::min(now - last_tick_, 2 * kTick));
    last_tick_ = now;
    credit_ = std::min(credit_ + allowed * seconds,
                       std::max(1.0, allowed * absl::ToDoubleSeconds(2 * kTick)));
    while (!stopped_ && !keys_.done() && credit_ >= 1 && open_ < kDeleteWindow) {
      credit_ -= 1;
      Send(keys_.Take());
    }
    if (IsOver()) loop_->Stop();
  }

  void Send(absl::string_view key) {
    protocol::Request request = client::KeyRequest(protocol::Operation::kDelete, key);
    char spelling[protocol::kMaxBase64KeyBytes];
    if (!protocol::IsPlainKey(key)) {
      const char* const end = protocol::WriteBase64(spelling, key);
      request.operation = protocol::Operation::kMetaDelete;
      request.key = {spelling, static_cast<std::size_t>(end - spelling)};
      request.key_is_base64 = true;
    }
    const std::optional<CallFailure> failure =
        connection_.Call(request, client::OutgoingValue(), options_.timeout, this, /*tag=*/0);
    if (failure) return Stop(WordsOf(*failure));
    ++open_;
  }

  void OnReply(std::uint64_t, const protocol::Reply& reply, const client::ReceivedValue&,
               bool) override {
    if (reply.kind == protocol::ReplyKind::kDeleted ||
        reply.kind == protocol::ReplyKind::kMetaDone) {
      ++counts_.deleted;
    } else if (!protocol::IsError(reply.kind)) {
      ++counts_.gone;
    } else if (++counts_.refused == 1) {
      counts_.refusal = std::string(reply.text);
    }
    Close();
  }

  void OnFailure(std::uint64_t, CallFailure failure) override {
    Stop(WordsOf(failure));
    Close();
  }

  void Close() {
    if (--open_ == 0 && IsOver()) loop_->Stop();
  }

  void Stop(std::string trouble) {
    if (stopped_) return;
    stopped_ = true;
    counts_.trouble = std::move(trouble);
  }

  std::string WordsOf(CallFailure failure) const {
    if (failure == CallFailure::kTimedOut) {
      return absl::StrCat("it did not answer within ", absl::FormatDuration(options_.timeout));
    }
    const std::string& problem = connection_.last_problem();
    return problem.empty() ? std::string(client::FailureText(failure)) : problem;
  }

  net::EventLoop* const loop_;
  const DeleteOptions& options_;
  KeyList& keys_;
  const absl::FunctionRef<bool()> may_go_on_;
  DeleteCounts counts_;
  std::size_t open_ = 0;  // sent and not answered
  bool stopped_ = false;
  double credit_ = 1;  // deletes that may be sent now
  absl::Duration last_tick_;
  net::EventLoop::TimerId timer_ = 0;
  client::ConnectionResources resources_;
  // Last: what it fails when it goes is told to the above.
  client::ServerConnection connection_;
};

}  // namespace

DeleteCounts DeleteKeys(net::EventLoop* loop, const client::Endpoint& endpoint,
                        const DeleteOptions& options, KeyList* keys,
                        absl::FunctionRef<bool()> may_go_on) {
  return DeleteRun(loop, endpoint, options, keys, may_go_on).Run();
}

}  // namespace ringcache::sweep

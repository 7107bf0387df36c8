#include "client/cluster_client.h"

#include <utility>

#include "client/key_check.h"

namespace ringcache::client {

using protocol::Operation;
using protocol::Request;

absl::StatusOr<std::unique_ptr<ClusterClient>> ClusterClient::Create(
    net::EventLoop* loop, std::unique_ptr<discovery::Watcher> watcher,
    const ClusterOptions& options, net::Dialer* dialer) {
  if (const absl::Status status = options.Validate(); !status.ok()) return status;
  return std::unique_ptr<ClusterClient>(
      new ClusterClient(loop, std::move(watcher), options, dialer));
}

ClusterClient::ClusterClient(net::EventLoop* loop, std::unique_ptr<discovery::Watcher> watcher,
                             const ClusterOptions& options, net::Dialer* dialer)
    : options_(options),
      resources_(loop, dialer),
      watcher_(std::move(watcher)),
      context_(&resources_, &options_, &pool_),
      single_calls_(&context_),
      multi_get_calls_(&context_),
      fan_out_calls_(&context_),
      pool_(&resources_, &options_) {
  context_.set_on_trouble([this] { watcher_->RefreshSoon(); });
  watcher_->Start([this](const std::shared_ptr<const discovery::Snapshot>& snapshot) {
    OnSnapshot(*snapshot);
  });
}

ClusterClient::~ClusterClient() {
  if (ready_timer_ != 0) resources_.loop->CancelTimer(ready_timer_);
  context_.set_closing();
  context_.set_on_trouble(nullptr);
  watcher_.reset();
  context_.ReportAll();
}

void ClusterClient::OnSnapshot(const discovery::Snapshot& snapshot) {
  pool_status_ = pool_.Update(snapshot);
  if (ready() && on_ready_) std::exchange(on_ready_, nullptr)();
}

void ClusterClient::set_on_ready(std::function<void()> on_ready) {
  on_ready_ = std::move(on_ready);
  if (!ready()) return;
  if (ready_timer_ != 0) return;
  ready_timer_ = resources_.loop->RunAfter(absl::ZeroDuration(), [this] {
    ready_timer_ = 0;
    if (on_ready_) std::exchange(on_ready_, nullptr)();
  });
}

void ClusterClient::Execute(const Request& request, OutgoingValue value, absl::Duration timeout,
                            Callback callback) {
  SingleCall* const call = single_calls_.Take();
  if (std::string problem = KeyProblem(request.key); !problem.empty()) {
    call->Refuse(std::move(problem), std::move(callback));
  } else {
    call->Start(request, std::move(value), timeout, std::move(callback));
  }
}

void ClusterClient::Get(absl::string_view key, Callback callback) {
  Execute(KeyRequest(Operation::kGet, key), {}, std::move(callback));
}

void ClusterClient::Gets(absl::string_view key, Callback callback) {
  Execute(KeyRequest(Operation::kGets, key), {}, std::move(callback));
}

void ClusterClient::GetAndTouch(absl::string_view key, std::int64_t exptime_s, Callback callback) {
  Execute(TouchRequest(Operation::kGats, key, exptime_s), {}, std::move(callback));
}

void ClusterClient::MultiGet(Operation operation, absl::Span<const absl::string_view> keys,
                             std::int64_t exptime_s, absl::Duration timeout,
                             MultiCallback callback) {
  multi_get_calls_.Take()->Start(operation, keys, exptime_s, timeout, std::move(callback));
}

void ClusterClient::Set(absl::string_view key, OutgoingValue value, StoreOptions options,
                        Callback callback) {
  const Request request = StoreRequest(Operation::kSet, key, value.bytes, options);
  Execute(request, std::move(value), std::move(callback));
}

void ClusterClient::Add(absl::string_view key, OutgoingValue value, StoreOptions options,
                        Callback callback) {
  const Request request = StoreRequest(Operation::kAdd, key, value.bytes, options);
  Execute(request, std::move(value), std::move(callback));
}

void ClusterClient::Replace(absl::string_view key, OutgoingValue value, StoreOptions options,
                            Callback callback) {
  const Request request = StoreRequest(Operation::kReplace, key, value.bytes, options);
  Execute(request, std::move(value), std::move(callback));
}

void ClusterClient::Append(absl::string_view key, OutgoingValue value, Callback callback) {
  const Request request = StoreRequest(Operation::kAppend, key, value.bytes, {});
  Execute(request, std::move(value), std::move(callback));
}

void ClusterClient::Prepend(absl::string_view key, OutgoingValue value, Callback callback) {
  const Request request = StoreRequest(Operation::kPrepend, key, value.bytes, {});
  Execute(request, std::move(value), std::move(callback));
}

void ClusterClient::CompareAndSet(absl::string_view key, OutgoingValue value, std::uint64_t cas,
                                  StoreOptions options, Callback callback) {
  const Request request = StoreRequest(Operation::kCas, key, value.bytes, options, cas);
  Execute(request, std::move(value), std::move(callback));
}

void ClusterClient::Delete(absl::string_view key, Callback callback) {
  Execute(KeyRequest(Operation::kDelete, key), {}, std::move(callback));
}

void ClusterClient::Increment(absl::string_view key, std::uint64_t delta, Callback callback) {
  Execute(ArithmeticRequest(Operation::kIncrement, key, delta), {}, std::move(callback));
}

void ClusterClient::Decrement(absl::string_view key, std::uint64_t delta, Callback callback) {
  Execute(ArithmeticRequest(Operation::kDecrement, key, delta), {}, std::move(callback));
}

void ClusterClient::Touch(absl::string_view key, std::int64_t exptime_s, Callback callback) {
  Execute(TouchRequest(Operation::kTouch, key, exptime_s), {}, std::move(callback));
}

void ClusterClient::FanOut(const Request& request, FanOutCallback callback) {
  fan_out_calls_.Take()->Start(request, options_.timeout, std::move(callback));
}

void ClusterClient::FlushAll(std::int64_t delay_s, FanOutCallback callback) {
  Request request;
  request.operation = Operation::kFlushAll;
  request.exptime_s = delay_s;
  request.has_argument = delay_s != 0;
  FanOut(request, std::move(callback));
}

void ClusterClient::Version(FanOutCallback callback) {
  Request request;
  request.operation = Operation::kVersion;
  FanOut(request, std::move(callback));
}

void ClusterClient::Verbosity(std::uint32_t level, FanOutCallback callback) {
  Request request;
  request.operation = Operation::kVerbosity;
  request.delta = level;
  FanOut(request, std::move(callback));
}

void ClusterClient::Stats(absl::string_view group, FanOutCallback callback) {
  Request request;
  request.operation = Operation::kStats;
  request.arguments = group;
  FanOut(request, std::move(callback));
}

}  // namespace ringcache::client

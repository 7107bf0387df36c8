#include "client/blocking_client.h"

#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/strings/str_cat.h"
#include "client/outgoing_value.h"
#include "client/watcher_factory.h"
#include "net/mutex.h"

namespace ringcache::client {
namespace {

using protocol::Operation;
using protocol::Request;

// Where a thread waits for what another one finds.
template <typename Value>
class Waiter {
 public:
  void Set(Value value) {
    const net::MutexLock lock(&mutex_);
    value_ = std::move(value);
    // Under the lock: the waiter ends as soon as it has it.
    changed_.NotifyOne();
  }
  Value Wait() {
    const net::MutexLock lock(&mutex_);
    while (!value_) changed_.Wait(&mutex_);
    return *std::move(value_);
  }

 private:
  net::Mutex mutex_;
  net::CondVar changed_;
  std::optional<Value> value_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

BlockingClient::BlockingClient(std::unique_ptr<net::EpollEventLoop> loop, absl::Duration timeout)
    : loop_(std::move(loop)), timeout_(timeout) {}

absl::StatusOr<std::unique_ptr<BlockingClient>> BlockingClient::Connect(
    absl::string_view servers, const BlockingOptions& options) {
  auto loop = net::EpollEventLoop::Create();
  if (!loop.ok()) return loop.status();
  if (options.spin < absl::ZeroDuration()) {
    return absl::InvalidArgumentError(
        absl::StrCat("spin is ", absl::FormatDuration(options.spin), "; it is zero or more"));
  }
  (*loop)->set_spin(options.spin);
  std::unique_ptr<BlockingClient> client(
      new BlockingClient(*std::move(loop), options.cluster.timeout));
  if (const absl::Status status = client->Start(servers, options); !status.ok()) return status;
  return client;
}

BlockingClient::~BlockingClient() {
  if (thread_.joinable()) {
    loop_->Stop();
    thread_.join();
  }
  client_.reset();
}

absl::Status BlockingClient::Start(absl::string_view servers, const BlockingOptions& options) {
  auto watcher = MakeWatcher(loop_.get(), servers, options.discovery);
  if (!watcher.ok()) return watcher.status();
  auto client = ClusterClient::Create(loop_.get(), *std::move(watcher), options.cluster);
  if (!client.ok()) return client.status();
  client_ = *std::move(client);

  // Whichever comes first calls the other off, as both use what is on this stack.
  Waiter<absl::Status> ready;
  const net::EventLoop::TimerId timer = loop_->RunAfter(options.wait_for_members, [&] {
    client_->set_on_ready(nullptr);
    ready.Set(NoMembersStatus(servers, options.wait_for_members));
  });
  client_->set_on_ready([&] {
    loop_->CancelTimer(timer);
    ready.Set(absl::OkStatus());
  });
  thread_ = std::thread([this] { loop_->Run(); });
  return ready.Wait();
}

absl::Status BlockingClient::NoMembersStatus(absl::string_view servers,
                                             absl::Duration waited) const {
  const discovery::WatcherStats stats = client_->watcher().stats();
  const absl::string_view problem =
      client_->pool_status().ok() ? stats.last_error : client_->pool_status().message();
  return absl::UnavailableError(absl::StrCat("no members of ", servers, " found within ",
                                             absl::FormatDuration(waited),
                                             problem.empty() ? "" : ": ", problem));
}

template <typename Outcome>
Outcome BlockingClient::Await(
    absl::FunctionRef<void(ClusterClient&, absl::AnyInvocable<void(Outcome)>)> call) {
  Waiter<Outcome> waiter;
  loop_->Post([this, &call, &waiter] {
    call(*client_, [&waiter](Outcome outcome) { waiter.Set(std::move(outcome)); });
    // Nothing else is queued in this wake-up that it could wait for.
    client_->Flush();
  });
  return waiter.Wait();
}

Result BlockingClient::Execute(const Request& request, absl::string_view value,
                               absl::Duration timeout) {
  return Await<Result>([&](ClusterClient& client, ClusterClient::Callback callback) {
    // A long value is copied, as it may still be on its way when the call's time is over.
    client.Execute(request,
                   value.size() > OutgoingValue::kCopyBytes
                       ? OutgoingValue::Owned(std::string(value))
                       : OutgoingValue::Borrowed(value),
                   timeout, std::move(callback));
  });
}

Result BlockingClient::Get(absl::string_view key) {
  return Execute(KeyRequest(Operation::kGet, key), {});
}

Result BlockingClient::Gets(absl::string_view key) {
  return Execute(KeyRequest(Operation::kGets, key), {});
}

Result BlockingClient::GetAndTouch(absl::string_view key, std::int64_t exptime_s) {
  return Execute(TouchRequest(Operation::kGats, key, exptime_s), {});
}

std::vector<Result> BlockingClient::MultiGet(absl::Span<const absl::string_view> keys) {
  return Await<std::vector<Result>>([&](ClusterClient& client, auto callback) {
    client.MultiGet(Operation::kGet, keys, 0, std::move(callback));
  });
}

Result BlockingClient::Set(absl::string_view key, absl::string_view value, StoreOptions options) {
  return Execute(StoreRequest(Operation::kSet, key, value, options), value);
}

Result BlockingClient::Add(absl::string_view key, absl::string_view value, StoreOptions options) {
  return Execute(StoreRequest(Operation::kAdd, key, value, options), value);
}

Result BlockingClient::Replace(absl::string_view key, absl::string_view value,
                               StoreOptions options) {
  return Execute(StoreRequest(Operation::kReplace, key, value, options), value);
}

Result BlockingClient::Append(absl::string_view key, absl::string_view value) {
  return Execute(StoreRequest(Operation::kAppend, key, value, {}), value);
}

Result BlockingClient::Prepend(absl::string_view key, absl::string_view value) {
  return Execute(StoreRequest(Operation::kPrepend, key, value, {}), value);
}

Result BlockingClient::CompareAndSet(absl::string_view key, absl::string_view value,
                                     std::uint64_t cas, StoreOptions options) {
  return Execute(StoreRequest(Operation::kCas, key, value, options, cas), value);
}

Result BlockingClient::Delete(absl::string_view key) {
  return Execute(KeyRequest(Operation::kDelete, key), {});
}

Result BlockingClient::Increment(absl::string_view key, std::uint64_t delta) {
  return Execute(ArithmeticRequest(Operation::kIncrement, key, delta), {});
}

Result BlockingClient::Decrement(absl::string_view key, std::uint64_t delta) {
  return Execute(ArithmeticRequest(Operation::kDecrement, key, delta), {});
}

Result BlockingClient::Touch(absl::string_view key, std::int64_t exptime_s) {
  return Execute(TouchRequest(Operation::kTouch, key, exptime_s), {});
}

std::vector<MemberResult> BlockingClient::FlushAll(std::int64_t delay_s) {
  return Await<std::vector<MemberResult>>(
      [&](ClusterClient& client, auto callback) { client.FlushAll(delay_s, std::move(callback)); });
}

std::vector<MemberResult> BlockingClient::Version() {
  return Await<std::vector<MemberResult>>(
      [](ClusterClient& client, auto callback) { client.Version(std::move(callback)); });
}

std::vector<MemberResult> BlockingClient::Verbosity(std::uint32_t level) {
  return Await<std::vector<MemberResult>>(
      [&](ClusterClient& client, auto callback) { client.Verbosity(level, std::move(callback)); });
}

std::vector<MemberResult> BlockingClient::Stats(absl::string_view group) {
  return Await<std::vector<MemberResult>>(
      [&](ClusterClient& client, auto callback) { client.Stats(group, std::move(callback)); });
}

void BlockingClient::Inspect(absl::FunctionRef<void(const ClusterClient&)> look) {
  Waiter<bool> waiter;
  loop_->Post([&] {
    look(*client_);
    waiter.Set(true);
  });
  waiter.Wait();
}

}  // namespace ringcache::client

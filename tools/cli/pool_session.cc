#include "tools/cli/pool_session.h"

#include <cstddef>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "client/watcher_factory.h"
#include "discovery/watcher.h"

namespace ringcache::cli {
namespace {

using client::CallFailure;
using client::MemberClient;
using client::MemberResult;
using client::Outcome;
using client::Result;

// Discovery asks a name server twice, two seconds each, before it gives up.
constexpr absl::Duration kWaitForMembers = absl::Seconds(10);
// How often it is looked whether discovery has met trouble, which a program need not wait out.
constexpr absl::Duration kLookForTrouble = absl::Milliseconds(10);

bool HasTrouble(const client::ClusterClient& client) {
  const discovery::WatcherStats stats = client.watcher().stats();
  const bool has_failed = stats.errors + stats.not_found + stats.empty > 0;
  return !client.pool_status().ok() || (stats.refreshes == 0 && has_failed);
}

// What a server, or the client in its place, says.
std::string WordsOf(const Result& result) {
  const bool is_bare = result.outcome == Outcome::kRefused && result.text == "ERROR";
  return is_bare ? "the server does not know what it was asked (ERROR)" : Describe(result);
}

// With the address, if the name is not one.
std::string NameAndAddress(const MemberClient& member) {
  const std::string name = member.name();
  if (member.member().port == 0) return name;
  const std::string address = member.member().address.ToString();
  return name == address ? name : absl::StrCat(name, " (", address, ")");
}

}  // namespace

PoolSession::PoolSession(std::unique_ptr<net::EpollEventLoop> loop,
                         const client::ClusterOptions& options)
    : loop_(std::move(loop)), options_(options) {}

absl::StatusOr<std::unique_ptr<PoolSession>> PoolSession::Connect(
    const std::string& servers, const client::ClusterOptions& options) {
  auto loop = net::EpollEventLoop::Create();
  if (!loop.ok()) return loop.status();
  std::unique_ptr<PoolSession> session(new PoolSession(*std::move(loop), options));
  net::EpollEventLoop* const session_loop = session->loop_.get();
  auto watcher = client::MakeWatcher(session_loop, servers, {});
  if (!watcher.ok()) return watcher.status();
  auto client = client::ClusterClient::Create(session_loop, *std::move(watcher), options);
  if (!client.ok()) return client.status();
  session->client_ = *std::move(client);
  if (const absl::Status status = session->WaitForMembers(servers); !status.ok()) return status;
  return session;
}

absl::Status PoolSession::WaitForMembers(const std::string& servers) {
  const absl::Duration deadline = loop_->MonotonicNow() + kWaitForMembers;
  client_->set_on_ready([this] { loop_->Stop(); });
  while (!client_->ready() && !HasTrouble(*client_) && loop_->MonotonicNow() < deadline) {
    Wait(kLookForTrouble);
  }
  client_->set_on_ready(nullptr);
  if (client_->ready()) return absl::OkStatus();
  const std::string last_error = client_->watcher().stats().last_error;
  const absl::string_view problem =
      client_->pool_status().ok() ? last_error : client_->pool_status().message();
  return absl::UnavailableError(
      absl::StrCat("no servers found at ", servers, problem.empty() ? "" : ": ", problem));
}

void PoolSession::Wait(absl::Duration duration) {
  const net::EventLoop::TimerId timer = loop_->RunAfter(duration, [this] { loop_->Stop(); });
  loop_->Run();
  loop_->CancelTimer(timer);
}

std::vector<Result> PoolSession::Execute(absl::Span<const Call> calls) {
  std::vector<Result> results(calls.size());
  std::size_t open = calls.size();
  for (std::size_t i = 0; i < calls.size(); ++i) {
    client_->Execute(calls[i].request, calls[i].value, [&, i](Result result) {
      results[i] = std::move(result);
      if (--open == 0) loop_->Stop();
    });
  }
  while (open > 0) loop_->Run();
  return results;
}

std::vector<Result> PoolSession::MultiGet(protocol::Operation operation,
                                          absl::Span<const absl::string_view> keys) {
  std::optional<std::vector<Result>> results;
  client_->MultiGet(operation, keys, 0, [&](std::vector<Result> found) {
    results = std::move(found);
    loop_->Stop();
  });
  while (!results) loop_->Run();
  return *std::move(results);
}

std::vector<MemberResult> PoolSession::AskAll(
    absl::FunctionRef<void(client::ClusterClient::FanOutCallback)> ask) {
  std::optional<std::vector<MemberResult>> results;
  ask([&](std::vector<MemberResult> found) {
    results = std::move(found);
    loop_->Stop();
  });
  while (!results) loop_->Run();
  return *std::move(results);
}

std::vector<MemberResult> PoolSession::FlushAll(std::int64_t delay_s) {
  return AskAll([&](auto callback) { client_->FlushAll(delay_s, std::move(callback)); });
}

std::vector<MemberResult> PoolSession::Version() {
  return AskAll([&](auto callback) { client_->Version(std::move(callback)); });
}

std::vector<MemberResult> PoolSession::Stats(absl::string_view group) {
  return AskAll([&](auto callback) { client_->Stats(group, std::move(callback)); });
}

std::string PoolSession::Explain(absl::string_view key, const Result& result) const {
  if (result.outcome == Outcome::kInvalid) return result.text;
  const std::string name = absl::CHexEscape(key);
  if (result.outcome != Outcome::kFailed) return absl::StrCat(name, ": ", WordsOf(result));
  const MemberClient* const owner = pool().MemberFor(key, 0);
  if (owner == nullptr) return absl::StrCat(name, ": ", Describe(result));
  const bool asked_others =
      options_.dead_member == client::DeadMemberPolicy::kNextReplica && pool().size() > 1;
  return absl::StrCat(name, ": ", ExplainFailure(*owner, *result.failure),
                      asked_others ? ", nor is there an answer of the next members" : "");
}

std::string PoolSession::ExplainMember(const MemberResult& result) const {
  for (std::size_t i = 0; i < pool().size(); ++i) {
    if (result.result.outcome == Outcome::kFailed && MemberName(i) == result.name) {
      return ExplainFailure(pool().member(i), *result.result.failure);
    }
  }
  return absl::StrCat(result.name, ": ", WordsOf(result.result));
}

std::string PoolSession::MemberName(std::size_t index) const { return pool().member(index).name(); }

std::string PoolSession::ExplainFailure(const MemberClient& member, CallFailure failure) const {
  const std::string name = NameAndAddress(member);
  switch (failure) {
    case CallFailure::kNotConnected:
      return absl::StrCat("cannot connect to ", name, " (is it running?)");
    case CallFailure::kTimedOut:
      return absl::StrCat(name, " did not answer within ", absl::FormatDuration(options_.timeout));
    case CallFailure::kConnectionLost:
      return absl::StrCat(name, " closed the connection");
    case CallFailure::kProtocolError:
      return absl::StrCat(member.stats().last_problem, " (is it a cache server?)");
    case CallFailure::kMemberDown:
      if (member.member().vanished) {
        const std::string problem = client_->watcher().stats().last_error;
        return absl::StrCat(member.name(), " has no address", problem.empty() ? "" : ": ", problem);
      }
      return absl::StrCat(name, " is down: ", member.stats().last_problem);
    case CallFailure::kQueueFull:
    case CallFailure::kNoMembers:
    case CallFailure::kClosed:
      return absl::StrCat(name, ": ", FailureText(failure));
  }
  return name;
}

}  // namespace ringcache::cli

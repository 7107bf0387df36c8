#include "client/member_client.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/endpoint.h"
#include "hashring/member_name.h"
#include "protocol/base64_key.h"

namespace ringcache::client {
absl::Status MemberOptions::Validate() const {
  if (const absl::Status status = connection.Validate(); !status.ok()) return status;
  if (connections < 1 || connections > 64) {
    return absl::InvalidArgumentError(
        absl::StrCat("connections is ", connections, "; a member has 1 to 64"));
  }
  if (timeouts_to_down < 0) {
    return absl::InvalidArgumentError(absl::StrCat("timeouts_to_down is ", timeouts_to_down,
                                                   "; it is a number of timeouts, or 0 for never"));
  }
  if (probe_timeout <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "probe_timeout is ", absl::FormatDuration(probe_timeout), "; it must be above zero"));
  }
  if (first_probe_pause <= absl::ZeroDuration() || max_probe_pause < first_probe_pause) {
    return absl::InvalidArgumentError(
        absl::StrCat("first_probe_pause is ", absl::FormatDuration(first_probe_pause),
                     " and max_probe_pause ", absl::FormatDuration(max_probe_pause),
                     "; the first must be above zero, the other not below it"));
  }
  return absl::OkStatus();
}

MemberClient::MemberClient(ConnectionResources* resources, discovery::Member member,
                           const MemberOptions& options, DownMarks* marks)
    : resources_(resources),
      options_(options),
      marks_(*marks),
      member_(std::move(member)),
      gate_(resources->gates == nullptr ? nullptr : resources->gates->GateOf(name())),
      health_(options.timeouts_to_down),
      retired_(resources->loop),
      uploads_(resources->loop),
      probe_backoff_(options.first_probe_pause, options.max_probe_pause, resources->NextSeed()) {
  OpenConnections();
}

MemberClient::~MemberClient() {
  if (probe_timer_ != 0) resources_->loop->CancelTimer(probe_timer_);
  if (!health_.is_up()) marks_.Remove();
  // A probe that is pending would be told after the members that it uses are gone.
  ++probe_;
  connections_.clear();
  retired_.Clear();
  uploads_.Clear();
}

void MemberClient::Update(const discovery::Member& member) {
  member_ = member;
  // Who has vanished may have no address; its connections stay until it is back.
  if (member.vanished || Endpoint::Of(member) == connections_.front()->endpoint()) return;
  RetireConnections();
  OpenConnections();
  // What was held against it was said of another address.
  if (!health_.is_up()) {
    if (probe_timer_ != 0) resources_->loop->CancelTimer(std::exchange(probe_timer_, 0));
    probe_backoff_.Reset();
    Probe();
  }
}

std::string MemberClient::name() const { return hashring::NameOf({member_.name, member_.port}); }

bool MemberClient::IsUsableFor(const protocol::Request& request) const {
  if (!is_usable()) return false;
  if (takes_lines()) return true;
  char scratch[protocol::kMaxKeyBytes];
  return !gate_->Bars(protocol::KeyBytes(request, scratch));
}

void MemberClient::OpenConnections() {
  ServerConnection::Observer* const observer = this;
  for (std::size_t i = 0; i < options_.connections; ++i) {
    connections_.push_back(std::make_unique<ServerConnection>(resources_, Endpoint::Of(member_),
                                                              options_.connection, observer));
  }
}

void MemberClient::RetireConnections() {
  for (std::unique_ptr<ServerConnection>& connection : connections_) {
    connection->StopObserving();
    retired_.Add(std::move(connection));
  }
  connections_.clear();
}

ServerConnection* MemberClient::NextConnection() {
  if (++next_connection_ >= connections_.size()) next_connection_ = 0;
  return connections_[next_connection_].get();
}

std::optional<CallFailure> MemberClient::Call(const protocol::Request& request,
                                              const OutgoingValue& value, absl::Duration timeout,
                                              ReplyReceiver* receiver, std::uint64_t tag,
                                              RequestPlace* place) {
  if (!IsUsableFor(request)) return Note(CallFailure::kMemberDown);
  return Note(NextConnection()->Call(request, value, timeout, receiver, tag, place));
}

std::optional<CallFailure> MemberClient::CallLine(protocol::Operation operation,
                                                  std::size_t max_bytes,
                                                  absl::FunctionRef<char*(char*)> write,
                                                  absl::Duration timeout, ReplyReceiver* receiver,
                                                  std::uint64_t tag, RequestPlace* place) {
  if (!is_usable() || !takes_lines()) return Note(CallFailure::kMemberDown);
  return Note(
      NextConnection()->CallLine(operation, max_bytes, write, timeout, receiver, tag, place));
}

std::optional<CallFailure> MemberClient::BeginUpload(const protocol::Request& request,
                                                     const UploadTimes& times,
                                                     ValueUpload::Receiver* receiver,
                                                     ValueUpload** upload) {
  if (resources_->closing) return Note(CallFailure::kClosed);
  if (!IsUsableFor(request)) return Note(CallFailure::kMemberDown);
  if (uploads_.pending_calls() >= options_.max_uploads) return Note(CallFailure::kQueueFull);
  ServerConnection::Observer* const observer = this;
  auto begun = std::make_unique<ValueUpload>(resources_, times, receiver, observer);
  const auto failure = begun->Start(connections_.front()->endpoint().address, request);
  if (failure) return Note(failure);
  *upload = begun.get();
  uploads_.Add(std::move(begun));
  return Note(std::nullopt);
}

// A call was tried, with this outcome.
std::optional<CallFailure> MemberClient::Note(std::optional<CallFailure> failure) {
  ++stats_.calls;
  if (failure) ++stats_.refused_calls;
  // Without a route, or no descriptors left: as good as refused.
  if (failure == CallFailure::kNotConnected && health_.OnLost(*failure)) GoDown();
  return failure;
}

void MemberClient::OnLost(CallFailure failure, absl::string_view problem) {
  ++stats_.lost_connections;
  // That this client closed what was left when the member went down is not why it did.
  if (health_.is_up() || failure != CallFailure::kConnectionLost) {
    stats_.last_problem = std::string(problem);
  }
  if (health_.OnLost(failure)) GoDown();
}

void MemberClient::OnTimeout() {
  ++stats_.timeouts;
  stats_.last_problem = absl::StrCat(member_.address.ToString(), " timed out");
  if (health_.OnTimeout()) GoDown();
}

void MemberClient::OnReplied(protocol::Operation operation, std::int64_t took_ns) {
  health_.OnReplied();
  // Probes ask for the version, and a sign of life tells nothing of requests.
  if (took_ns == kNotTimed || operation == protocol::Operation::kVersion) return;
  if (latencies_ == nullptr) latencies_ = std::make_shared<metrics::LatencyHistogram>();
  latencies_->Record(static_cast<std::uint64_t>(took_ns));
}

void MemberClient::GoDown() {
  marks_.Add();
  for (const auto& connection : connections_) connection->Close(CallFailure::kConnectionLost);
  probe_backoff_.Reset();
  ProbeLater();
}

void MemberClient::ProbeLater() {
  if (probe_timer_ != 0) return;
  probe_timer_ = resources_->loop->RunAfter(probe_backoff_.Next(), [this] {
    probe_timer_ = 0;
    Probe();
  });
}

void MemberClient::Probe() {
  protocol::Request version;
  version.operation = protocol::Operation::kVersion;
  connections_.front()->EndBackoff();
  if (connections_.front()->Call(version, {}, options_.probe_timeout, this, ++probe_)) ProbeLater();
}

void MemberClient::OnReply(std::uint64_t tag, const protocol::Reply& reply, const ReceivedValue&,
                           bool last) {
  if (!last || tag != probe_) return;
  if (reply.kind != protocol::ReplyKind::kVersion) return ProbeLater();
  if (health_.OnProbeAnswered()) marks_.Remove();
  for (const auto& connection : connections_) connection->EndBackoff();
}

void MemberClient::OnFailure(std::uint64_t tag, CallFailure) {
  if (tag != probe_) return;
  // A server that is stuck would keep the probe's place for ever.
  connections_.front()->Close(CallFailure::kTimedOut);
  ProbeLater();
}

void MemberClient::Close() {
  for (const auto& connection : connections_) connection->Close(CallFailure::kClosed);
  uploads_.ForEach([](ValueUpload* upload) { upload->Fail(CallFailure::kClosed); });
}

std::size_t MemberClient::pending_calls() const {
  std::size_t calls = retired_.pending_calls() + uploads_.pending_calls();
  for (const auto& connection : connections_) calls += connection->pending_calls();
  return calls;
}

MemberStats MemberClient::stats() const {
  MemberStats stats = stats_;
  stats.times_down = health_.times_down();
  stats.pending_calls = pending_calls();
  for (const auto& connection : connections_) stats.queued_bytes += connection->queued_bytes();
  stats.up = health_.is_up();
  return stats;
}

}  // namespace ringcache::client

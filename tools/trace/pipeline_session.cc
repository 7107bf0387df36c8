#include "tools/trace/pipeline_session.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "net/connector.h"
#include "net/socket_connection.h"
#include "protocol/reply_parser.h"
#include "protocol/request.h"
#include "protocol/request_writer.h"

namespace ringcache::trace {
namespace {

void AppendLine(const protocol::Request& request, std::string* output) {
  const std::size_t size = output->size();
  output->resize(size + protocol::MaxRequestBytes(request));
  char* const begin = &(*output)[size];
  output->resize(size + static_cast<std::size_t>(protocol::WriteRequest(begin, request) - begin));
}

}  // namespace

absl::StatusOr<std::unique_ptr<PipelineSession>> PipelineSession::Connect(
    const net::SocketAddress& address) {
  auto loop = net::EpollEventLoop::Create();
  if (!loop.ok()) return loop.status();
  auto socket = net::StartConnecting(address);
  if (!socket.ok()) return socket.status();
  std::unique_ptr<PipelineSession> session(new PipelineSession(*std::move(loop)));
  session->connection_ = std::make_unique<net::SocketConnection>(&session->context_,
                                                                 *std::move(socket), session.get());
  return session;
}

PipelineSession::PipelineSession(std::unique_ptr<net::EpollEventLoop> loop)
    : loop_(std::move(loop)), context_(loop_.get()), received_(kReceiveBytes) {}

PipelineSession::~PipelineSession() = default;

void PipelineSession::Get(absl::string_view key) {
  protocol::Request request;
  request.operation = protocol::Operation::kGet;
  request.key = key;
  AppendLine(request, &output_);
  Expect(request.operation);
}

void PipelineSession::Store(protocol::Operation operation, absl::string_view key,
                            std::uint32_t ttl_s, absl::string_view value) {
  protocol::Request request;
  request.operation = operation;
  request.key = key;
  request.exptime_s = ttl_s;
  request.value_bytes = static_cast<std::uint32_t>(value.size());
  AppendLine(request, &output_);
  absl::StrAppend(&output_, value, "\r\n");
  Expect(operation);
}

void PipelineSession::Delete(absl::string_view key) {
  protocol::Request request;
  request.operation = protocol::Operation::kDelete;
  request.key = key;
  AppendLine(request, &output_);
  Expect(request.operation);
}

void PipelineSession::Command(protocol::Operation operation) {
  protocol::Request request;
  request.operation = operation;
  AppendLine(request, &output_);
  Expect(operation);
}

absl::Status PipelineSession::Exchange() {
  answers_.clear();
  stats_.clear();
  text_.clear();
  if (expected_.empty()) return absl::OkStatus();
  if (connection_ != nullptr) {
    // What is not taken at once stays where it is until the answers are complete, and thus sent.
    connection_->Send(output_.data(), output_.size());
    WatchForStall();
    loop_->Run();
    loop_->CancelTimer(stall_timer_);
  }
  output_.clear();
  const bool complete = answers_.size() == expected_.size();
  expected_.clear();
  if (complete) return absl::OkStatus();
  return absl::UnavailableError(problem_);
}

void PipelineSession::WatchForStall() {
  stall_timer_ = loop_->RunAfter(absl::Seconds(kStallSeconds), [this, received = received_total_] {
    if (received != received_total_) return WatchForStall();
    problem_ = absl::StrCat("the server sent nothing for ", kStallSeconds, " seconds");
    loop_->Stop();
  });
}

absl::Span<char> PipelineSession::LendReceiveBuffer() {
  if (received_begin_ > 0) {
    std::memmove(received_.data(), received_.data() + received_begin_,
                 received_end_ - received_begin_);
    received_end_ -= received_begin_;
    received_begin_ = 0;
  }
  // Never empty: what stays behind is at most an incomplete line.
  return absl::MakeSpan(received_).subspan(received_end_);
}

net::Progress PipelineSession::OnReceived(std::size_t bytes) {
  received_end_ += bytes;
  received_total_ += bytes;
  if (!ConsumeReplies()) {
    problem_ =
        absl::StrCat("the server's answer is no reply of the memcached protocol: '",
                     absl::string_view(received_.data() + received_begin_,
                                       std::min<std::size_t>(received_end_ - received_begin_, 60)),
                     "'");
    return net::Progress::kAbort;
  }
  if (answers_.size() == expected_.size()) loop_->Stop();
  return net::Progress::kContinue;
}

void PipelineSession::OnClosed(net::CloseReason reason) {
  if (problem_.empty()) {
    problem_ = reason == net::CloseReason::kPeerError ? "the server refused or reset the connection"
                                                      : "the server closed the connection";
  }
  connection_.reset();
  loop_->Stop();
}

bool PipelineSession::ConsumeReplies() {
  for (;;) {
    const std::size_t available = received_end_ - received_begin_;
    const std::size_t skipped =
        static_cast<std::size_t>(std::min<std::uint64_t>(skip_bytes_, available));
    skip_bytes_ -= skipped;
    received_begin_ += skipped;
    if (received_begin_ == received_end_) return true;
    if (answers_.size() == expected_.size()) return false;
    const absl::string_view input(received_.data() + received_begin_,
                                  received_end_ - received_begin_);
    protocol::Reply reply;
    const protocol::Operation operation = expected_[answers_.size()];
    const protocol::ReplyResult result = protocol::ParseReply(input, operation, &reply);
    if (result.status == protocol::ReplyStatus::kNeedMore) return true;
    if (result.status == protocol::ReplyStatus::kInvalid) return false;
    received_begin_ += result.consumed;
    NoteReply(reply);
    if (protocol::EndsReplies(operation, reply.kind)) {
      answer_.kind = reply.kind;
      answers_.push_back(answer_);
      answer_ = PipelineAnswer();
    }
  }
}

void PipelineSession::NoteReply(const protocol::Reply& reply) {
  if (protocol::HasValue(reply.kind)) {
    answer_.hit = true;
    skip_bytes_ = std::uint64_t{reply.value_bytes} + 2;
  } else if (reply.kind == protocol::ReplyKind::kStat) {
    stats_.emplace_back(std::string(reply.key), std::string(reply.text));
  } else if (reply.kind == protocol::ReplyKind::kVersion) {
    text_ = std::string(reply.text);
  } else if (protocol::IsError(reply.kind)) {
    answer_.out_of_memory = absl::StrContains(reply.text, "out of memory");
    answer_.too_large = absl::StrContains(reply.text, "too large");
    if (text_.empty()) text_ = std::string(reply.text);
  }
}

}  // namespace ringcache::trace

#include "tools/sweep/key_dump.h"

#include <cstring>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "net/connection.h"
#include "net/connection_context.h"
#include "net/connector.h"
#include "net/descriptor.h"
#include "net/socket_connection.h"
#include "protocol/request.h"
#include "tools/sweep/metadump_line.h"

namespace ringcache::sweep {
namespace {

constexpr absl::string_view kQuestion = "lru_crawler metadump all\r\n";
constexpr std::size_t kBufferBytes = 64 * 1024;
static_assert(kBufferBytes > kMaxDumpLineBytes);
// Of what is no reply, this much is quoted.
constexpr std::size_t kQuotedBytes = 60;

class DumpSession final : private net::Session {
 public:
  DumpSession(net::EventLoop* loop, absl::Duration patience,
              absl::FunctionRef<void(absl::string_view)> on_key)
      : loop_(loop), patience_(patience), on_key_(on_key), context_(loop), buffer_(kBufferBytes) {}
  ~DumpSession() override { loop_->CancelTimer(timer_); }

  absl::Status Run(const net::SocketAddress& address) {
    absl::StatusOr<net::Descriptor> socket = net::StartConnecting(address);
    if (!socket.ok()) return absl::UnavailableError(socket.status().message());
    net::Session* const session = this;
    connection_ = std::make_unique<net::SocketConnection>(&context_, *std::move(socket), session);
    connection_->Send(kQuestion.data(), kQuestion.size());
    WatchForSilence();
    while (!outcome_) loop_->Run();
    return *outcome_;
  }

 private:
  absl::Span<char> LendReceiveBuffer() override { return absl::MakeSpan(buffer_).subspan(held_); }

  net::Progress OnReceived(std::size_t bytes) override {
    heard_ = answered_ = true;
    held_ += bytes;
    absl::string_view left(buffer_.data(), held_);
    while (!outcome_) {
      const std::size_t end = left.find('\n');
      if (end == left.npos) break;
      ReadLine(absl::StripSuffix(left.substr(0, end), "\r"));
      left.remove_prefix(end + 1);
    }
    if (!outcome_ && left.size() > kMaxDumpLineBytes) Refuse(left);
    if (outcome_) return net::Progress::kAbort;
    held_ = left.size();
    std::memmove(buffer_.data(), left.data(), held_);
    return net::Progress::kContinue;
  }

  net::Progress OnSent() override { return net::Progress::kContinue; }

  void OnClosed(net::CloseReason) override {
    if (outcome_) return;
    End(absl::UnavailableError(answered_
                                   ? "it closed the connection before it had told all its keys"
                                   : "cannot connect (is it running?)"));
  }

  void ReadLine(absl::string_view line) {
    char scratch[protocol::kMaxKeyBytes];
    if (const absl::string_view key = KeyOfMetadumpLine(line, scratch); !key.empty()) {
      return on_key_(key);
    }
    // The first is what newer servers begin with.
    if (line == "OK") return;
    if (line == "END" || absl::StartsWith(line, "NOTSTARTED")) return End(absl::OkStatus());
    if (absl::StartsWith(line, "BUSY")) return End(absl::AbortedError(line));
    Refuse(line);
  }

  void Refuse(absl::string_view line) {
    End(absl::FailedPreconditionError(absl::StrCat("it does not tell its keys, but answers \"",
                                                   absl::CHexEscape(line.substr(0, kQuotedBytes)),
                                                   "\"")));
  }

  void End(absl::Status outcome) {
    outcome_ = std::move(outcome);
    loop_->Stop();
  }

  void WatchForSilence() {
    heard_ = false;
    timer_ = loop_->RunAfter(patience_, [this] {
      if (outcome_) return;
      if (heard_) return WatchForSilence();
      End(absl::UnavailableError(
          absl::StrCat(answered_ ? "it fell silent for " : "it did not answer within ",
                       absl::FormatDuration(patience_), answered_ ? " amid its keys" : "")));
    });
  }

  net::EventLoop* const loop_;
  const absl::Duration patience_;
  const absl::FunctionRef<void(absl::string_view)> on_key_;
  net::ConnectionContext context_;
  std::vector<char> buffer_;
  std::size_t held_ = 0;  // bytes at its start that are no line yet
  bool heard_ = false;    // since the timer was set
  bool answered_ = false;
  net::EventLoop::TimerId timer_ = 0;
  std::optional<absl::Status> outcome_;
  std::unique_ptr<net::SocketConnection> connection_;
};

}  // namespace

absl::Status DumpKeys(net::EventLoop* loop, const net::SocketAddress& address,
                      absl::Duration patience, absl::FunctionRef<void(absl::string_view)> on_key) {
  return DumpSession(loop, patience, on_key).Run(address);
}

}  // namespace ringcache::sweep

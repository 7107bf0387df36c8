#include "client/simulation/simulated_backend.h"

#include <algorithm>
#include <array>
#include <deque>
#include <utility>

#include "absl/types/span.h"
#include "net/connection.h"
#include "net/event_loop.h"
#include "net/simulated_connection.h"
#include "protocol/parse_result.h"
#include "protocol/request_parser.h"
#include "protocol/standard_reply.h"

namespace ringcache::client {

// One client's requests, and the replies that it is owed.
class SimulatedBackend::Conversation final : public net::Session {
 public:
  Conversation(SimulatedBackend* backend, net::SimulatedSocket socket, std::size_t number)
      : backend_(*backend), number_(number) {
    connection_ =
        std::make_unique<net::SimulatedConnection>(&backend->context_, std::move(socket), this);
  }
  ~Conversation() override { CancelTimer(); }

  bool open() const { return connection_ != nullptr; }
  void Reset() {
    if (open()) connection_->Reset();
  }
  void ResumeReading() {
    if (open()) connection_->ResumeReceiving();
  }

  absl::Span<char> LendReceiveBuffer() override { return absl::MakeSpan(buffer_); }
  net::Progress OnReceived(std::size_t bytes) override {
    received_.append(buffer_.data(), bytes);
    // What came with the first word of the pause is read after it.
    if (!backend_.reading_) return net::Progress::kPause;
    while (!quits_ && Step()) {
    }
    if (!quits_) return net::Progress::kContinue;
    return owed_.empty() && sending_.empty() ? net::Progress::kClose : net::Progress::kPause;
  }
  net::Progress OnSent() override {
    sending_.clear();
    SendDue();
    return net::Progress::kContinue;
  }
  void OnClosed(net::CloseReason) override {
    CancelTimer();
    connection_.reset();
  }

 private:
  struct Owed {
    absl::Duration due;
    std::string text;
  };

  // Takes a request; false if none is complete.
  bool Step() {
    protocol::Request request;
    const protocol::ParseResult result = protocol::ParseRequest(received_, &request);
    switch (result.status) {
      case protocol::ParseStatus::kNeedMore:
        return false;
      case protocol::ParseStatus::kClose:
        quits_ = true;
        return false;
      case protocol::ParseStatus::kInvalid:
        if (received_.size() < result.consumed + result.discard_bytes) return false;
        Note(result.consumed, "");
        if (!result.quiet) Owe(std::string(protocol::ErrorText(result.error)), backend_.latency_);
        received_.erase(0, result.consumed + result.discard_bytes);
        return true;
      case protocol::ParseStatus::kOk:
        return Take(request, result.consumed);
    }
    return false;
  }

  bool Take(const protocol::Request& request, std::size_t line_bytes) {
    absl::string_view value;
    std::size_t bytes = line_bytes;
    bool well_formed = true;
    if (protocol::HasDataBlock(request.operation)) {
      bytes += request.value_bytes + 2;
      if (received_.size() < bytes) return false;
      value = absl::string_view(received_).substr(line_bytes, request.value_bytes);
      well_formed = absl::string_view(received_).substr(bytes - 2, 2) == "\r\n";
    }
    Note(line_bytes, value);
    const absl::Duration latency = backend_.LatencyOf(request.operation);
    if (request.operation == protocol::Operation::kQuit) {
      quits_ = true;
    } else if (!well_formed) {
      Owe(std::string(protocol::ReplyText(protocol::StandardReply::kBadDataChunk)), latency);
    } else if (std::optional<std::string> reply = backend_.Answer(request, value)) {
      Owe(*std::move(reply), latency);
    }
    received_.erase(0, bytes);
    return !quits_;
  }

  void Note(std::size_t line_bytes, absl::string_view value) {
    absl::string_view line = absl::string_view(received_).substr(0, line_bytes);
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
    backend_.seen_.push_back(
        {backend_.loop_.MonotonicNow(), number_, std::string(line), std::string(value)});
  }

  // What is said at once is sent at the end of the wake-up: all of it together.
  void Owe(std::string text, absl::Duration latency) {
    if (text.empty()) return;
    absl::Duration due = backend_.loop_.MonotonicNow() + latency;
    if (!owed_.empty()) due = std::max(due, owed_.back().due);
    owed_.push_back({due, std::move(text)});
    AwaitDue();
  }

  void AwaitDue() {
    if (timer_ != 0 || owed_.empty()) return;
    timer_ = backend_.loop_.RunAfter(owed_.front().due - backend_.loop_.MonotonicNow(), [this] {
      timer_ = 0;
      SendDue();
    });
  }

  void SendDue() {
    if (!open() || !sending_.empty()) return;  // OnSent goes on
    while (!owed_.empty() && owed_.front().due <= backend_.loop_.MonotonicNow()) {
      sending_ += owed_.front().text;
      owed_.pop_front();
    }
    AwaitDue();
    std::optional<std::size_t>& left = backend_.drop_after_bytes_;
    const bool drops = left && sending_.size() >= *left;
    if (drops) sending_.resize(*left);
    if (left && !drops) *left -= sending_.size();
    if (!sending_.empty() && connection_->Send(sending_.data(), sending_.size())) sending_.clear();
    if (quits_ && owed_.empty()) connection_->Drain();
    if (!drops) return;
    left.reset();
    owed_.clear();
    connection_->Close(net::CloseReason::kLocal);
  }

  void CancelTimer() {
    if (timer_ != 0) backend_.loop_.CancelTimer(std::exchange(timer_, 0));
  }

  SimulatedBackend& backend_;
  const std::size_t number_;
  std::array<char, 16 * 1024> buffer_;
  std::string received_;
  std::deque<Owed> owed_;
  std::string sending_;  // in the connection's hands while not empty
  bool quits_ = false;
  net::EventLoop::TimerId timer_ = 0;
  std::unique_ptr<net::SimulatedConnection> connection_;
};

SimulatedBackend::SimulatedBackend(net::SimulatedLoop* loop, net::SimulatedNetwork* network,
                                   const net::SocketAddress& address)
    : loop_(*loop), network_(*network), context_(loop), address_(address) {
  Listen();
}

SimulatedBackend::~SimulatedBackend() { network_.StopListening(address_); }

void SimulatedBackend::Listen() {
  network_.Listen(address_, [this](net::SimulatedSocket socket) {
    conversations_.push_back(
        std::make_unique<Conversation>(this, std::move(socket), conversations_.size()));
  });
}

void SimulatedBackend::AnswerNext(std::size_t count, absl::string_view text) {
  scripted_answers_ = count;
  scripted_text_ = std::string(text);
}

void SimulatedBackend::StopReading() { reading_ = false; }

void SimulatedBackend::ResumeReading() {
  reading_ = true;
  for (const auto& conversation : conversations_) conversation->ResumeReading();
}

void SimulatedBackend::Die() {
  network_.StopListening(address_);
  for (const auto& conversation : conversations_) conversation->Reset();
  cache_.Clear();
}

void SimulatedBackend::ComeBack() { Listen(); }

void SimulatedBackend::ComeBackAt(const net::SocketAddress& address) {
  address_ = address;
  Listen();
}

std::vector<std::string> SimulatedBackend::seen_lines() const {
  std::vector<std::string> lines;
  for (const Seen& seen : seen_) lines.push_back(seen.line);
  return lines;
}

std::size_t SimulatedBackend::open_connections() const {
  return static_cast<std::size_t>(
      std::count_if(conversations_.begin(), conversations_.end(),
                    [](const auto& conversation) { return conversation->open(); }));
}

std::optional<std::string> SimulatedBackend::Answer(const protocol::Request& request,
                                                    absl::string_view value) {
  if (silent_) return std::nullopt;
  if (scripted_answers_ > 0) {
    --scripted_answers_;
    return scripted_text_;
  }
  return cache_.Execute(request, value, loop_.WallNow());
}

absl::Duration SimulatedBackend::LatencyOf(protocol::Operation operation) const {
  const auto found = latencies_.find(operation);
  return found == latencies_.end() ? latency_ : found->second;
}

}  // namespace ringcache::client

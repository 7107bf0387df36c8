// A client's connection that sends a batch of requests at once and waits for all replies. Replies
// are read while requests are still being sent, so that neither end waits for the other.
//
// Thread safety: belongs to one thread, whose loop it runs.

#ifndef RINGCACHE_TOOLS_TRACE_PIPELINE_SESSION_H_
#define RINGCACHE_TOOLS_TRACE_PIPELINE_SESSION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "net/connection.h"
#include "net/connection_context.h"
#include "net/epoll_event_loop.h"
#include "net/event_loop.h"
#include "net/socket_address.h"
#include "protocol/operation.h"
#include "protocol/reply.h"

namespace ringcache::trace {

// What answered one request.
struct PipelineAnswer {
  protocol::ReplyKind kind = protocol::ReplyKind::kError;  // of the last line
  bool hit = false;                                        // a value came
  bool out_of_memory = false;
  bool too_large = false;
};

class PipelineSession final : public net::Session {
 public:
  // Waiting longer for the next bytes ends the run.
  static constexpr int kStallSeconds = 30;
  // More than the longest line of a reply.
  static constexpr std::size_t kReceiveBytes = 256 * 1024;

  static absl::StatusOr<std::unique_ptr<PipelineSession>> Connect(
      const net::SocketAddress& address);
  ~PipelineSession() override;

  // Queue requests of the classic protocol, copying key and value. REQUIRES: the key is valid.
  void Get(absl::string_view key);
  void Store(protocol::Operation operation, absl::string_view key, std::uint32_t ttl_s,
             absl::string_view value);
  void Delete(absl::string_view key);
  void Command(protocol::Operation operation);  // stats, version or flush_all without arguments

  std::size_t queued_bytes() const { return output_.size(); }

  // Sends what is queued and waits for the answers, one each in order; they stay until the next
  // call. After an error the session is of no use.
  absl::Status Exchange();
  const std::vector<PipelineAnswer>& answers() const { return answers_; }
  // Of the stats in the last exchange.
  const std::vector<std::pair<std::string, std::string>>& stats() const { return stats_; }
  // Of the version in the last exchange, or of its first error.
  const std::string& text() const { return text_; }

  absl::Span<char> LendReceiveBuffer() override;
  net::Progress OnReceived(std::size_t bytes) override;
  net::Progress OnSent() override { return net::Progress::kContinue; }
  void OnClosed(net::CloseReason reason) override;

 private:
  explicit PipelineSession(std::unique_ptr<net::EpollEventLoop> loop);
  void Expect(protocol::Operation operation) { expected_.push_back(operation); }
  // False if the bytes are no reply.
  bool ConsumeReplies();
  void NoteReply(const protocol::Reply& reply);
  void WatchForStall();

  std::unique_ptr<net::EpollEventLoop> loop_;
  net::ConnectionContext context_;
  std::unique_ptr<net::Connection> connection_;
  std::string output_;
  std::vector<protocol::Operation> expected_;
  std::vector<PipelineAnswer> answers_;
  PipelineAnswer answer_;  // of the request whose replies are being read
  std::vector<std::pair<std::string, std::string>> stats_;
  std::string text_;
  std::string problem_;
  std::vector<char> received_;
  std::size_t received_begin_ = 0;
  std::size_t received_end_ = 0;
  std::uint64_t skip_bytes_ = 0;  // of a value's bytes, still to come
  std::uint64_t received_total_ = 0;
  net::EventLoop::TimerId stall_timer_ = 0;
};

}  // namespace ringcache::trace

#endif  // RINGCACHE_TOOLS_TRACE_PIPELINE_SESSION_H_

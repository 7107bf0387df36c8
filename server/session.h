// One client's conversation: bytes in, bytes out. It owns no socket.
//
// A wake-up runs batches until the input is used up: all complete requests are parsed, their keys
// hashed and prefetched, then each is executed and its reply appended to one buffer, which is sent
// at the end. Memory per session is bounded:
//
//   input     one buffer of 64 KiB while running or held up by an unread reply; else what was
//   received
//             of an incomplete request (a line, or a line and at most kBufferedValueBytes of value)
//   value     a larger value is received into the item it becomes, for which memory is taken as it
//             comes
//   replies   ReplyBuffer's bounds; when the peer does not take them, nothing more is executed or
//             received until it does
//
// Thread safety: belongs to its worker's thread.

#ifndef RINGCACHE_SERVER_SESSION_H_
#define RINGCACHE_SERVER_SESSION_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "net/connection.h"
#include "net/input_buffer.h"
#include "protocol/operation.h"
#include "protocol/request_parser.h"
#include "server/reply_buffer.h"
#include "server/request_batch.h"
#include "server/watch_stream.h"
#include "server/worker_context.h"
#include "storage/item_access.h"

namespace ringcache::server {

class Session;

// Told when a session's connection is gone; may delete the session.
class SessionOwner {
 public:
  virtual ~SessionOwner() = default;
  virtual void OnSessionClosed(Session* session, net::CloseReason reason) = 0;
};

class Session final : public net::Session {
 public:
  // Values up to this are received into the input buffer and copied, larger ones into their item.
  static constexpr std::size_t kBufferedValueBytes = 4096;
  // The item's memory itself is lent to the transport while at least this much of the value is
  // missing; less is copied, together with what follows it, to save a system call.
  static constexpr std::size_t kDirectReceiveBytes = 16 * 1024;

  ~Session() override;
  // All outlive the session.
  Session(WorkerContext* worker, SessionOwner* owner)
      : worker_(*worker), owner_(*owner), input_(&worker->buffers) {}

  // Before the first callback. The connection outlives the session's last callback.
  // `id` names it in the log.
  void Attach(net::Connection* connection, int id = 0) {
    connection_ = connection;
    id_ = id;
  }

  // Answers what was received, then closes. On the worker's thread, outside the session's
  // callbacks.
  void Drain();

  // Counts as a sign of life. Monotonic, so that setting the wall clock makes nobody idle. Of the
  // wake-up's time, which is known anyway.
  void Touch() {
    last_active_.store(
        static_cast<std::uint32_t>(worker_.loop.MonotonicNowNs() / kNanosecondsPerSecond),
        std::memory_order_relaxed);
  }
  // From any thread: seconds since the last sign of life, and whether the peer leaves replies
  // untaken.
  std::int32_t idle_s() const {
    const auto now = static_cast<std::uint32_t>(worker_.loop.MonotonicSeconds());
    // Negative for one that woke up meanwhile.
    const auto idle = static_cast<std::int32_t>(now - last_active_.load(std::memory_order_relaxed));
    return std::max(idle, 0);
  }
  bool blocked() const { return blocked_.load(std::memory_order_relaxed); }
  int id() const { return id_; }
  // It was told `watch`: what it sends is ignored, and it may be silent for ever.
  bool watching() const { return watch_ != nullptr; }

  absl::Span<char> LendReceiveBuffer() override;
  net::Progress OnReceived(std::size_t bytes) override;
  net::Progress OnSent() override;
  net::Progress OnPeerEnded() override;
  void OnClosed(net::CloseReason reason) override { owner_.OnSessionClosed(this, reason); }

 private:
  static constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

  // What a step of Run found.
  enum class Step : std::uint8_t { kAgain, kNeedInput, kRepliesFull, kClose };

  // A value on its way into its item.
  struct LargeValue {
    std::string line;  // parsed again when the value is complete
    storage::PendingItem pending;
    std::size_t received = 0;
  };

  // The rest of a retrieval line some of whose keys were answered; begins at the unread input.
  struct RestOfRetrieval {
    protocol::Operation operation = protocol::Operation::kGet;
    std::uint32_t keys_bytes = 0;  // 0: none
    std::uint32_t line_bytes = 0;  // with the newline
    std::int64_t exptime_s = 0;
  };

  // A request that ends a batch because it is not a plain command.
  enum class Special : std::uint8_t {
    kNone,        // the batch is full
    kIncomplete,  // more input is needed
    kInvalid,
    kUnfinishedValue,
    kBadDataBlock,
    kDenied,
    kWatch,
    kDump,
    kQuit,   // executed, and closes the connection
    kClose,  // closes the connection without a reply
  };
  struct Collected {
    Special special = Special::kNone;
    bool cut_line_ends = false;   // the batch has the last keys of the part of a cut line
    std::size_t bytes = 0;        // of the commands in the batch
    protocol::ParseResult parse;  // of the request that ended it
  };

  net::Progress Run();
  Step RunBatch();
  Collected Collect(std::size_t max_commands);
  Special CollectCommand(const RequestBatch::Line& line, const char* begin, const char* end,
                         const char** at);
  void CollectKeys(const RequestBatch::Line& line, absl::string_view keys, const char* begin,
                   std::size_t max_commands, const char** at);
  // The keys of the line from `key` on are for the next batch.
  void RememberRest(const RequestBatch::Line& line, const char* key);
  // For a retrieval line that fills the buffer: ends it behind its last complete key, so that the
  // part is executed. False if the line is none.
  bool CutRetrieval();
  // False if the replies are full; what was not executed is unread again.
  bool ExecuteBatch(std::size_t* bytes);
  Step HandleSpecial(const Collected& collected);
  void BeginWatching(const protocol::Request& request);
  void BeginDump(const protocol::Request& request);
  Step ContinueDump();
  // For watchers of raw commands; `line` ends with its newline.
  void NoteRawCommand(absl::string_view line);
  void BeginLargeValue(const protocol::Request& request, std::size_t line_bytes);
  Step ContinueLargeValue();
  // False: there is no memory for the value.
  bool ReceiveValue();
  Step EndLargeValue();
  // What the line of a large value said; valid until the next batch.
  const protocol::Request& ParseAgain(absl::string_view line);
  // A command without a value. Its key may lie in `scratch`.
  Command CommandOf(const protocol::Request& request,
                    char (&scratch)[protocol::kMaxKeyBytes]) const;
  Step Discard();
  bool Grants(const protocol::Request& request);
  // For its latency. Of a retrieval once, with its last key; streams (watch, dumps) have none.
  void CountExecuted(const protocol::Request& request) {
    worker_.executor.stats().latencies().Count(request.operation);
  }
  void AppendUnlessQuiet(const protocol::Request& request, protocol::StandardReply answer);
  // True if the peer took everything.
  bool Flush();
  // Flush, after which the requests that were executed are done.
  bool FlushAndTime();
  // The same for one buffer of replies; nothing remains to be sent of it when it took all.
  bool SendAll(ReplyBuffer* reply);

  WorkerContext& worker_;
  SessionOwner& owner_;
  net::Connection* connection_ = nullptr;
  net::InputBuffer input_;
  std::unique_ptr<LargeValue> value_;
  // Replies that the peer has not taken yet.
  std::unique_ptr<ReplyBuffer> sending_;
  std::uint64_t discard_ = 0;  // bytes of a data block that is not wanted
  // Shared with no one: tasks that wake it hold it weakly.
  std::shared_ptr<WatchStream> watch_;
  RestOfRetrieval rest_;
  // Of a retrieval line that was cut: what precedes its keys, to be put before those that are to
  // come, for which its END waits. Null: none.
  std::unique_ptr<std::string> cut_head_;
  int id_ = 0;
  std::uint32_t budget_ = 0;  // commands left of this wake-up
  // Relaxed atomics: `stats conns` looks at them from other threads. Seconds, which wrap around.
  std::atomic<std::uint32_t> last_active_{0};
  std::atomic<bool> blocked_{false};
  bool unrestricted_ = false;
  bool lent_item_ = false;   // the span lent last is the item's memory
  bool dumping_ = false;     // the worker has a DumpStream for it
  bool yielded_ = false;     // OnReceived(0) is due
  bool closing_ = false;     // nothing more is executed
  bool last_input_ = false;  // nothing more will come: close when all is answered
};

// Most of what an idle connection costs; worker.h has the sum.
static_assert(sizeof(Session) <= 168);

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_SESSION_H_

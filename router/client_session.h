// One client: reads requests, has each carried out, and sends the replies in their order.
//
// It is bytes in and bytes out; the connection is the worker's.
//
// Thread safety: belongs to the worker.

#ifndef RINGCACHE_ROUTER_CLIENT_SESSION_H_
#define RINGCACHE_ROUTER_CLIENT_SESSION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "client/outgoing_value.h"
#include "net/connection.h"
#include "net/input_buffer.h"
#include "protocol/parse_result.h"
#include "protocol/request.h"
#include "protocol/standard_reply.h"
#include "router/exchange.h"
#include "router/hot_keys/local_cache.h"
#include "router/output_buffer.h"
#include "router/worker_context.h"

namespace ringcache::router {

// Told when a session's connection is gone; may delete the session.
class ClientSessionOwner {
 public:
  virtual ~ClientSessionOwner() = default;
  virtual void OnSessionClosed(ClientSession* session, net::CloseReason reason) = 0;
};

class ClientSession final : public net::Session {
 public:
  // Values up to this are waited for in the input buffer, longer ones get memory of their own.
  static constexpr std::size_t kBufferedValueBytes = 4096;

  // All outlive the session.
  ClientSession(WorkerContext* worker, ClientSessionOwner* owner);
  ~ClientSession() override;

  // Before the first callback. The connection outlives the session's last callback.
  void Attach(net::Connection* connection) { connection_ = connection; }
  // Unique within the worker; never 0.
  std::uint64_t id() const { return id_; }

  // Reads no more, answers what was read, then closes. Outside the session's callbacks.
  void Drain();

  // For WakeUp. Marks the session as one that has replies to send; false if it was.
  bool MarkReady() { return !std::exchange(ready_, true); }
  void SendReady();
  // For exchanges: replies that wait in memory of their own. Past a bound the session is closed,
  // and may be gone: then false.
  bool AddKept(std::size_t bytes);
  void ReleaseKept(std::size_t bytes);
  // For exchanges: a reply that was sent in part cannot be completed. Closes the connection; the
  // session may be gone.
  void Abort();
  // For exchanges of values that stream: it is over. If its value is still being received, the
  // `missing_bytes` that have not come are not wanted.
  void EndUpload(const UploadExchange* exchange, std::size_t missing_bytes);

  std::size_t outstanding() const { return exchanges_.requests(); }
  std::size_t kept_bytes() const { return kept_bytes_; }

  absl::Span<char> LendReceiveBuffer() override;
  net::Progress OnReceived(std::size_t bytes) override;
  net::Progress OnSent() override;
  net::Progress OnPeerEnded() override;
  void OnClosed(net::CloseReason reason) override { owner_.OnSessionClosed(this, reason); }

 private:
  enum class Step : std::uint8_t { kAgain, kNeedInput, kPause, kClose };
  // What memory the transport was lent.
  enum class Lent : std::uint8_t { kInput, kValue, kUpload };

  // A value on its way in.
  struct LongValue {
    std::string line;
    std::shared_ptr<char[]> bytes;
    std::size_t block_bytes = 0;  // with its "\r\n"
    std::size_t received = 0;
  };

  net::Progress Run();
  Step ReadRequest();
  Step ReadValue(absl::string_view after_line);
  void BeginLongValue(absl::string_view line);
  Step ContinueLongValue();
  Step BeginUpload(absl::string_view line);
  Step ContinueUpload();
  void ReceivedElsewhere(std::size_t bytes);
  Step Discard();
  Step CutRetrieval();
  Step RefuseInvalid(const protocol::ParseResult& parsed);

  void Dispatch(const protocol::Request& request, const client::OutgoingValue& value);
  void DispatchRetrieval(protocol::Request* request);
  void DispatchKeys(const protocol::Request& request, bool ends_line);
  void DispatchKey(const protocol::Request& request, const client::OutgoingValue& value);
  void DispatchLocal(const protocol::Request& request);
  bool DispatchAdminKey(absl::string_view key);
  // Whether a copy of a hot key was the reply; if not, `*ticket` is for the request. `key` has no
  // routing prefix any more, `had_prefix` says whether it had one.
  bool AnswerFromCopy(const protocol::Request& request, absl::string_view key, bool had_prefix,
                      LocalCache::Ticket* ticket);
  // For the next reply.
  SingleExchange* NextSingle();
  void Answer(absl::string_view text);
  void AnswerOwned(std::string text);
  // Answers with a line of an error, which classic requests do not want to hear if they are quiet.
  void Refuse(const protocol::Request& request, absl::string_view error);
  TreeInUse* tree() const { return worker_.trees.back().get(); }

  // True if the peer took everything.
  bool SendAll(OutputBuffer* output);
  bool MustPause() const;
  // All that was read is answered, and no more will come.
  void CloseIfDone();

  WorkerContext& worker_;
  ClientSessionOwner& owner_;
  net::Connection* connection_ = nullptr;
  const std::uint64_t id_;
  net::InputBuffer input_;
  ExchangeQueue exchanges_;
  std::unique_ptr<LongValue> value_;
  UploadExchange* upload_ = nullptr;  // a value that is not held whole, on its way in
  // Replies that the peer has not taken yet.
  std::unique_ptr<OutputBuffer> sending_;
  std::size_t kept_bytes_ = 0;
  std::uint64_t discard_ = 0;  // bytes of a data block that is not wanted
  // In the midst of a retrieval line that is cut; see MultiGetExchange::Send.
  std::shared_ptr<bool> cut_line_failed_;
  bool ready_ = false;
  Lent lent_ = Lent::kInput;
  bool paused_ = false;
  bool last_input_ = false;  // nothing more is read
  bool closing_ = false;     // the connection was told to close
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_CLIENT_SESSION_H_

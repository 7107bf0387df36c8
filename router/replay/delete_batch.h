// Deletes of many keys at one member, and which of them failed.
//
// Thread safety: belongs to the loop's thread.

#ifndef RINGCACHE_ROUTER_REPLAY_DELETE_BATCH_H_
#define RINGCACHE_ROUTER_REPLAY_DELETE_BATCH_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/call_failure.h"
#include "client/reply_receiver.h"
#include "client/server_connection.h"
#include "net/event_loop.h"

namespace ringcache::router {

class DeleteBatch final : private client::ReplyReceiver {
 public:
  // `loop` outlives this.
  explicit DeleteBatch(net::EventLoop* loop) : loop_(*loop) {}
  ~DeleteBatch() override;
  DeleteBatch(const DeleteBatch&) = delete;
  DeleteBatch& operator=(const DeleteBatch&) = delete;

  // Sends one delete for each key; `on_done` is called once all have ended, never before this
  // returns. A null `connection` fails them. This, and what `on_done` uses, outlive them.
  // REQUIRES: not running().
  void Send(client::ServerConnection* connection, std::vector<std::string> keys,
            absl::Duration timeout, std::function<void()> on_done);

  bool running() const { return running_; }
  const std::vector<std::string>& keys() const { return keys_; }
  // Those whose delete was not confirmed: neither deleted nor not there.
  const std::vector<std::string>& failed() const { return failed_; }

 private:
  // client::ReplyReceiver; the tag is the key's index.
  void OnReply(std::uint64_t tag, const protocol::Reply& reply, const client::ReceivedValue& value,
               bool last) override;
  void OnFailure(std::uint64_t tag, client::CallFailure failure) override;
  bool SendOne(client::ServerConnection* connection, std::size_t index, absl::Duration timeout);
  void OneLess();

  net::EventLoop& loop_;
  std::vector<std::string> keys_;
  std::vector<std::string> failed_;
  std::function<void()> on_done_;
  net::EventLoop::TimerId timer_ = 0;
  std::size_t open_ = 0;
  bool running_ = false;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_REPLAY_DELETE_BATCH_H_

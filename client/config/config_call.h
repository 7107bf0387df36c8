// Asks one server for the configuration of its cluster: "config get cluster", and, if that is no
// command there, "get AmazonElastiCache:cluster", on a connection of its own, which ends with it.
// Once in half a minute is too rare to keep one.
//
// Thread safety: belongs to the loop's thread. Destroying it cancels it.

#ifndef RINGCACHE_CLIENT_CONFIG_CONFIG_CALL_H_
#define RINGCACHE_CLIENT_CONFIG_CONFIG_CALL_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/call_failure.h"
#include "client/connection_resources.h"
#include "client/reply_receiver.h"
#include "client/server_connection.h"
#include "net/event_loop.h"
#include "net/socket_address.h"
#include "protocol/reply.h"
#include "protocol/request.h"

namespace ringcache::client {

class ConfigCall final : private ReplyReceiver {
 public:
  // Nobody waits for it but the next refresh: time for a SYN that is lost and sent again after 1 s,
  // and for a server that is busy.
  static constexpr absl::Duration kConnectTimeout = absl::Seconds(2);
  static constexpr absl::Duration kReplyTimeout = absl::Seconds(4);

  enum class Outcome {
    kConfig,
    kNone,     // the server answers, and has no configuration
    kTrouble,  // no answer, or another error
  };
  struct Answer {
    Outcome outcome = Outcome::kTrouble;
    std::string payload = {};  // kConfig
    std::string problem = {};  // in words, for the others
  };
  using Callback = std::function<void(Answer answer)>;

  // Begins. `done` is called once, from the loop, and may destroy the call. `resources` outlive it.
  ConfigCall(ConnectionResources* resources, const net::SocketAddress& address, Callback done);
  ~ConfigCall() override;
  ConfigCall(const ConfigCall&) = delete;
  ConfigCall& operator=(const ConfigCall&) = delete;

 private:
  void OnReply(std::uint64_t tag, const protocol::Reply& reply, const ReceivedValue& value,
               bool last) override;
  void OnFailure(std::uint64_t tag, CallFailure failure) override;

  void Send(const protocol::Request& request, absl::string_view key);
  void Finish(Outcome outcome, std::string problem);

  net::EventLoop* const loop_;
  Callback done_;
  absl::string_view key_;  // that the value to come has
  Answer answer_;
  bool received_ = false;  // the value has come, and END has not yet
  bool finished_ = false;
  net::EventLoop::TimerId timer_ = 0;
  // Last, so that what it fails while it is destroyed finds the rest.
  ServerConnection connection_;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_CONFIG_CONFIG_CALL_H_

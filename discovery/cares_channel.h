// One channel of c-ares, over UDP or over TCP, driven by an event loop: its sockets are watched,
// its timeouts are a timer.
//
// Thread safety: belongs to its loop's thread.

#ifndef RINGCACHE_DISCOVERY_CARES_CHANNEL_H_
#define RINGCACHE_DISCOVERY_CARES_CHANNEL_H_

#include <ares.h>

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "discovery/dns_name.h"
#include "discovery/dns_resolver.h"
#include "net/event_loop.h"

namespace ringcache::discovery {

class CaresChannel {
 public:
  // May be called from within Ask, and must neither destroy the channel nor call anything that
  // might.
  using Callback = std::function<void(DnsReply reply)>;

  enum class Kind {
    kUdp,  // goes on to the next server if one fails
    kTcp,
    // Over UDP, and takes the first server's answer, also if that is its failure.
    kUdpAsAnswered,
  };
  struct Options {  // as CaresOptions
    std::vector<std::string> servers = {};
    std::string resolv_conf = {};
    absl::Duration timeout = {};
    int tries = 1;
  };

  static absl::StatusOr<std::unique_ptr<CaresChannel>> Create(net::EventLoop* loop,
                                                              const Options& options, Kind kind);
  // Questions that are under way are dropped without a call.
  ~CaresChannel();
  CaresChannel(const CaresChannel&) = delete;
  CaresChannel& operator=(const CaresChannel&) = delete;

  void Ask(const std::string& name, DnsType type, Callback done);
  // As resolv.conf says.
  SearchPath search_path() const;

 private:
  class Socket;

  explicit CaresChannel(net::EventLoop* loop);
  absl::Status Open(const Options& options, Kind kind);
  static void OnSocketState(void* self, ares_socket_t socket, int readable, int writable);
  void WatchSocket(ares_socket_t socket, bool readable, bool writable);
  // Lets c-ares do what is due; ARES_SOCKET_BAD for a socket that is not ready.
  void Process(ares_socket_t readable, ares_socket_t writable);
  void SetTimer();

  net::EventLoop* const loop_;
  ares_channel channel_ = nullptr;
  std::unordered_map<ares_socket_t, std::unique_ptr<Socket>> sockets_;
  net::EventLoop::TimerId timer_ = 0;
};

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_CARES_CHANNEL_H_

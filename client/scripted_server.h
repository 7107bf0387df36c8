// A server of tests on a loopback port, which says just what the test tells it to.
//
// Thread safety: belongs to its loop's thread.

#ifndef RINGCACHE_CLIENT_SCRIPTED_SERVER_H_
#define RINGCACHE_CLIENT_SCRIPTED_SERVER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "net/connection.h"
#include "net/connection_context.h"
#include "net/event_loop.h"
#include "net/listener.h"
#include "net/socket_address.h"
#include "net/socket_connection.h"

namespace ringcache::client {

class ScriptedServer {
 public:
  // What is said when `received`, all that came on a connection and was not answered yet, has
  // changed. What it answers it removes.
  using Script = std::function<std::string(std::string* received)>;

  explicit ScriptedServer(net::EventLoop* loop);
  ~ScriptedServer();

  net::SocketAddress address() const { return address_; }
  void set_script(Script script) { script_ = std::move(script); }
  // Answers each line alone: for commands without a data block.
  void AnswerLines(std::function<std::string(absl::string_view line)> answer);

  // Of the connection that was accepted as the n-th, counting from 0.
  void Say(std::size_t connection, absl::string_view text);
  void HangUp(std::size_t connection);
  bool IsOpen(std::size_t connection) const;
  // All that came and was not answered.
  const std::string& received(std::size_t connection) const;
  std::size_t connections() const { return peers_.size(); }
  // How often anything came: writes of the client's, unless they arrived as one.
  std::uint64_t receptions() const { return receptions_; }

  // Refuses connections, closing those that stand; and takes them again at the same port.
  void Stop();
  void Restart();

 private:
  class Peer;

  net::EventLoop& loop_;
  net::ConnectionContext context_;
  net::SocketAddress address_;
  std::unique_ptr<net::Listener> listener_;
  Script script_;
  std::uint64_t receptions_ = 0;
  std::vector<std::unique_ptr<Peer>> peers_;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_SCRIPTED_SERVER_H_

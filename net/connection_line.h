// A connection under test with its session, and a peer that does what the test says. What the peer
// sends or does arrives when the loop runs.
//
// Thread safety: belongs to the connection's loop.

#ifndef RINGCACHE_NET_CONNECTION_LINE_H_
#define RINGCACHE_NET_CONNECTION_LINE_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "net/connection.h"
#include "net/scripted_session.h"

namespace ringcache::net {

class ConnectionLine {
 public:
  virtual ~ConnectionLine() = default;

  virtual void PeerSends(absl::string_view text) = 0;
  // Waits for so many bytes: fewer at the end of the stream, "error" after a reset. Not from within
  // a callback.
  virtual std::string PeerReads(std::size_t bytes) = 0;
  // Takes what is there, without waiting.
  virtual void PeerReadsTo(std::string* text) = 0;
  virtual void PeerEndsSending() = 0;
  virtual void PeerCloses() = 0;
  virtual void PeerResets() = 0;

  bool Send(absl::string_view text) { return connection->Send(text.data(), text.size()); }

  ScriptedSession session;
  std::unique_ptr<Connection> connection;
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_CONNECTION_LINE_H_

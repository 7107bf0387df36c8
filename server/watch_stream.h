// A connection that watches: sends the lines of its watcher as fast as the peer takes them. While
// the peer takes none, at most one buffer of lines is on its way and one waits in the watcher.
//
// Thread safety: belongs to its worker's thread, where the logging thread's wake-ups arrive as
// posted tasks.

#ifndef RINGCACHE_SERVER_WATCH_STREAM_H_
#define RINGCACHE_SERVER_WATCH_STREAM_H_

#include <memory>
#include <string>

#include "net/connection.h"
#include "net/event_loop.h"
#include "server/event_log.h"

namespace ringcache::server {

class WatchStream {
 public:
  // Null if there are as many watchers as there may be. All outlive the stream.
  static std::shared_ptr<WatchStream> Open(EventLog* log, EventStreams streams,
                                           net::EventLoop* loop, net::Connection* connection);
  ~WatchStream();
  WatchStream(const WatchStream&) = delete;
  WatchStream& operator=(const WatchStream&) = delete;

  // The connection has sent everything.
  void OnSent();
  // Nothing more is sent; what is on its way stays lent.
  void Stop();

 private:
  WatchStream(EventLog* log, net::Connection* connection) : log_(*log), connection_(*connection) {}
  void Send();

  EventLog& log_;
  net::Connection& connection_;
  std::shared_ptr<Watcher> watcher_;
  std::string lines_;  // lent to the connection while `sending_`
  bool sending_ = false;
};

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_WATCH_STREAM_H_

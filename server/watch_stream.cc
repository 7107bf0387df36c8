#include "server/watch_stream.h"

#include <utility>

namespace ringcache::server {

std::shared_ptr<WatchStream> WatchStream::Open(EventLog* log, EventStreams streams,
                                               net::EventLoop* loop, net::Connection* connection) {
  std::shared_ptr<WatchStream> stream(new WatchStream(log, connection));
  // The task may come after the connection is gone; only this thread lets go of the stream.
  std::weak_ptr<WatchStream> weak = stream;
  stream->watcher_ = log->AddWatcher(streams, [loop, weak] {
    loop->Post([weak] {
      if (const auto awake = weak.lock(); awake != nullptr) awake->Send();
    });
  });
  return stream->watcher_ == nullptr ? nullptr : stream;
}

WatchStream::~WatchStream() { Stop(); }

void WatchStream::Stop() {
  if (watcher_ != nullptr) log_.RemoveWatcher(watcher_.get());
  watcher_.reset();
}

void WatchStream::OnSent() {
  sending_ = false;
  Send();
}

void WatchStream::Send() {
  if (sending_ || watcher_ == nullptr) return;
  watcher_->Take(&lines_);
  if (!lines_.empty()) sending_ = !connection_.Send(lines_.data(), lines_.size());
}

}  // namespace ringcache::server

#include "tools/floor/floor_server.h"

#include <signal.h>

#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "net/buffer_pool.h"
#include "net/connection.h"
#include "net/connection_context.h"
#include "net/epoll_event_loop.h"
#include "net/listener.h"
#include "net/signal_watcher.h"
#include "net/socket_address.h"
#include "net/socket_connection.h"
#include "net/worker_pool.h"
#include "tools/floor/canned_replies.h"

namespace ringcache::floor {
namespace {

struct Worker {
  Worker(net::EventLoop* loop, const CannedReplies* replies) : context(loop), replies(replies) {}
  net::ConnectionContext context;
  const CannedReplies* const replies;
  net::BufferPool buffers{{.buffer_bytes = kReceiveBytes}};
};

// Owns its connection, and itself until it is closed.
class FloorSession final : public net::Session {
 public:
  FloorSession(Worker* worker, net::Descriptor socket)
      : worker_(worker), connection_(&worker->context, std::move(socket), this) {}

  absl::Span<char> LendReceiveBuffer() override {
    buffer_ = worker_->buffers.Take();
    return buffer_.span();
  }

  net::Progress OnReceived(std::size_t bytes) override {
    buffer_.Reset();
    const std::size_t count = debt_.Add(bytes, worker_->replies->request_bytes());
    if (count == 0) return net::Progress::kContinue;
    CannedReplies::Spans spans;
    return connection_.Send(worker_->replies->Take(count, &spans)) ? net::Progress::kContinue
                                                                   : net::Progress::kPause;
  }

  net::Progress OnSent() override { return net::Progress::kContinue; }
  void OnClosed(net::CloseReason) override { delete this; }

 private:
  Worker* const worker_;
  ReplyDebt debt_;
  net::BufferPool::Buffer buffer_;
  net::SocketConnection connection_;
};

}  // namespace

absl::Status RunFloorServer(const FloorOptions& options, const Exchange& exchange) {
  const CannedReplies replies(exchange.reply, exchange.request_bytes, kReceiveBytes);
  auto loop = net::EpollEventLoop::Create();
  if (!loop.ok()) return loop.status();
  const auto signals =
      net::SignalWatcher::Create(loop->get(), {SIGINT, SIGTERM}, [&loop](int) { (*loop)->Stop(); });
  if (!signals.ok()) return signals.status();
  net::WorkerPool::Options pool_options;
  pool_options.workers = options.threads;
  auto pool = net::WorkerPool::Create(pool_options);
  if (!pool.ok()) return pool.status();
  std::vector<std::unique_ptr<Worker>> workers;
  for (std::size_t i = 0; i < options.threads; ++i) {
    workers.push_back(std::make_unique<Worker>((*pool)->loop(i), &replies));
  }
  const auto address = net::SocketAddress::Parse(options.listen, 11300);
  if (!address.ok()) return address.status();
  const auto listener =
      net::Listener::Create(loop->get(), *address, {}, [&](net::Descriptor socket) {
        const std::size_t next = (*pool)->NextWorker();
        (*pool)->Post(next, [worker = workers[next].get(), descriptor = socket.Release()] {
          new FloorSession(worker, net::Descriptor(descriptor));  // deletes itself when closed
        });
      });
  if (!listener.ok()) return listener.status();
  (*pool)->Start();
  std::printf("floor on net: %s\n", (*listener)->address().ToString().c_str());
  std::fflush(stdout);
  (*loop)->Run();
  (*pool)->Stop();
  (*pool)->Join();
  return absl::OkStatus();
}

}  // namespace ringcache::floor

#include "tools/floor/raw_server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <thread>
#include <vector>

#include "net/socket_address.h"
#include "tools/floor/canned_replies.h"
#include "tools/floor/floor_server.h"

namespace ringcache::floor {
namespace {

struct Peer {
  int socket;
  ReplyDebt debt;
};

// Sends everything, waiting for the peer if need be. False after an error.
bool SendAll(int socket, absl::Span<const iovec> spans) {
  for (const iovec& span : spans) {
    const char* bytes = static_cast<const char*>(span.iov_base);
    for (std::size_t left = span.iov_len; left > 0;) {
      const ssize_t sent = send(socket, bytes, left, MSG_NOSIGNAL);
      if (sent > 0) {
        bytes += sent;
        left -= static_cast<std::size_t>(sent);
      } else if (errno == EAGAIN) {
        pollfd writable{socket, POLLOUT, 0};
        poll(&writable, 1, -1);
      } else {
        return false;
      }
    }
  }
  return true;
}

void Serve(int epoll, const CannedReplies& replies) {
  static thread_local char buffer[kReceiveBytes];
  epoll_event ready[256];
  CannedReplies::Spans spans;
  while (true) {
    const int count = epoll_wait(epoll, ready, 256, -1);
    for (int i = 0; i < count; ++i) {
      Peer* const peer = static_cast<Peer*>(ready[i].data.ptr);
      const ssize_t received = recv(peer->socket, buffer, sizeof(buffer), 0);
      if (received < 0 && errno == EAGAIN) continue;
      bool alive = received > 0;
      if (alive) {
        const std::size_t owed =
            peer->debt.Add(static_cast<std::size_t>(received), replies.request_bytes());
        alive = SendAll(peer->socket, replies.Take(owed, &spans));
      }
      if (!alive) {
        close(peer->socket);
        delete peer;
      }
    }
  }
}

}  // namespace

absl::Status RunRawServer(const FloorOptions& options, const Exchange& exchange) {
  const CannedReplies replies(exchange.reply, exchange.request_bytes, kReceiveBytes);
  const auto address = net::SocketAddress::Parse(options.listen, 11300);
  if (!address.ok()) return address.status();
  const int listener = socket(address->family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (bind(listener, address->data(), address->size()) != 0 || listen(listener, 1024) != 0) {
    return absl::ErrnoToStatus(errno, options.listen);
  }
  std::vector<int> epolls;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < options.threads; ++i) {
    epolls.push_back(epoll_create1(EPOLL_CLOEXEC));
    threads.emplace_back(Serve, epolls.back(), std::cref(replies));
  }
  std::printf("floor, raw: %s\n", net::SocketAddress::OfLocalEnd(listener)->ToString().c_str());
  std::fflush(stdout);
  for (std::size_t next = 0;; ++next) {
    const int socket = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0) continue;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = new Peer{socket, {}};
    epoll_ctl(epolls[next % epolls.size()], EPOLL_CTL_ADD, socket, &event);
  }
}

}  // namespace ringcache::floor

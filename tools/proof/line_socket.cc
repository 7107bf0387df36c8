#include "tools/proof/line_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstdint>

namespace ringcache::proof {

LineSocket::LineSocket(int port, absl::Duration patience)
    : patience_(patience), socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ok_ = connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  const int on = 1;
  setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

void LineSocket::Send(absl::string_view bytes) {
  while (ok_ && !bytes.empty()) {
    const ssize_t sent = send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      ok_ = false;
      return;
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

absl::string_view LineSocket::ReadLine() {
  for (std::size_t searched = taken_;;) {
    const std::size_t end = received_.find("\r\n", searched);
    if (end != std::string::npos) return Take(end - taken_, 2);
    const std::size_t before = received_.size() - taken_;
    if (!Receive()) return {};
    searched = taken_ + (before > 0 ? before - 1 : 0);
  }
}

absl::string_view LineSocket::ReadBytes(std::size_t bytes) {
  while (received_.size() - taken_ < bytes) {
    if (!Receive()) return {};
  }
  return Take(bytes, 0);
}

bool LineSocket::HasMore() {
  if (taken_ < received_.size()) return true;
  pollfd waiting{socket_.get(), POLLIN, 0};
  return ok_ && poll(&waiting, 1, 0) > 0;
}

bool LineSocket::Receive() {
  pollfd waiting{socket_.get(), POLLIN, 0};
  const int limit_ms = static_cast<int>(absl::ToInt64Milliseconds(patience_));
  if (!ok_ || poll(&waiting, 1, limit_ms) <= 0) return ok_ = false;
  received_.erase(0, taken_);
  taken_ = 0;
  constexpr std::size_t kReceiveBytes = 64 * 1024;
  const std::size_t before = received_.size();
  received_.resize(before + kReceiveBytes);
  const ssize_t received = recv(socket_.get(), received_.data() + before, kReceiveBytes, 0);
  received_.resize(before + (received > 0 ? static_cast<std::size_t>(received) : 0));
  return ok_ = received > 0;
}

absl::string_view LineSocket::Take(std::size_t bytes, std::size_t ending) {
  const absl::string_view taken = absl::string_view(received_).substr(taken_, bytes);
  taken_ += bytes + ending;
  return taken;
}

}  // namespace ringcache::proof

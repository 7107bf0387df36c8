#include "net/listener.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace ringcache::net {
namespace {

absl::Status SystemError(absl::string_view what, const SocketAddress& address) {
  const int error = errno;
  const absl::Status status =
      absl::ErrnoToStatus(error, absl::StrCat("cannot ", what, " ", address.ToString()));
  // Abseil's code for EADDRNOTAVAIL is the one that a reader takes for EADDRINUSE.
  const bool not_of_this_host = error == EADDRNOTAVAIL || error == EAFNOSUPPORT;
  return not_of_this_host ? absl::UnavailableError(status.message()) : status;
}

// A socket's file outlives a process that died. It is in the way only if nobody answers behind it;
// any other kind of file is left to make bind fail.
void RemoveStaleUnixSocket(const SocketAddress& address) {
  const std::string path(address.path());
  struct stat status;
  if (lstat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return;
  const Descriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (connect(probe.get(), address.data(), address.size()) != 0 && errno == ECONNREFUSED) {
    unlink(path.c_str());
  }
}

absl::Status BindAndListen(int socket, const SocketAddress& address,
                           const ListenerOptions& options) {
  const int on = 1;
  if (address.is_unix()) {
    RemoveStaleUnixSocket(address);
  } else {
    // A restart need not wait for the old connections' TIME_WAIT.
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  }
  if (address.is_ipv6() && setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) != 0) {
    return SystemError("make IPv6-only", address);
  }
  if (bind(socket, address.data(), address.size()) != 0) return SystemError("bind", address);
  // Before listen: nobody gets in with the permissions of the umask.
  if (address.is_unix() && chmod(std::string(address.path()).c_str(), options.unix_mode) != 0) {
    return SystemError("set the mode of", address);
  }
  if (listen(socket, options.backlog) != 0) return SystemError("listen on", address);
  return absl::OkStatus();
}

}  // namespace

absl::Status ListenerOptions::Validate() const {
  if (backlog < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("backlog is ", backlog, ", but must be at least 1"));
  }
  if (unix_mode > 0777) {
    return absl::InvalidArgumentError("the mode of a unix socket must be from 0 to 0777 (octal)");
  }
  if (exhausted_pause <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError("exhausted_pause must be positive");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Listener>> Listener::Create(EventLoop* loop,
                                                           const SocketAddress& address,
                                                           const ListenerOptions& options,
                                                           AcceptCallback on_accept) {
  if (absl::Status status = options.Validate(); !status.ok()) return status;
  Descriptor socket(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return SystemError("create a socket for", address);
  if (absl::Status status = BindAndListen(socket.get(), address, options); !status.ok()) {
    return status;
  }
  const absl::StatusOr<SocketAddress> bound = SocketAddress::OfLocalEnd(socket.get());
  if (!bound.ok()) return bound.status();
  return std::unique_ptr<Listener>(
      new Listener(loop, std::move(socket), *bound, options, std::move(on_accept)));
}

absl::StatusOr<std::vector<std::unique_ptr<Listener>>> Listener::CreateAll(
    EventLoop* loop, const std::vector<SocketAddress>& addresses, const ListenerOptions& options,
    const std::function<AcceptCallback(std::size_t i)>& on_accept) {
  std::vector<std::unique_ptr<Listener>> listeners;
  absl::Status failure;
  for (const SocketAddress& address : addresses) {
    auto listener = Create(loop, address, options, on_accept(listeners.size()));
    if (listener.ok()) {
      listeners.push_back(*std::move(listener));
    } else if (absl::IsUnavailable(listener.status())) {
      failure = listener.status();
    } else {
      return listener.status();
    }
  }
  if (listeners.empty() && !failure.ok()) return failure;
  return listeners;
}

void Listener::Refuse(Descriptor socket, absl::string_view why) {
  (void)!send(socket.get(), why.data(), why.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

Listener::Listener(EventLoop* loop, Descriptor socket, const SocketAddress& address,
                   const ListenerOptions& options, AcceptCallback on_accept)
    : loop_(loop),
      options_(options),
      on_accept_(std::move(on_accept)),
      address_(address),
      socket_(std::move(socket)) {
  UpdateWatch();
}

Listener::~Listener() { Stop(); }

void Listener::Pause() {
  paused_ = true;
  UpdateWatch();
}

void Listener::Resume() {
  paused_ = false;
  UpdateWatch();
}

void Listener::Stop() {
  if (!socket_.valid()) return;
  if (exhausted_timer_ != 0) loop_->CancelTimer(std::exchange(exhausted_timer_, 0));
  paused_ = true;
  UpdateWatch();
  if (address_.is_unix()) unlink(std::string(address_.path()).c_str());
  socket_.Reset();
}

void Listener::OnReady(bool /*readable*/, bool /*writable*/) {
  // `watched_`: the callback may pause or stop.
  for (int i = 0; i < kMaxAcceptsPerWakeUp && watched_; ++i) {
    Descriptor peer(accept4(socket_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (peer.valid()) {
      ++accepted_;
      on_accept_(std::move(peer));
      continue;
    }
    switch (errno) {
      case EAGAIN:
        return;
      case EMFILE:
      case ENFILE:
      case ENOBUFS:
      case ENOMEM:
        PauseForRoom();
        return;
      default:  // the peer left the backlog again, or its network is gone: the next may be well
        break;
    }
  }
}

// Level-triggered readiness would spin until a descriptor is free.
void Listener::PauseForRoom() {
  ++times_exhausted_;
  exhausted_timer_ = loop_->RunAfter(options_.exhausted_pause, [this] {
    exhausted_timer_ = 0;
    UpdateWatch();
  });
  UpdateWatch();
}

void Listener::UpdateWatch() {
  const bool wanted = socket_.valid() && !paused_ && exhausted_timer_ == 0;
  if (wanted == watched_) return;
  watched_ = wanted;
  if (!wanted) {
    loop_->Unwatch(socket_.get(), this);
  } else if (!loop_->Watch(socket_.get(), /*read=*/true, /*write=*/false, this)) {
    watched_ = false;
    PauseForRoom();
  }
}

}  // namespace ringcache::net

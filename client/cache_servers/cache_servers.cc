#include "client/cache_servers/cache_servers.h"

#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "process/log_sink.h"
#include "server/server.h"  // with its options

namespace ringcache::client {

class CacheServers::Running {
 public:
  Running() { Start(); }
  ~Running() { Stop(); }

  void Start() {
    server::ServerOptions options;
    options.listen = {{"127.0.0.1", address_.port()}};
    options.threads = 1;
    server_ = server::Server::Create(options, &log_).value();
    address_ = server_->addresses()[0];
    thread_.emplace([this] { server_->Run(); });
  }
  void Stop() {
    if (!thread_) return;
    server_->RequestShutdown();
    thread_->join();
    thread_.reset();
    server_.reset();
  }
  const net::SocketAddress& address() const { return address_; }

 private:
  process::NoLog log_;
  net::SocketAddress address_;  // port 0 at first
  std::unique_ptr<server::Server> server_;
  std::optional<std::thread> thread_;
};

CacheServers::CacheServers(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) servers_.push_back(std::make_unique<Running>());
}

CacheServers::~CacheServers() = default;

net::SocketAddress CacheServers::address(std::size_t server) const {
  return servers_[server]->address();
}

discovery::Member CacheServers::member(std::size_t server) const {
  discovery::Member member;
  member.name = absl::StrCat("cache-", server);
  member.port = 11211;
  member.address = address(server);
  return member;
}

std::vector<discovery::Member> CacheServers::members(std::size_t count) const {
  std::vector<discovery::Member> members;
  for (std::size_t i = 0; i < count; ++i) members.push_back(member(i));
  return members;
}

void CacheServers::Stop(std::size_t server) { servers_[server]->Stop(); }
void CacheServers::Restart(std::size_t server) { servers_[server]->Start(); }

}  // namespace ringcache::client

// Real servers for tests, each in a thread of this process on a loopback port.
//
// Thread safety: belongs to the test's thread.

#ifndef RINGCACHE_CLIENT_CACHE_SERVERS_CACHE_SERVERS_H_
#define RINGCACHE_CLIENT_CACHE_SERVERS_CACHE_SERVERS_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "discovery/member.h"
#include "net/socket_address.h"

namespace ringcache::client {

class CacheServers {
 public:
  explicit CacheServers(std::size_t count);
  ~CacheServers();

  std::size_t size() const { return servers_.size(); }
  net::SocketAddress address(std::size_t server) const;
  // As discovery would know it: "cache-<server>".
  discovery::Member member(std::size_t server) const;
  std::vector<discovery::Member> members(std::size_t count) const;

  // Sends nothing more and closes all connections; then starts again, empty, at the same port.
  void Stop(std::size_t server);
  void Restart(std::size_t server);

 private:
  class Running;
  std::vector<std::unique_ptr<Running>> servers_;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_CACHE_SERVERS_CACHE_SERVERS_H_

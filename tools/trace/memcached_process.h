// A memcached of the player's own, on a unix socket in a private folder, so that nobody else talks
// to it and no port is taken. It is ended by its process id, and by the kernel if the player dies.
//
// Ownership: the process and the folder live as long as the object.
// Thread safety: belongs to the thread that started it, whose end ends it, too.

#ifndef RINGCACHE_TOOLS_TRACE_MEMCACHED_PROCESS_H_
#define RINGCACHE_TOOLS_TRACE_MEMCACHED_PROCESS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "net/socket_address.h"

namespace ringcache::trace {

class MemcachedProcess {
 public:
  struct Options {
    std::string program = "memcached";  // a path, or a name to be looked up
    int memory_mib = 64;
    double growth_factor = 0;            // 0: memcached's default
    std::vector<std::string> arguments;  // further ones
  };

  // Returns once the server accepts connections; fails if it has not after kStartSeconds.
  static absl::StatusOr<std::unique_ptr<MemcachedProcess>> Start(const Options& options);
  static constexpr int kStartSeconds = 20;
  static constexpr int kStopSeconds = 20;

  ~MemcachedProcess();
  MemcachedProcess(const MemcachedProcess&) = delete;
  MemcachedProcess& operator=(const MemcachedProcess&) = delete;

  int pid() const { return pid_; }
  const net::SocketAddress& address() const { return address_; }

 private:
  MemcachedProcess() = default;
  absl::Status Launch(const Options& options);
  absl::Status AwaitListening(const std::string& program);
  bool HasEnded();

  std::string folder_;
  net::SocketAddress address_;
  int pid_ = 0;
};

}  // namespace ringcache::trace

#endif  // RINGCACHE_TOOLS_TRACE_MEMCACHED_PROCESS_H_

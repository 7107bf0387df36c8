// A server of tests in a process of its own, which can be killed as a machine's failure would.
//
// Thread safety: belongs to the test's thread.

#ifndef RINGCACHE_CLIENT_SERVER_PROCESS_H_
#define RINGCACHE_CLIENT_SERVER_PROCESS_H_

#include <sys/types.h>

#include "net/socket_address.h"

namespace ringcache::client {

class ServerProcess {
 public:
  // At a loopback port that was free. It listens soon after.
  ServerProcess();
  // Kills it.
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // kill -9, and waits for its end.
  void Kill();
  // At the same port. REQUIRES: it was killed.
  void Start();

  const net::SocketAddress& address() const { return address_; }

 private:
  net::SocketAddress address_;
  pid_t pid_ = -1;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_SERVER_PROCESS_H_

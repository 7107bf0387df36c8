// A name server from Debian for tests, run as a program on a port of the loopback that was free,
// with a folder of its own. It ends with the object, and by the kernel's hand if the test dies.
//
// Thread safety: belongs to the thread that made it, whose end ends it, too.

#ifndef RINGCACHE_DISCOVERY_NAME_SERVER_PROCESS_H_
#define RINGCACHE_DISCOVERY_NAME_SERVER_PROCESS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "net/socket_folder.h"

namespace ringcache::discovery {

class NameServerProcess {
 public:
  NameServerProcess();
  // Ends it and waits for that.
  ~NameServerProcess();
  NameServerProcess(const NameServerProcess&) = delete;
  NameServerProcess& operator=(const NameServerProcess&) = delete;

  // Starts the program, which may not fork. It may take a while until it answers.
  void Start(std::vector<std::string> words);
  void Signal(int number) const;
  void Stop();
  // False also if it could not be started at all.
  bool IsRunning();

  std::uint16_t port() const { return port_; }
  // "127.0.0.1:12345"
  std::string address() const;
  const std::string& folder() const { return folder_.path(); }
  // Of the folder; replaces a file in one step.
  void Write(const std::string& name, const std::string& text) const;

 private:
  const net::SocketFolder folder_;
  std::uint16_t port_ = 0;
  int pid_ = 0;
};

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_NAME_SERVER_PROCESS_H_

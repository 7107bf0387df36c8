// A cache server started by a test: ringcache's program or Debian's memcached, on a port of its
// own.
//
// Thread safety: none.

#ifndef RINGCACHE_SERVER_TEST_PROCESS_H_
#define RINGCACHE_SERVER_TEST_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace ringcache::server {

class TestProcess {
 public:
  // Starts `program` with `arguments` and waits until it listens: it has then written its ports to
  // a file (at most a minute). started() tells whether it did. A server's or router's admin
  // interface is off unless the arguments say otherwise.
  TestProcess(const std::string& program, const std::vector<std::string>& arguments);
  // Kills it if it still runs.
  ~TestProcess();
  TestProcess(const TestProcess&) = delete;
  TestProcess& operator=(const TestProcess&) = delete;

  bool started() const { return started_; }
  // 0 if it listens on no TCP port.
  int port() const { return port_; }
  pid_t pid() const { return pid_; }
  void Signal(int signal);
  // Waits for its end (at most a minute); -1 if it did not come, or not by exit().
  int ExitCode();

 private:
  pid_t pid_ = -1;
  bool started_ = false;
  int port_ = 0;
};

// A blocking client of a TCP port on this host, or of a unix socket.
class TestClient {
 public:
  explicit TestClient(int port);
  explicit TestClient(const std::string& path);
  ~TestClient();
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  bool connected() const { return connected_; }
  void Send(absl::string_view bytes);
  // Reads until the bytes read end with `end`, the server closes, or a minute passes.
  std::string ReadUntil(absl::string_view end);
  // What one read gives, at most so much; empty if the server closes, or a minute passes.
  std::string ReadSome(std::size_t bytes);
  std::string ReadAll() { return ReadUntil(absl::string_view()); }
  bool closed() const { return closed_; }
  void FinishSending();

 private:
  int socket_ = -1;
  bool connected_ = false;
  bool closed_ = false;
};

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_TEST_PROCESS_H_

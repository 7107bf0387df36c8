// A folder for the unix sockets of a test. Bazel's own test folder may be deeper than the 107 bytes
// that a socket's path may have.
//
// Thread safety: none.

#ifndef RINGCACHE_NET_SOCKET_FOLDER_H_
#define RINGCACHE_NET_SOCKET_FOLDER_H_

#include <stdlib.h>

#include <filesystem>
#include <string>
#include <system_error>

namespace ringcache::net {

class SocketFolder {
 public:
  // Makes the folder; path() is empty if that fails.
  SocketFolder() {
    std::string pattern = "/tmp/ringcache-XXXXXX";
    if (mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  // Removes it with what is in it.
  ~SocketFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  SocketFolder(const SocketFolder&) = delete;
  SocketFolder& operator=(const SocketFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace ringcache::net

#endif  // RINGCACHE_NET_SOCKET_FOLDER_H_

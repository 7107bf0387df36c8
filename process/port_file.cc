#include "process/port_file.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "process/system_error.h"

namespace ringcache::process {

absl::Status WritePortFile(absl::Span<const net::SocketAddress> addresses) {
  const char* const path = std::getenv("MEMCACHED_PORT_FILENAME");
  if (path == nullptr) return absl::OkStatus();
  const std::string unfinished = absl::StrCat(path, ".lck");
  std::ofstream file(unfinished);
  for (const net::SocketAddress& address : addresses) {
    if (address.is_unix()) continue;
    file << (address.is_ipv6() ? "TCP INET6: " : "TCP INET: ") << address.port() << "\n";
  }
  file.close();
  if (!file || std::rename(unfinished.c_str(), path) != 0) {
    return SystemError(absl::StrCat("write ", path, " (MEMCACHED_PORT_FILENAME)"));
  }
  return absl::OkStatus();
}

}  // namespace ringcache::process

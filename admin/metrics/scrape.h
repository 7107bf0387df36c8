// One HTTP request to a server on this machine, for tests: no client library is needed for it.
//
// Thread safety: functions only.

#ifndef RINGCACHE_ADMIN_METRICS_SCRAPE_H_
#define RINGCACHE_ADMIN_METRICS_SCRAPE_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace ringcache::admin {

// A connection to 127.0.0.1; -1 if there is none to be had. Reading from it gives up after half a
// minute.
inline int ConnectTo(int port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to = {};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience = {30, 0};
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  if (connect(descriptor, reinterpret_cast<sockaddr*>(&to), sizeof(to)) == 0) return descriptor;
  close(descriptor);
  return -1;
}

// All that comes until the other side closes.
inline std::string ReadToEnd(int descriptor) {
  std::string text;
  char buffer[65536];
  for (ssize_t n; (n = recv(descriptor, buffer, sizeof(buffer), 0)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(n));
  }
  return text;
}

// The whole reply, with its head; empty if there is none.
inline std::string Get(int port, absl::string_view path) {
  const int descriptor = ConnectTo(port);
  if (descriptor < 0) return std::string();
  const std::string request = absl::StrCat("GET ", path, " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  std::string reply;
  if (send(descriptor, request.data(), request.size(), MSG_NOSIGNAL) ==
      static_cast<ssize_t>(request.size())) {
    reply = ReadToEnd(descriptor);
  }
  close(descriptor);
  return reply;
}

inline std::string BodyOf(const std::string& reply) {
  const std::size_t end_of_head = reply.find("\r\n\r\n");
  return end_of_head == std::string::npos ? std::string() : reply.substr(end_of_head + 4);
}

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_METRICS_SCRAPE_H_

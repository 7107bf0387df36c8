// Whether an address can be listened on, found out before gRPC or the HTTP server tries: they say
// less of what is wrong, and gRPC would take a Unix socket away from a program that serves it.
//
// Thread safety: functions only.

#ifndef RINGCACHE_ADMIN_SERVICE_LISTEN_ADDRESS_H_
#define RINGCACHE_ADMIN_SERVICE_LISTEN_ADDRESS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace ringcache::admin {

// ALREADY_EXISTS if somebody else listens there, otherwise what is wrong with the address: the
// sentence names `--admin-listen`. Port 0 is any.
absl::Status CheckPort(const std::string& listen, int port);
// Removes the file of a socket behind which nobody answers. Fails if somebody does, if something
// else has that name, or if the name is too long, and names `--admin-socket`.
absl::Status CheckUnixSocket(const std::string& path);

// "127.0.0.1:11210", "[::1]:11210".
std::string AddressText(absl::string_view listen, int port);
// As gRPC reads it: what means something in a URI is escaped.
std::string UnixSocketUri(absl::string_view path);

}  // namespace ringcache::admin

#endif  // RINGCACHE_ADMIN_SERVICE_LISTEN_ADDRESS_H_

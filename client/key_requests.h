// Requests with one key, as values.
//
// Thread safety: functions only.

#ifndef RINGCACHE_CLIENT_KEY_REQUESTS_H_
#define RINGCACHE_CLIENT_KEY_REQUESTS_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "protocol/request.h"

namespace ringcache::client {

struct StoreOptions {
  std::uint32_t flags = 0;
  // As the protocol has it: 0 never, negative at once, up to 30 days relative, above that Unix
  // time.
  std::int64_t exptime_s = 0;
};

// Their views are those of the arguments.
inline protocol::Request KeyRequest(protocol::Operation operation, absl::string_view key) {
  protocol::Request request;
  request.operation = operation;
  request.key = key;
  return request;
}

inline protocol::Request StoreRequest(protocol::Operation operation, absl::string_view key,
                                      absl::string_view value, StoreOptions options,
                                      std::uint64_t cas = 0) {
  protocol::Request request = KeyRequest(operation, key);
  request.value_bytes = static_cast<std::uint32_t>(value.size());
  request.client_flags = options.flags;
  request.exptime_s = options.exptime_s;
  request.cas = cas;
  return request;
}

// incr, decr
inline protocol::Request ArithmeticRequest(protocol::Operation operation, absl::string_view key,
                                           std::uint64_t delta) {
  protocol::Request request = KeyRequest(operation, key);
  request.delta = delta;
  return request;
}

// touch, gat, gats
inline protocol::Request TouchRequest(protocol::Operation operation, absl::string_view key,
                                      std::int64_t exptime_s) {
  protocol::Request request = KeyRequest(operation, key);
  request.exptime_s = exptime_s;
  return request;
}

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_KEY_REQUESTS_H_

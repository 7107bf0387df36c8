// The data block of a storage request on its way out.
//
// Thread safety: a plain value.

#ifndef RINGCACHE_CLIENT_OUTGOING_VALUE_H_
#define RINGCACHE_CLIENT_OUTGOING_VALUE_H_

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace ringcache::client {

struct OutgoingValue {
  // Below this a copy into the request's line is cheaper than a span of its own (on loopback a span
  // costs two to three copies at 256 bytes and breaks even at 2 to 4 KiB); also the bytes that a
  // call made with a borrowed value has copied.
  static constexpr std::size_t kCopyBytes = 4096;

  absl::string_view bytes;
  // Keeps `bytes` alive until they are sent. Null: they are copied before the call returns.
  std::shared_ptr<const void> owner;

  static OutgoingValue Borrowed(absl::string_view bytes) { return {bytes, nullptr}; }
  // A long value is sent from where it lies.
  static OutgoingValue Owned(std::string value) {
    auto shared = std::make_shared<const std::string>(std::move(value));
    const absl::string_view bytes(*shared);
    return {bytes, std::move(shared)};
  }
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_OUTGOING_VALUE_H_

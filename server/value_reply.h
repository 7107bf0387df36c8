// Appends a header and an item's value: copied up to ReplyBuffer::kPinBytes, pinned above.
//
// Thread safety: runs under the item's lock, in a visitor of Store::Access.

#ifndef RINGCACHE_SERVER_VALUE_REPLY_H_
#define RINGCACHE_SERVER_VALUE_REPLY_H_

#include <cstddef>
#include <cstring>
#include <utility>

#include "protocol/reply_writer.h"
#include "server/reply_buffer.h"
#include "storage/item_access.h"

namespace ringcache::server {

// `write_header(char* out)` writes at most `header_bytes` and returns the end. False, and nothing
// is appended, if clients hold too much of the cache already.
template <typename WriteHeader>
inline bool AppendValueReply(storage::ItemEditor& editor, std::size_t header_bytes,
                             WriteHeader write_header, ReplyBuffer* reply) {
  const absl::string_view value = editor.item().value();
  if (editor.item().value_bytes() <= ReplyBuffer::kPinBytes) {
    char* out = write_header(reply->Reserve(header_bytes + value.size() + 2));
    std::memcpy(out, value.data(), value.size());
    reply->Commit(protocol::WriteNewline(out + value.size()));
    return true;
  }
  storage::PinnedItem pin = editor.Pin();
  if (!pin) return false;
  reply->Commit(write_header(reply->Reserve(header_bytes)));
  reply->AppendPinned(std::move(pin));
  reply->Append("\r\n");
  return true;
}

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_VALUE_REPLY_H_

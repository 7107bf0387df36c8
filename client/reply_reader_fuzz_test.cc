// Any bytes as the replies of a server, in pieces of any size: the reader finds the same replies as
// if they had come at once, and as if it gave long values in parts, and asks for no more memory
// than has come. The first byte chooses the
// operation, the second the sizes of the pieces.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "client/reply_reader.h"
#include "net/buffer_pool.h"
#include "protocol/operation.h"

namespace ringcache::client {
namespace {

constexpr std::size_t kBufferBytes = 8192;
constexpr std::uint32_t kMaxValueBytes = 1 << 20;

void Require(bool condition) {
  if (!condition) std::abort();
}

// What a reader made of `input`, which came in pieces of at most `most_bytes`.
std::string Read(absl::string_view input, protocol::Operation operation, std::size_t most_bytes,
                 std::uint32_t seed, std::size_t max_held_value_bytes = kMaxValueBytes) {
  std::minstd_rand random(seed);
  net::BufferPool buffers({.buffer_bytes = kBufferBytes, .max_free = 1});
  ReplyReader reader(&buffers, {kMaxValueBytes, max_held_value_bytes});
  protocol::Reply reply;
  ReceivedValue value;
  std::string found;
  std::string parts;
  while (!input.empty()) {
    const absl::Span<char> room = reader.Lend();
    Require(!room.empty() && room.size() <= 2 * kMaxValueBytes);
    const std::size_t piece = 1 + random() % most_bytes;
    const std::size_t bytes = std::min({piece, room.size(), input.size()});
    std::memcpy(room.data(), input.data(), bytes);
    input.remove_prefix(bytes);
    reader.Received(bytes);
    ReadStatus status;
    while ((status = reader.Next(operation, &reply, &value)) < ReadStatus::kNeedMore) {
      if (status == ReadStatus::kPart) absl::StrAppend(&parts, value.bytes);
      if (status != ReadStatus::kReply) continue;
      const std::string bytes = value.in_parts ? std::exchange(parts, {}) : value.Take();
      if (protocol::HasValue(reply.kind)) Require(bytes.size() == reply.value_bytes);
      absl::StrAppend(&found, static_cast<int>(reply.kind), "<", bytes, ">");
    }
    if (status == ReadStatus::kInvalid) return found + "invalid";
    reader.ReleaseIfEmpty();
  }
  return found;
}

void TestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return;
  const auto operation = static_cast<protocol::Operation>(data[0] % protocol::kOperationCount);
  const absl::string_view input(reinterpret_cast<const char*>(data + 2), size - 2);
  const std::string at_once = Read(input, operation, kBufferBytes, 1);
  const std::string in_pieces = Read(input, operation, 1 + data[1], data[1] + 1u);
  Require(at_once == in_pieces);
  Require(at_once == Read(input, operation, 1 + data[1], data[1] + 1u, 0));
}

}  // namespace
}  // namespace ringcache::client

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ringcache::client::TestOneInput(data, size);
  return 0;
}

// Any bytes as a reply to any operation, which the first byte of the input chooses: the parser
// reads nothing past its input and its answers keep their contract.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "absl/strings/string_view.h"
#include "protocol/operation.h"
#include "protocol/parse_result.h"
#include "protocol/reply.h"
#include "protocol/reply_parser.h"

namespace ringcache::protocol {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

void TestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return;
  const auto operation = static_cast<Operation>(data[0] % kOperationCount);
  // A copy of exactly this size, so that AddressSanitizer sees a read past the end.
  const std::unique_ptr<char[]> copy(new char[size]);
  for (std::size_t i = 1; i < size; ++i) copy[i - 1] = static_cast<char>(data[i]);
  absl::string_view input(copy.get(), size - 1);
  while (!input.empty()) {
    Reply reply;
    const ReplyResult result = ParseReply(input, operation, &reply);
    if (result.status == ReplyStatus::kNeedMore) {
      Require(input.size() < kMaxReplyLineBytes);
      return;
    }
    if (result.status == ReplyStatus::kInvalid) return;
    Require(result.consumed > 0 && result.consumed <= input.size());
    Require(input[result.consumed - 1] == '\n');
    if (HasValue(reply.kind)) Require(reply.value_bytes <= kMaxValueBytes);
    if (IsError(reply.kind)) Require(EndsReplies(operation, reply.kind));
    input.remove_prefix(result.consumed);
  }
}

}  // namespace ringcache::protocol

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ringcache::protocol::TestOneInput(data, size);
  return 0;
}

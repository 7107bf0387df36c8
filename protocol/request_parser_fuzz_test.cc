// Any bytes: the parser reads nothing past its input, its answers keep their contract, and what it
// accepts survives being written and parsed again.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "protocol/base64_key.h"
#include "protocol/key_iterator.h"
#include "protocol/parse_result.h"
#include "protocol/request.h"
#include "protocol/request_parser.h"
#include "protocol/request_writer.h"

namespace ringcache::protocol {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

void CheckRequest(const Request& request) {
  char scratch[kMaxKeyBytes];
  if (request.key_is_base64) Require(!KeyBytes(request, scratch).empty());
  if (!request.key_is_base64) Require(request.key.size() <= kMaxKeyBytes);
  Require(request.meta.opaque.size() <= kMaxOpaqueBytes || !request.meta.has.Has('O'));
}

void CheckRoundTrip(const Request& request) {
  const std::size_t bound = MaxRequestBytes(request);
  std::string written(bound, '\0');
  const char* end = WriteRequest(written.data(), request);
  const auto size = static_cast<std::size_t>(end - written.data());
  Require(size <= bound);
  if (size > kMaxLineBytes) return;
  Request again;
  const ParseResult result = ParseRequest(absl::string_view(written.data(), size), &again);
  Require(result.status == ParseStatus::kOk && result.consumed == size);
  Require(again.operation == request.operation && again.quiet == request.quiet);
  Require(again.key == request.key && again.keys == request.keys);
  Require(again.meta.has == request.meta.has);
}

}  // namespace

void TestOneInput(const std::uint8_t* data, std::size_t size) {
  // A copy of exactly this size, so that AddressSanitizer sees a read past the end.
  const std::unique_ptr<char[]> copy(new char[size]);
  for (std::size_t i = 0; i < size; ++i) copy[i] = static_cast<char>(data[i]);
  absl::string_view input(copy.get(), size);
  while (!input.empty()) {
    Request request;
    const ParseResult result = ParseRequest(input, &request);
    switch (result.status) {
      case ParseStatus::kOk:
        CheckRequest(request);
        CheckRoundTrip(request);
        break;
      case ParseStatus::kInvalid:
        Require(!ErrorText(result.error).empty());
        break;
      case ParseStatus::kNeedMore:
        Require(input.size() < kMaxMultigetLineBytes);
        return;
      case ParseStatus::kClose:
        Require(result.close_reason != CloseReason::kNone);
        return;
    }
    Require(result.consumed > 0 && result.consumed <= input.size());
    Require(input[result.consumed - 1] == '\n');
    input.remove_prefix(result.consumed);
  }
}

}  // namespace ringcache::protocol

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ringcache::protocol::TestOneInput(data, size);
  return 0;
}

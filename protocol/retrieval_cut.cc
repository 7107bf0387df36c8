#include "protocol/retrieval_cut.h"

#include "absl/strings/string_view.h"
#include "protocol/operation.h"
#include "protocol/parse_result.h"
#include "protocol/request_parser.h"

namespace ringcache::protocol {

std::optional<RetrievalCut> CutRetrieval(absl::Span<char> input, Request* request) {
  const absl::string_view text(input.data(), input.size());
  const std::size_t cut = text.rfind(' ', text.find_last_not_of(' '));
  if (text.size() < kMaxMultigetLineBytes || cut == absl::string_view::npos ||
      text.size() - cut > kMaxKeyBytes + 1) {
    return std::nullopt;
  }
  input[cut] = '\n';
  const ParseResult parsed = ParseRequest(text.substr(0, cut + 1), request);
  if (parsed.status != ParseStatus::kOk || !IsRetrieval(request->operation)) return std::nullopt;
  const auto head_bytes = static_cast<std::size_t>(request->keys.data() - text.data());
  if (head_bytes > kMaxLineBytes) return std::nullopt;
  RetrievalCut result{parsed.consumed, std::string(text.substr(0, head_bytes))};
  if (result.head.back() != ' ') result.head += ' ';
  return result;
}

}  // namespace ringcache::protocol

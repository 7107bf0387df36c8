#include "router/fuzz/reference_router.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "protocol/base64_key.h"
#include "protocol/key_iterator.h"
#include "protocol/operation.h"
#include "protocol/standard_reply.h"
#include "router/fuzz/simulated_router.h"

namespace ringcache::router {

using protocol::Operation;
using protocol::ReplyKind;
using protocol::Request;

namespace {

constexpr absl::string_view kEnd = "END\r\n";
constexpr absl::string_view kAdminPrefix = "__mcrouter__.";

bool HasKey(Operation operation) { return operation < Operation::kMetaNoOp; }

}  // namespace

std::optional<std::string> ReferenceRouter::Answer(const Request& request, absl::string_view value,
                                                   absl::Time now) {
  if (IsRetrieval(request.operation)) return Retrieve(request, now);
  if (HasKey(request.operation)) {
    char scratch[protocol::kMaxKeyBytes];
    return CacheOf(protocol::KeyBytes(request, scratch)).Execute(request, value, now);
  }
  if (request.operation == Operation::kMetaNoOp) return "MN\r\n";
  if (request.operation == Operation::kConfig) return std::nullopt;
  if (request.operation == Operation::kStats && !request.arguments.empty()) return std::nullopt;
  if (request.operation == Operation::kFlushAll && flushes_) {
    for (client::PlainCache& cache : caches_) cache.Clear();
  }
  const bool hidden =
      request.quiet && protocol::QuietHides(request.operation, protocol::ReplyKind::kOk);
  return hidden ? std::string() : std::string(SimulatedRouter::LocalAnswer(request));
}

std::string ReferenceRouter::Retrieve(const Request& request, absl::Time now) {
  protocol::KeyIterator iterator(request.keys);
  std::vector<absl::string_view> keys;
  for (absl::string_view key; iterator.Next(&key);) keys.push_back(key);
  absl::string_view command = keys.front();
  if (keys.size() == 1 && absl::ConsumePrefix(&command, kAdminPrefix)) {
    const std::string text = SimulatedRouter::AdminAnswer(command);
    return absl::StrCat("VALUE ", keys.front(), " 0 ", text.size(), "\r\n", text, "\r\n", kEnd);
  }
  std::string reply;
  for (const absl::string_view key : keys) {
    Request one = request;
    one.keys = key;
    const std::string found = CacheOf(key).Execute(one, {}, now);
    absl::StrAppend(&reply, absl::StripSuffix(found, kEnd));
  }
  return absl::StrCat(reply, kEnd);
}

}  // namespace ringcache::router

#include "router/route/rewriting/big_value_route.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "protocol/base64_key.h"
#include "router/route/children.h"
#include "router/route/exptime.h"
#include "router/route/gathering.h"
#include "router/route/rewriting/with_key.h"
#include "router/route/stable_hash.h"

namespace ringcache::router {
namespace {

using protocol::MetaSetMode;
using protocol::Operation;

// More than any value needs that may be held.
constexpr std::uint32_t kMaxChunks = 1 << 20;

// Appending changes what is there, which is not known here.
bool StoresWhole(const protocol::Request& request) {
  switch (request.operation) {
    case Operation::kSet:
    case Operation::kAdd:
    case Operation::kReplace:
    case Operation::kCas:
      return true;
    case Operation::kMetaSet:
      return request.meta.mode == MetaSetMode::kSet || request.meta.mode == MetaSetMode::kAdd ||
             request.meta.mode == MetaSetMode::kReplace;
    default:
      return false;
  }
}

// With the size of the value that the client sees: flag s.
std::string WithSize(absl::string_view flags, std::size_t bytes) {
  std::vector<std::string> words = absl::StrSplit(flags, ' ', absl::SkipEmpty());
  for (std::string& word : words) {
    if (word[0] == 's') word = absl::StrCat("s", bytes);
  }
  return absl::StrJoin(words, " ");
}

}  // namespace

BigValueRoute::BigValueRoute(Route* target, const BigValueOptions& options,
                             const RouteSettings& settings)
    : target_(*target),
      options_(options),
      writer_(StableHash(absl::StrCat(settings.host_id, "/", settings.seed))) {}

std::uint32_t BigValueRoute::NewId(absl::Time now) {
  return static_cast<std::uint32_t>(
      StableHash(absl::StrCat(absl::ToUnixNanos(now), "/", ++split_), writer_));
}

bool BigValueRoute::Splits(const protocol::Request& request) const {
  return request.value_bytes > options_.threshold_bytes && StoresWhole(request);
}

Task<Reply> BigValueRoute::Send(Call& call, const RouteRequest& request) {
  if (Retrieves(request.operation())) return Read(call, request);
  const bool splits = protocol::HasDataBlock(request.operation()) && Splits(request.request);
  return splits ? Store(call, request) : target_.Send(call, request);
}

FirstStep BigValueRoute::First(const protocol::Request& request, absl::string_view key) {
  if (Retrieves(request.operation)) return {};
  if (protocol::HasDataBlock(request.operation) && Splits(request)) return {};
  return target_.First(request, key);
}

Task<Reply> BigValueRoute::Store(Call& call, const RouteRequest& request) {
  const absl::string_view value = request.value.bytes;
  if (value.size() > options_.max_bytes) co_return ErrorReply(kTooLarge);
  Chunks chunks;
  chunks.bytes = value.size();
  const std::size_t threshold = options_.threshold_bytes;
  chunks.count = static_cast<std::uint32_t>((value.size() + threshold - 1) / threshold);
  chunks.id = NewId(call.loop().WallNow());
  std::vector<const RouteRequest*> requests;
  for (std::uint32_t number = 0; number < chunks.count; ++number) {
    requests.push_back(
        ForChunk(call, request, chunks, number, value.substr(number * threshold, threshold)));
    if (requests.back() == nullptr) co_return ErrorReply(kTooLarge);
  }
  std::vector<Reply> replies = co_await AskAll(call, requests);
  for (Reply& reply : replies) {
    if (reply.is_error()) co_return std::move(reply);
    if (reply.verdict() != Verdict::kDone) co_return ErrorReply(kNotStored);
  }
  RouteRequest main = request;
  main.value = client::OutgoingValue::Owned(
      absl::StrCat(kMark, chunks.count, ":", chunks.id, ":", chunks.bytes));
  main.request.value_bytes = static_cast<std::uint32_t>(main.value.bytes.size());
  co_return co_await target_.Send(call, call.Make(std::move(main)));
}

Task<Reply> BigValueRoute::Read(Call& call, const RouteRequest& request) {
  Reply reply = co_await target_.Send(call, request);
  if (!reply.is_hit() || !absl::StartsWith(reply.value.bytes, kMark)) co_return reply;
  const std::optional<Chunks> chunks = ParseChunks(reply.value.bytes);
  if (!chunks) co_return DefaultReply(request.operation());
  std::vector<const RouteRequest*> requests;
  for (std::uint32_t number = 0; number < chunks->count; ++number) {
    requests.push_back(ForChunk(call, request, *chunks, number, {}));
    if (requests.back() == nullptr) co_return DefaultReply(request.operation());
  }
  std::vector<Reply> replies = co_await AskAll(call, requests);
  std::string value;
  value.reserve(chunks->bytes);
  for (Reply& part : replies) {
    if (part.is_error()) co_return std::move(part);
    if (!part.is_hit() || value.size() + part.value.bytes.size() > chunks->bytes) break;
    absl::StrAppend(&value, part.value.bytes);
  }
  if (value.size() != chunks->bytes) co_return DefaultReply(request.operation());
  reply.text = WithSize(reply.text, value.size());
  reply.value = client::OutgoingValue::Owned(std::move(value));
  co_return reply;
}

Task<std::vector<Reply>> BigValueRoute::AskAll(Call& call,
                                               const std::vector<const RouteRequest*>& requests) {
  std::vector<Reply> replies(requests.size());
  Gathering gathering(&call);
  std::size_t started = 0;
  bool failed = false;
  while (gathering.left() > 0 || (started < requests.size() && !failed)) {
    while (!failed && started < requests.size() && gathering.left() < options_.batch) {
      gathering.Start(target_.Send(call, *requests[started++]));
    }
    Gathering::Part part = co_await gathering.Next();
    failed |= part.reply.is_error();
    replies[part.index] = std::move(part.reply);
  }
  // Those that were not asked for have an error of their own.
  co_return replies;
}

const RouteRequest* BigValueRoute::ForChunk(Call& call, const RouteRequest& request,
                                            const Chunks& chunks, std::uint32_t number,
                                            absl::string_view value) {
  const std::optional<std::int64_t> exptime = ExptimeOf(request.request);
  const bool is_base64 = request.request.key_is_base64;
  RouteRequest chunk;
  chunk.request.key_is_base64 = is_base64;
  if (protocol::HasDataBlock(request.operation())) {
    chunk.request.operation = is_base64 ? Operation::kMetaSet : Operation::kSet;
    chunk.value = {value, request.value.owner};
    chunk.request.value_bytes = static_cast<std::uint32_t>(value.size());
  } else if (is_base64) {
    chunk.request.operation = Operation::kMetaGet;
    for (const char flag : {'k', 'v'}) chunk.request.meta.has.Add(flag);
  } else {
    chunk.request.operation = exptime ? Operation::kGat : Operation::kGet;
  }
  if (exptime) SetExptime(*exptime, &chunk.request);
  char scratch[protocol::kMaxKeyBytes];
  return WithKey(
      call, chunk,
      absl::StrCat(protocol::KeyBytes(request.request, scratch), ":", number, ":", chunks.id));
}

std::optional<BigValueRoute::Chunks> BigValueRoute::ParseChunks(absl::string_view value) const {
  const std::vector<absl::string_view> words = absl::StrSplit(value.substr(kMark.size()), ':');
  Chunks chunks;
  if (words.size() != 3 || !absl::SimpleAtoi(words[0], &chunks.count) ||
      !absl::SimpleAtoi(words[1], &chunks.id) || !absl::SimpleAtoi(words[2], &chunks.bytes)) {
    return std::nullopt;
  }
  const bool is_held = chunks.bytes <= options_.max_bytes && chunks.count <= kMaxChunks &&
                       chunks.count <= chunks.bytes;
  return is_held ? std::optional<Chunks>(chunks) : std::nullopt;
}

void BigValueRoute::Visit(const RouteRequest& request, RouteVisitor* visitor, int depth) const {
  visitor->OnRoute(*this, depth);
  target_.Visit(request, visitor, depth + 1);
}

absl::StatusOr<Route*> MakeBigValueRoute(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status = node.AllowOnly({"target", "split_threshold", "batch_size"});
      !status.ok()) {
    return status;
  }
  const absl::StatusOr<Route*> target = ReadChild(node, "target", builder);
  if (!target.ok()) return target.status();
  BigValueOptions options;
  options.max_bytes = builder->settings().max_held_value_bytes;
  const std::int64_t most =
      std::max(static_cast<std::int64_t>(options.max_bytes), BigValueOptions::kMinThresholdBytes);
  const absl::StatusOr<std::int64_t> threshold = node.GetInteger(
      "split_threshold", std::min(static_cast<std::int64_t>(options.threshold_bytes), most),
      BigValueOptions::kMinThresholdBytes, most);
  if (!threshold.ok()) return threshold.status();
  options.threshold_bytes = static_cast<std::size_t>(*threshold);
  const absl::StatusOr<std::int64_t> batch = node.GetInteger(
      "batch_size", static_cast<std::int64_t>(options.batch), 1, BigValueOptions::kMaxBatch);
  if (!batch.ok()) return batch.status();
  options.batch = static_cast<std::size_t>(*batch);
  return builder->Own(std::make_unique<BigValueRoute>(*target, options, builder->settings()));
}

}  // namespace ringcache::router

#include "router/fuzz/reply_match.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>

#include "protocol/key_iterator.h"
#include "protocol/reply.h"
#include "protocol/reply_parser.h"
#include "protocol/standard_reply.h"

namespace ringcache::router {
namespace {

using protocol::Operation;
using protocol::Reply;
using protocol::ReplyKind;
using protocol::ReplyStatus;

constexpr absl::string_view kNewline = "\r\n";

// Reads the replies to one request.
class OneReply {
 public:
  enum class Outcome : std::uint8_t { kWhole, kIncomplete, kWrong };

  OneReply(const Asked& asked, absl::string_view heard, std::vector<FoundValue>* values)
      : asked_(asked),
        rest_(heard),
        values_(*values),
        keys_left_(asked.keys.begin(), asked.keys.end()) {}

  Outcome Read() {
    for (;;) {
      Reply reply;
      const protocol::ReplyResult parsed = protocol::ParseReply(rest_, asked_.operation, &reply);
      if (parsed.status == ReplyStatus::kInvalid) return Outcome::kWrong;
      if (parsed.status == ReplyStatus::kNeedMore) return Outcome::kIncomplete;
      if (asked_.refused && !protocol::IsError(reply.kind)) return Outcome::kWrong;
      if (!IsOfItsKeys(reply) || IsHidden(reply.kind)) return Outcome::kWrong;
      rest_.remove_prefix(parsed.consumed);
      const Outcome block = ReadBlock(reply);
      if (block != Outcome::kWhole) return block;
      if (protocol::EndsReplies(asked_.operation, reply.kind)) return Outcome::kWhole;
    }
  }
  absl::string_view rest() const { return rest_; }

 private:
  // Each as often as it was asked for. Long values come before the others of their line.
  bool IsOfItsKeys(const Reply& reply) {
    const bool names_key =
        reply.kind == ReplyKind::kValue || reply.kind == ReplyKind::kMetaDebug ||
        (IsMeta(asked_.operation) && !protocol::IsError(reply.kind) && !reply.key.empty());
    if (!names_key) return true;
    const auto found = std::find(keys_left_.begin(), keys_left_.end(), reply.key);
    if (found == keys_left_.end()) return false;
    keys_left_.erase(found);
    return true;
  }
  bool IsHidden(ReplyKind kind) const {
    return asked_.quiet && protocol::QuietHides(asked_.operation, kind);
  }

  Outcome ReadBlock(const Reply& reply) {
    if (!protocol::HasValue(reply.kind)) return Outcome::kWhole;
    const std::size_t bytes = reply.value_bytes;
    if (rest_.size() < bytes + kNewline.size()) return Outcome::kIncomplete;
    if (rest_.substr(bytes, kNewline.size()) != kNewline) return Outcome::kWrong;
    values_.push_back({reply.key, rest_.substr(0, bytes)});
    rest_.remove_prefix(bytes + kNewline.size());
    return Outcome::kWhole;
  }

  const Asked& asked_;
  absl::string_view rest_;
  std::vector<FoundValue>& values_;
  std::vector<absl::string_view> keys_left_;
};

}  // namespace

Asked Asked::Of(const protocol::Request& request) {
  Asked asked;
  asked.operation = request.operation;
  if (!IsRetrieval(request.operation)) {
    asked.quiet = request.quiet;
    asked.keys.emplace_back(request.key);
    return asked;
  }
  protocol::KeyIterator iterator(request.keys);
  for (absl::string_view key; iterator.Next(&key);) asked.keys.emplace_back(key);
  return asked;
}

Asked Asked::Refused() {
  Asked asked;
  asked.refused = true;
  return asked;
}

ReplyMatch MatchReplies(absl::Span<const Asked> asked, absl::string_view heard, bool cut) {
  ReplyMatch match;
  // Where the replies so far may end: more than one place, since a quiet request may have none.
  std::set<std::size_t> ends = {0};
  for (const Asked& one : asked) {
    std::set<std::size_t> next;
    if (one.quiet || one.may_be_unanswered) next = ends;
    for (const std::size_t end : ends) {
      if (cut && end == heard.size()) match.matches = true;
      OneReply reply(one, heard.substr(end), &match.values);
      const OneReply::Outcome outcome = reply.Read();
      if (outcome == OneReply::Outcome::kWhole) next.insert(heard.size() - reply.rest().size());
      if (outcome == OneReply::Outcome::kIncomplete && cut) match.matches = true;
    }
    ends = std::move(next);
  }
  match.matches = match.matches || ends.count(heard.size()) > 0;
  return match;
}

}  // namespace ringcache::router

#include "router/route/transcript.h"

#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/call_failure.h"
#include "client/outgoing_value.h"
#include "protocol/key_iterator.h"
#include "protocol/request_parser.h"
#include "protocol/request_writer.h"

namespace ringcache::router {
namespace {

using protocol::ReplyKind;

constexpr absl::string_view kBeforeValue = " = ";

struct Word {
  ReplyKind kind;
  absl::string_view word;
};
// The kinds that are a word, perhaps with flags after it.
constexpr Word kWords[] = {
    {ReplyKind::kEnd, "END"},
    {ReplyKind::kStored, "STORED"},
    {ReplyKind::kNotStored, "NOT_STORED"},
    {ReplyKind::kExists, "EXISTS"},
    {ReplyKind::kNotFound, "NOT_FOUND"},
    {ReplyKind::kDeleted, "DELETED"},
    {ReplyKind::kTouched, "TOUCHED"},
    {ReplyKind::kOk, "OK"},
    {ReplyKind::kMetaDone, "HD"},
    {ReplyKind::kMetaMiss, "EN"},
    {ReplyKind::kMetaNotFound, "NF"},
    {ReplyKind::kMetaNotStored, "NS"},
    {ReplyKind::kMetaExists, "EX"},
    {ReplyKind::kMetaDebug, "ME"},
    {ReplyKind::kMetaNoOp, "MN"},
};

constexpr client::CallFailure kFailures[] = {
    client::CallFailure::kNotConnected,   client::CallFailure::kTimedOut,
    client::CallFailure::kConnectionLost, client::CallFailure::kProtocolError,
    client::CallFailure::kQueueFull,      client::CallFailure::kMemberDown,
    client::CallFailure::kNoMembers,      client::CallFailure::kClosed};

[[noreturn]] void Abort(absl::string_view text) {
  std::fprintf(stderr, "not a line of a transcript: %s\n", std::string(text).c_str());
  std::abort();
}

std::string WithFlags(absl::string_view start, absl::string_view flags) {
  return flags.empty() ? std::string(start) : absl::StrCat(start, " ", flags);
}

Reply ValueReply(const std::vector<absl::string_view>& words) {
  Reply reply;
  reply.kind = ReplyKind::kValue;
  if (words.size() < 3 || !absl::SimpleAtoi(words[1], &reply.client_flags)) Abort(words[0]);
  reply.value = client::OutgoingValue::Owned(std::string(words[2]));
  reply.has_cas = words.size() == 5 && absl::SimpleAtoi(words[4], &reply.cas);
  return reply;
}

Reply MetaValueReply(const std::vector<absl::string_view>& words) {
  Reply reply;
  reply.kind = ReplyKind::kMetaValue;
  if (words.size() < 2) Abort(words[0]);
  reply.value = client::OutgoingValue::Owned(std::string(words[1]));
  reply.text = absl::StrJoin(words.begin() + 2, words.end(), " ");
  return reply;
}

}  // namespace

std::string TextOf(const RouteRequest& request) {
  std::string line(protocol::MaxRequestBytes(request.request), '\0');
  char* const end = protocol::WriteRequest(line.data(), request.request);
  line.resize(static_cast<std::size_t>(end - line.data()) - 2);
  if (protocol::HasDataBlock(request.operation())) {
    absl::StrAppend(&line, kBeforeValue, request.value.bytes);
  }
  return line;
}

std::string TextOf(const Reply& reply) {
  if (reply.failure) return absl::StrCat("!", client::FailureText(*reply.failure));
  for (const Word& word : kWords) {
    if (word.kind == reply.kind) return WithFlags(word.word, reply.text);
  }
  switch (reply.kind) {
    case ReplyKind::kValue: {
      const std::string text = absl::StrCat("VALUE ", reply.client_flags, " ", reply.value.bytes);
      return reply.has_cas ? absl::StrCat(text, " cas ", reply.cas) : text;
    }
    case ReplyKind::kMetaValue:
      return WithFlags(absl::StrCat("VA ", reply.value.bytes), reply.text);
    case ReplyKind::kNumber:
      return absl::StrCat(reply.number);
    default:
      return reply.text;
  }
}

RouteRequest RequestOf(absl::string_view text) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits(kBeforeValue, 1));
  RouteRequest request;
  // The parsed views are to point to `text`: the end of the line is the only copy.
  const std::string line = absl::StrCat(parts.first, "\r\n");
  protocol::Request parsed;
  if (protocol::ParseRequest(line, &parsed).status != protocol::ParseStatus::kOk) Abort(text);
  const auto in_text = [&](absl::string_view view) {
    return view.empty()
               ? view
               : text.substr(static_cast<std::size_t>(view.data() - line.data()), view.size());
  };
  if (!parsed.keys.empty()) {
    protocol::KeyIterator keys(parsed.keys);
    keys.Next(&parsed.key);
    parsed.keys = {};
  }
  parsed.key = in_text(parsed.key);
  parsed.arguments = in_text(parsed.arguments);
  parsed.meta.text = in_text(parsed.meta.text);
  parsed.meta.opaque = in_text(parsed.meta.opaque);
  request.request = parsed;
  if (protocol::HasDataBlock(parsed.operation)) {
    request.value = client::OutgoingValue::Owned(std::string(parts.second));
    request.request.value_bytes = static_cast<std::uint32_t>(parts.second.size());
  }
  return request;
}

Reply ReplyOf(absl::string_view text) {
  for (const client::CallFailure failure : kFailures) {
    if (text == absl::StrCat("!", client::FailureText(failure))) return FailureReply(failure);
  }
  const std::vector<absl::string_view> words = absl::StrSplit(text, ' ');
  if (words[0] == "VALUE") return ValueReply(words);
  if (words[0] == "VA") return MetaValueReply(words);
  if (absl::StrContains(words[0], "ERROR")) return ErrorReply(text);
  Reply reply;
  for (const Word& word : kWords) {
    if (word.word != words[0]) continue;
    reply.kind = word.kind;
    reply.text = absl::StrJoin(words.begin() + 1, words.end(), " ");
    return reply;
  }
  reply.kind = ReplyKind::kNumber;
  if (!absl::SimpleAtoi(text, &reply.number)) Abort(text);
  return reply;
}

}  // namespace ringcache::router

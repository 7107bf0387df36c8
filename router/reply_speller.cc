#include "router/reply_speller.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "protocol/key_iterator.h"
#include "protocol/reply_writer.h"
#include "protocol/standard_reply.h"

namespace ringcache::router {
namespace {

using protocol::ReplyKind;
using protocol::StandardReply;

// Of kinds that are one line that never varies; kError for others.
StandardReply StandardReplyOf(ReplyKind kind) {
  for (const protocol::StandardReplyRow& row : protocol::kStandardReplies) {
    if (row.kind == kind) return row.reply;
  }
  return StandardReply::kError;
}

// Of a returned flag among those that the client sent; what it did not ask for comes last.
std::size_t PlaceOf(char letter, const protocol::Request& request) {
  // b says how the key is spelled, and follows it.
  if (letter == 'b') letter = 'k';
  std::size_t place = 0;
  protocol::MetaFlagIterator iterator(request.meta.text);
  for (protocol::MetaFlag flag; iterator.Next(&flag) && flag.letter != letter;) ++place;
  return place;
}

// The flags of a meta reply with the client's key, and with what the client asked to be returned if
// this router made the reply. With a leading space, if there are any. A route may have asked for
// them in another order than the client, who hears them in its own; what a member adds comes last.
std::string MetaFlags(const protocol::Request& request, const Reply& reply) {
  if (reply.text.empty()) {
    char flags[protocol::kMaxMetaHeaderBytes];
    char* const end = protocol::WriteReturnedIdentity(flags, request);
    return std::string(flags, end);
  }
  std::vector<protocol::MetaFlag> returned;
  protocol::MetaFlagIterator iterator(reply.text);
  for (protocol::MetaFlag flag; iterator.Next(&flag);) returned.push_back(flag);
  std::stable_sort(returned.begin(), returned.end(),
                   [&](const protocol::MetaFlag& a, const protocol::MetaFlag& b) {
                     return PlaceOf(a.letter, request) < PlaceOf(b.letter, request);
                   });
  std::string flags;
  for (const protocol::MetaFlag& flag : returned) {
    const absl::string_view token = flag.letter == 'k' ? request.key : flag.token;
    absl::StrAppend(&flags, " ", absl::string_view(&flag.letter, 1), token);
  }
  return flags;
}

std::string ValueHeader(const protocol::Request& request, const Reply& reply) {
  char header[protocol::kMaxValueHeaderBytes];
  const auto bytes = static_cast<std::uint32_t>(reply.value.bytes.size());
  char* const end =
      reply.has_cas
          ? protocol::WriteValueHeader(header, request.key, reply.client_flags, bytes, reply.cas)
          : protocol::WriteValueHeader(header, request.key, reply.client_flags, bytes);
  return std::string(header, end);
}

std::string MetaLine(ReplyKind kind, const protocol::Request& request, const Reply& reply) {
  char code[2];
  protocol::WriteMetaCode(code, kind);
  return absl::StrCat(absl::string_view(code, sizeof(code)), MetaFlags(request, reply), "\r\n");
}

}  // namespace

void SpellReply(const protocol::Request& request, const Reply& reply, bool ends_retrieval,
                ReplyText* text) {
  text->Clear();
  switch (reply.kind) {
    case ReplyKind::kValue:
      text->Own(ValueHeader(request, reply));
      text->AppendValue(reply.value);
      text->Append(ends_retrieval ? "\r\nEND\r\n" : "\r\n");
      return;
    case ReplyKind::kMetaValue:
      text->Own(absl::StrCat("VA ", reply.value.bytes.size(), MetaFlags(request, reply), "\r\n"));
      text->AppendValue(reply.value);
      text->Append("\r\n");
      return;
    case ReplyKind::kEnd:
      if (ends_retrieval) text->Set("END\r\n");
      return;
    case ReplyKind::kMetaDone:
    case ReplyKind::kMetaMiss:
    case ReplyKind::kMetaNotFound:
    case ReplyKind::kMetaNotStored:
    case ReplyKind::kMetaExists:
      return text->Own(MetaLine(reply.kind, request, reply));
    case ReplyKind::kStored:
    case ReplyKind::kNotStored:
    case ReplyKind::kExists:
    case ReplyKind::kNotFound:
    case ReplyKind::kDeleted:
    case ReplyKind::kTouched:
    case ReplyKind::kOk:
    case ReplyKind::kReset:
    case ReplyKind::kMetaNoOp:
      return text->Set(protocol::ReplyText(StandardReplyOf(reply.kind)));
    case ReplyKind::kNumber:
      return text->Own(absl::StrCat(reply.number, "\r\n"));
    case ReplyKind::kVersion:
      return text->Own(absl::StrCat("VERSION ", reply.text, "\r\n"));
    case ReplyKind::kMetaDebug:
      return text->Own(absl::StrCat("ME ", request.key, " ", reply.text, "\r\n"));
    case ReplyKind::kStat:
    case ReplyKind::kConfig:
    case ReplyKind::kError:
    case ReplyKind::kClientError:
    case ReplyKind::kServerError:
    case ReplyKind::kText:
      return text->Own(absl::StrCat(reply.text, "\r\n"));
  }
}

}  // namespace ringcache::router

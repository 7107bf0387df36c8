#include "server/event_record.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

namespace ringcache::server {
namespace {

absl::string_view NameOf(EventStatus status) {
  switch (status) {
    case EventStatus::kNone:
      return "na";
    case EventStatus::kFound:
      return "found";
    case EventStatus::kNotFound:
      return "not_found";
    case EventStatus::kFlushed:
      return "flushed";
    case EventStatus::kExpired:
      return "expired";
    case EventStatus::kStored:
      return "stored";
    case EventStatus::kNotStored:
      return "not_stored";
    case EventStatus::kExists:
      return "exists";
    case EventStatus::kTooLarge:
      return "too_large";
    case EventStatus::kNoMemory:
      return "no_memory";
    case EventStatus::kError:
      return "error";
    case EventStatus::kNormal:
      return "normal";
    case EventStatus::kIdleTimeout:
      return "idle_timeout";
    case EventStatus::kShutdown:
      return "shutdown";
  }
  return "na";
}

absl::string_view NameOf(EventCommand command) {
  switch (command) {
    case EventCommand::kNone:
      return "na";
    case EventCommand::kSet:
      return "set";
    case EventCommand::kAdd:
      return "add";
    case EventCommand::kReplace:
      return "replace";
    case EventCommand::kAppend:
      return "append";
    case EventCommand::kPrepend:
      return "prepend";
    case EventCommand::kCas:
      return "cas";
    case EventCommand::kDelete:
      return "delete";
    case EventCommand::kMetaDelete:
      return "md";
  }
  return "na";
}

// RFC 3986: all but the unreserved characters as %XX, so a key is one word of one line.
void AppendKey(absl::string_view key, std::string* out) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (const char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte) || c == '-' || c == '.' || c == '_' || c == '~') {
      out->push_back(c);
    } else {
      out->append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
    }
  }
}

void AppendConnection(const Event& event, absl::string_view address, std::string* out) {
  absl::StrAppend(out, " rip=", address, " rport=", event.port,
                  " transport=", address == "unix" ? "local" : "tcp");
  if (event.kind == EventKind::kConnectionClose) {
    absl::StrAppend(out, " reason=", NameOf(event.status));
  }
  absl::StrAppend(out, " cfd=", event.client);
}

// A command is a client's bytes: what is no text must not reach a terminal.
void AppendPrintable(absl::string_view text, std::string* out) {
  for (const char c : text) {
    out->push_back(absl::ascii_iscntrl(static_cast<unsigned char>(c)) ? '?' : c);
  }
}

}  // namespace

EventStreams ParseEventStreams(absl::string_view words) {
  EventStreams streams = kNoStreams;
  for (const absl::string_view word : absl::StrSplit(words, ' ', absl::SkipEmpty())) {
    EventStreams named = kNoStreams;
    for (const EventStreamRow& row : kEventStreams) {
      if (row.name == word) named = row.stream;
    }
    if (named == kNoStreams) return kNoStreams;
    streams |= named;
  }
  return streams == kNoStreams ? kFetchers : streams;
}

void AppendEventText(const Event& event, absl::string_view text, std::string* out) {
  switch (event.kind) {
    case EventKind::kItemGet:
      out->append("type=item_get key=");
      AppendKey(text, out);
      return absl::StrAppend(out, " status=", NameOf(event.status), " clsid=", event.size_class,
                             " cfd=", event.client, " size=", event.value_bytes);
    case EventKind::kItemStore:
      out->append("type=item_store key=");
      AppendKey(text, out);
      return absl::StrAppend(out, " status=", NameOf(event.status), " cmd=", NameOf(event.command),
                             " ttl=", event.ttl_s, " clsid=", event.size_class,
                             " cfd=", event.client, " size=", event.value_bytes);
    case EventKind::kEviction:
      out->append("type=eviction key=");
      AppendKey(text, out);
      return absl::StrAppend(out, " fetch=", event.fetched ? "yes" : "no", " ttl=", event.ttl_s,
                             " la=", event.last_access_s, " clsid=", event.size_class,
                             " size=", event.value_bytes);
    case EventKind::kDeleted:
      out->append("type=deleted key=");
      AppendKey(text, out);
      return absl::StrAppend(out, " cmd=", NameOf(event.command), " clsid=", event.size_class,
                             " size=", event.value_bytes);
    case EventKind::kConnectionNew:
      out->append("type=conn_new");
      return AppendConnection(event, text, out);
    case EventKind::kConnectionClose:
      out->append("type=conn_close");
      return AppendConnection(event, text, out);
    case EventKind::kSystem:
      return absl::StrAppend(out, "type=", text);
    case EventKind::kRawCommand:
      absl::StrAppend(out, "<", event.client, " ");
      return AppendPrintable(text, out);
  }
}

void AppendEventLine(const Event& event, absl::string_view text, std::string* out) {
  constexpr std::int64_t kMicros = 1'000'000;
  absl::StrAppendFormat(out, "ts=%d.%06d gid=%d ", event.unix_us / kMicros, event.unix_us % kMicros,
                        event.gid);
  AppendEventText(event, text, out);
  out->push_back('\n');
}

}  // namespace ringcache::server

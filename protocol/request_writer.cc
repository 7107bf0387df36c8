#include "protocol/request_writer.h"

#include <cstdint>
#include <cstring>

#include "absl/strings/string_view.h"
#include "protocol/command_table.h"
#include "protocol/decimal.h"
#include "protocol/meta_flag_table.h"
#include "protocol/operation.h"
#include "protocol/request.h"

namespace ringcache::protocol {
namespace {

char* Append(char* out, absl::string_view text) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

char* AppendWord(char* out, absl::string_view word) {
  *out++ = ' ';
  return Append(out, word);
}

char* AppendUnsigned(char* out, std::uint64_t number) {
  *out++ = ' ';
  return WriteUint64(out, number);
}

char* AppendSigned(char* out, std::int64_t number) {
  *out++ = ' ';
  return WriteInt64(out, number);
}

char SetModeLetter(MetaSetMode mode) {
  switch (mode) {
    case MetaSetMode::kSet:
      return 'S';
    case MetaSetMode::kAdd:
      return 'E';
    case MetaSetMode::kReplace:
      return 'R';
    case MetaSetMode::kAppend:
      return 'A';
    case MetaSetMode::kPrepend:
      return 'P';
  }
  return 'S';
}

char ModeLetter(const Request& request) {
  if (request.operation == Operation::kMetaArithmetic) return request.meta.decrement ? 'D' : 'I';
  return SetModeLetter(request.meta.mode);
}

char* AppendToken(char* out, MetaField field, const Request& request) {
  const MetaFlags& flags = request.meta;
  switch (field) {
    case MetaField::kNone:
      return out;
    case MetaField::kOpaque:
      return Append(out, flags.opaque);
    case MetaField::kCompareCas:
      return WriteUint64(out, flags.compare_cas);
    case MetaField::kNewCas:
      return WriteUint64(out, flags.new_cas);
    case MetaField::kClientFlags:
      return WriteUint64(out, flags.client_flags);
    case MetaField::kTtl:
      return WriteInt64(out, flags.ttl_s);
    case MetaField::kVivifyTtl:
      return WriteInt64(out, flags.vivify_ttl_s);
    case MetaField::kRecacheBelow:
      return WriteInt64(out, flags.recache_below_s);
    case MetaField::kInitial:
      return WriteUint64(out, flags.initial);
    case MetaField::kDelta:
      return WriteUint64(out, flags.delta);
    case MetaField::kMode:
      *out = ModeLetter(request);
      return out + 1;
  }
  return out;
}

char* AppendMetaFlags(char* out, const Request& request) {
  if (!request.meta.text.empty()) return AppendWord(out, request.meta.text);
  MetaFlagSet has = request.meta.has;
  if (request.quiet) has.Add('q');
  if (request.key_is_base64) has.Add('b');
  for (const MetaFlagRow& row : kMetaFlags) {
    if (!has.Has(row.letter)) continue;
    *out++ = ' ';
    *out++ = row.letter;
    out = AppendToken(out, row.field, request);
  }
  return out;
}

char* AppendStorage(char* out, const Request& request) {
  out = AppendWord(out, request.key);
  out = AppendUnsigned(out, request.client_flags);
  out = AppendSigned(out, request.exptime_s);
  return AppendUnsigned(out, request.value_bytes);
}

char* AppendKeys(char* out, const Request& request) {
  return AppendWord(out, request.keys.empty() ? request.key : request.keys);
}

// All between the command word and `noreply`.
char* AppendBody(char* out, CommandForm form, const Request& request) {
  switch (form) {
    case CommandForm::kRetrieval:
      return AppendKeys(out, request);
    case CommandForm::kRetrievalAndTouch:
      return AppendKeys(AppendSigned(out, request.exptime_s), request);
    case CommandForm::kStorage:
      return AppendStorage(out, request);
    case CommandForm::kCas:
      return AppendUnsigned(AppendStorage(out, request), request.cas);
    case CommandForm::kDelete:
      return AppendWord(out, request.key);
    case CommandForm::kArithmetic:
      return AppendUnsigned(AppendWord(out, request.key), request.delta);
    case CommandForm::kTouch:
      return AppendSigned(AppendWord(out, request.key), request.exptime_s);
    case CommandForm::kMeta:
    case CommandForm::kMetaDebug:
      return AppendMetaFlags(AppendWord(out, request.key), request);
    case CommandForm::kMetaSet:
      out = AppendUnsigned(AppendWord(out, request.key), request.value_bytes);
      return AppendMetaFlags(out, request);
    case CommandForm::kFlush:
      return request.has_argument ? AppendSigned(out, request.exptime_s) : out;
    case CommandForm::kLevel:
      return AppendUnsigned(out, request.delta);
    case CommandForm::kBare:
      return out;
    case CommandForm::kArguments:
    case CommandForm::kQuietArguments:
      return request.arguments.empty() ? out : AppendWord(out, request.arguments);
  }
  return out;
}

}  // namespace

char* WriteRequest(char* out, const Request& request) {
  const CommandRow& row = RowOf(request.operation);
  out = AppendBody(Append(out, row.word), row.form, request);
  if (request.quiet && TakesNoreply(row.form)) out = AppendWord(out, "noreply");
  return Append(out, "\r\n");
}

char* WriteRetrievalStart(char* out, Operation operation, std::int64_t exptime_s) {
  const CommandRow& row = RowOf(operation);
  out = Append(out, row.word);
  return row.form == CommandForm::kRetrievalAndTouch ? AppendSigned(out, exptime_s) : out;
}

char* WriteRetrievalKey(char* out, absl::string_view key) { return AppendWord(out, key); }

char* WriteRetrievalEnd(char* out) { return Append(out, "\r\n"); }

absl::string_view CommandWord(Operation operation) { return RowOf(operation).word; }

}  // namespace ringcache::protocol

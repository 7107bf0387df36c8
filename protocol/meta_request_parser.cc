#include "protocol/meta_request_parser.h"

#include <cstddef>
#include <cstdint>

#include "absl/base/attributes.h"
#include "absl/strings/string_view.h"
#include "protocol/base64_key.h"
#include "protocol/command_table.h"
#include "protocol/decimal.h"
#include "protocol/key_iterator.h"
#include "protocol/line_cursor.h"
#include "protocol/meta_flag_table.h"
#include "protocol/parse_result.h"
#include "protocol/request.h"

namespace ringcache::protocol {
namespace {

// Only the first byte of a mode counts ("MSET" is S); which letters are modes depends on the
// command, so the letter is kept until all flags are read.
constexpr char kNoMode = 0;
constexpr char kEmptyMode = ' ';

// A meta set may have kMaxMetaWords - 3 flags; one more takes a letter and a space each, but the
// last space.
constexpr std::size_t kFewestBytesOfTooManyFlags = 2 * (kMaxMetaWords - 3 + 1) - 1;

// Stores the token of one flag. Returns kNone or why the token is wrong.
ParseError StoreToken(MetaField field, absl::string_view token, MetaFlags* flags, char* mode) {
  switch (field) {
    case MetaField::kNone:
      return ParseError::kNone;
    case MetaField::kOpaque:
      flags->opaque = token;
      return token.size() <= kMaxOpaqueBytes ? ParseError::kNone : ParseError::kOpaqueTooLong;
    case MetaField::kCompareCas:
      return ParseUint64(token, &flags->compare_cas) ? ParseError::kNone : ParseError::kBadToken;
    case MetaField::kNewCas:
      return ParseUint64(token, &flags->new_cas) ? ParseError::kNone : ParseError::kBadToken;
    case MetaField::kClientFlags:
      return ParseUint32(token, &flags->client_flags) ? ParseError::kNone
                                                      : ParseError::kBadCommandLine;
    case MetaField::kTtl:
      return ParseInt64(token, &flags->ttl_s) ? ParseError::kNone : ParseError::kBadToken;
    case MetaField::kVivifyTtl:
      return ParseInt64(token, &flags->vivify_ttl_s) ? ParseError::kNone : ParseError::kBadToken;
    case MetaField::kRecacheBelow:
      return ParseInt64(token, &flags->recache_below_s) ? ParseError::kNone : ParseError::kBadToken;
    case MetaField::kInitial:
      return ParseUint64(token, &flags->initial) ? ParseError::kNone
                                                 : ParseError::kInvalidInitialValue;
    case MetaField::kDelta:
      return ParseUint64(token, &flags->delta) ? ParseError::kNone : ParseError::kInvalidMetaDelta;
    case MetaField::kMode:
      *mode = token.empty() ? kEmptyMode : token.front();
      return ParseError::kNone;
  }
  return ParseError::kNone;
}

// Reads all flags of `flags->text`. As in memcached an unknown or repeated letter ends the reading,
// whereas of several wrong tokens the last one names the error.
ParseError ReadFlags(MetaFlags* flags, char* mode) {
  ParseError wrong_token = ParseError::kNone;
  MetaFlagIterator words(flags->text);
  for (MetaFlag flag; words.Next(&flag);) {
    const auto letter = static_cast<unsigned char>(flag.letter);
    const std::uint8_t index = kMetaFlagIndex[letter];
    if (index == 0) return letter >= 127 ? ParseError::kDuplicateFlag : ParseError::kInvalidFlag;
    if (flags->has.Has(flag.letter)) return ParseError::kDuplicateFlag;
    flags->has.Add(flag.letter);
    const MetaField field = kMetaFlags[index - 1u].field;
    if (field == MetaField::kNone) continue;
    const ParseError error = StoreToken(field, flag.token, flags, mode);
    if (error != ParseError::kNone) wrong_token = error;
  }
  return wrong_token;
}

ParseError StoreSetMode(char mode, MetaFlags* flags) {
  switch (mode) {
    case kNoMode:
    case 'S':
      flags->mode = MetaSetMode::kSet;
      return ParseError::kNone;
    case 'E':
      flags->mode = MetaSetMode::kAdd;
      return ParseError::kNone;
    case 'R':
      flags->mode = MetaSetMode::kReplace;
      return ParseError::kNone;
    case 'A':
      flags->mode = MetaSetMode::kAppend;
      return ParseError::kNone;
    case 'P':
      flags->mode = MetaSetMode::kPrepend;
      return ParseError::kNone;
  }
  return ParseError::kInvalidSetMode;
}

ParseError StoreArithmeticMode(char mode, MetaFlags* flags) {
  if (mode == kNoMode || mode == 'I' || mode == '+') return ParseError::kNone;
  flags->decrement = mode == 'D' || mode == '-';
  return flags->decrement ? ParseError::kNone : ParseError::kInvalidArithmeticMode;
}

bool HasWord(absl::string_view words, absl::string_view wanted) {
  KeyIterator iterator(words);
  for (absl::string_view word; iterator.Next(&word);) {
    if (word == wanted) return true;
  }
  return false;
}

// md and ma answer every wrong flag alike.
ParseError ErrorFor(Operation operation, ParseError error) {
  if (operation != Operation::kMetaDelete && operation != Operation::kMetaArithmetic) return error;
  return error == ParseError::kOpaqueTooLong ? error : ParseError::kInvalidOrDuplicateFlag;
}

ABSL_ATTRIBUTE_NOINLINE bool HasTooManyFlags(CommandForm form, absl::string_view flags) {
  const int words_before_flags = form == CommandForm::kMetaSet ? 3 : 2;
  return words_before_flags + static_cast<int>(CountKeys(flags)) > kMaxMetaWords;
}

ParseError CheckBase64Key(absl::string_view key) {
  const std::ptrdiff_t decoded = Base64DecodedBytes(key);
  if (decoded < 1) return ParseError::kUndecodableKey;
  return decoded <= static_cast<std::ptrdiff_t>(kMaxKeyBytes) ? ParseError::kNone
                                                              : ParseError::kBadCommandLine;
}

// me takes no flag but b, and ignores what it does not know.
ParseError ParseDebug(Request* request) {
  request->meta.has = MetaFlagSet();
  request->key_is_base64 = HasWord(request->meta.text, "b");
  if (!request->key_is_base64) {
    return request->key.size() <= kMaxKeyBytes ? ParseError::kNone : ParseError::kBadCommandLine;
  }
  request->meta.has.Add('b');
  return CheckBase64Key(request->key) == ParseError::kNone ? ParseError::kNone
                                                           : ParseError::kBadCommandLine;
}

}  // namespace

ParseError ParseMetaRequest(const CommandRow& row, LineCursor line, Request* request,
                            std::uint64_t* discard_bytes) {
  request->key = line.Word();
  if (request->key.empty()) {
    return row.form == CommandForm::kMetaDebug ? ParseError::kBadCommandLine
                                               : ParseError::kUnknownCommand;
  }
  if (row.form == CommandForm::kMetaSet) {
    if (!line.Uint32(&request->value_bytes) || request->value_bytes > kMaxValueBytes) {
      return ParseError::kBadCommandLine;
    }
    *discard_bytes = std::uint64_t{request->value_bytes} + 2;
  }

  MetaFlags& flags = request->meta;
  flags.text = line.Rest();
  if (row.form == CommandForm::kMetaDebug) return ParseDebug(request);
  if (request->key.size() > kMaxKeyBytes && !HasWord(flags.text, "b")) {
    return ParseError::kBadCommandLine;
  }

  flags.has = MetaFlagSet();
  flags.mode = MetaSetMode::kSet;
  flags.decrement = false;
  flags.initial = 0;
  flags.delta = 1;
  char mode = kNoMode;
  const ParseError error = ReadFlags(&flags, &mode);
  // Only a long text can hold too many flags, and these come before any other complaint.
  const bool may_be_many = flags.text.size() >= kFewestBytesOfTooManyFlags;
  if (may_be_many && HasTooManyFlags(row.form, flags.text)) return ParseError::kTooManyFlags;
  if (error != ParseError::kNone) return ErrorFor(row.operation, error);

  request->quiet = flags.has.Has('q');
  request->key_is_base64 = flags.has.Has('b');
  if (request->key_is_base64) {
    const ParseError key_error = CheckBase64Key(request->key);
    if (key_error == ParseError::kUndecodableKey) return ErrorFor(row.operation, key_error);
    if (key_error != ParseError::kNone) return key_error;
  }
  if (row.operation == Operation::kMetaArithmetic) return StoreArithmeticMode(mode, &flags);
  if (row.form != CommandForm::kMetaSet) return ParseError::kNone;
  request->client_flags = flags.has.Has('F') ? flags.client_flags : 0;
  request->exptime_s = flags.has.Has('T') ? flags.ttl_s : 0;
  return StoreSetMode(mode, &flags);
}

}  // namespace ringcache::protocol

#include "protocol/request_parser.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "absl/base/attributes.h"
#include "absl/base/config.h"
#include "absl/base/optimization.h"
#include "absl/numeric/bits.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "protocol/command_lookup.h"
#include "protocol/command_table.h"
#include "protocol/decimal.h"
#include "protocol/key_iterator.h"
#include "protocol/line_cursor.h"
#include "protocol/meta_request_parser.h"
#include "protocol/parse_result.h"
#include "protocol/request.h"
#include "protocol/word_end.h"

namespace ringcache::protocol {
namespace {

constexpr char kBinaryMagic = '\x80';
constexpr absl::string_view kNoreply = "noreply";

// A command line without its newline, and the bytes it took with it.
struct Line {
  absl::string_view text;
  std::size_t consumed;
};

ParseResult Parsed(std::size_t consumed) {
  ParseResult result;
  result.status = ParseStatus::kOk;
  result.consumed = consumed;
  return result;
}

ParseResult Invalid(std::size_t consumed, ParseError error) {
  ParseResult result;
  result.status = ParseStatus::kInvalid;
  result.consumed = consumed;
  result.error = error;
  return result;
}

ParseResult Close(CloseReason reason) {
  ParseResult result;
  result.status = ParseStatus::kClose;
  result.close_reason = reason;
  return result;
}

const char* FindNewline(absl::string_view input, std::size_t limit) {
  return static_cast<const char*>(std::memchr(input.data(), '\n', std::min(input.size(), limit)));
}

// The command word at the start of `line`. `readable` is what may be read from line.data() on: one
// load of eight bytes finds the end of nearly every word.
absl::string_view CommandWordOf(absl::string_view line, std::size_t readable,
                                std::uint64_t* packed) {
#ifdef ABSL_IS_LITTLE_ENDIAN
  if (ABSL_PREDICT_TRUE(readable >= 8)) {
    std::uint64_t bytes;
    std::memcpy(&bytes, line.data(), 8);
    const std::uint64_t marks = MarkSpaces(bytes);
    std::size_t size = marks == 0 ? 8 : static_cast<std::size_t>(absl::countr_zero(marks)) / 8;
    size = std::min(size, line.size());
    if (size < 8) {
      *packed = bytes & ((std::uint64_t{1} << (8 * size)) - 1);
      return line.substr(0, size);
    }
  }
#else
  static_cast<void>(readable);
#endif
  const absl::string_view word = line.substr(0, line.find(' '));
  *packed = CommandLookup::Pack(word);
  return word;
}

bool IsKeyLength(absl::string_view key) { return !key.empty() && key.size() <= kMaxKeyBytes; }

// What may follow the required words: nothing, `noreply`, or one word that is ignored.
bool ReadNoreply(LineCursor* line, Request* request) {
  const absl::string_view word = line->Word();
  if (word.empty()) return true;
  request->quiet = word == kNoreply;
  return line->AtEnd();
}

// Whether no key is longer than kMaxKeyBytes: then each stretch of one byte more holds a space.
// From the last space of one stretch to that of the next, few bytes of a long line are looked at.
bool AllKeysFit(absl::string_view keys) {
  while (keys.size() > kMaxKeyBytes) {
    const std::size_t space = keys.rfind(' ', kMaxKeyBytes);
    if (space == absl::string_view::npos) return false;
    keys.remove_prefix(space + 1);
  }
  return true;
}

ParseError ParseKeys(LineCursor line, Request* request) {
  request->key = absl::string_view();
  request->keys = line.Rest();
  if (request->keys.empty()) return ParseError::kUnknownCommand;
  return AllKeysFit(request->keys) ? ParseError::kNone : ParseError::kBadCommandLine;
}

ParseError ParseExptimeAndKeys(LineCursor line, Request* request) {
  if (!line.Int64(&request->exptime_s)) return ParseError::kInvalidExptime;
  return ParseKeys(line, request);
}

ParseError ParseStorage(CommandForm form, LineCursor line, Request* request) {
  request->key = line.Word();
  if (!IsKeyLength(request->key) || !line.Uint32(&request->client_flags) ||
      !line.Int64(&request->exptime_s) || !line.Uint32(&request->value_bytes) ||
      request->value_bytes > kMaxValueBytes) {
    return ParseError::kBadCommandLine;
  }
  if (form == CommandForm::kCas && !line.Uint64(&request->cas)) return ParseError::kBadCommandLine;
  return ReadNoreply(&line, request) ? ParseError::kNone : ParseError::kUnknownCommand;
}

ParseError ParseDelete(LineCursor line, Request* request) {
  request->key = line.Word();
  if (!IsKeyLength(request->key)) return ParseError::kBadCommandLine;
  absl::string_view word = line.Word();
  if (word.empty()) return ParseError::kNone;
  if (word != kNoreply) {
    // Old clients send a time here. It has meant nothing for long.
    std::int64_t ignored;
    if (!ParseInt64(word, &ignored)) return ParseError::kDeleteUsage;
    word = line.Word();
    if (word.empty()) return ParseError::kNone;
  }
  request->quiet = word == kNoreply;
  return request->quiet && line.AtEnd() ? ParseError::kNone : ParseError::kDeleteUsage;
}

ParseError ParseArithmetic(LineCursor line, Request* request) {
  request->key = line.Word();
  if (!IsKeyLength(request->key)) return ParseError::kBadCommandLine;
  if (!line.Uint64(&request->delta)) return ParseError::kInvalidDelta;
  return ReadNoreply(&line, request) ? ParseError::kNone : ParseError::kUnknownCommand;
}

ParseError ParseTouch(LineCursor line, Request* request) {
  request->key = line.Word();
  if (!IsKeyLength(request->key)) return ParseError::kBadCommandLine;
  if (!line.Int64(&request->exptime_s)) return ParseError::kInvalidExptime;
  return ReadNoreply(&line, request) ? ParseError::kNone : ParseError::kUnknownCommand;
}

ParseError ParseFlush(LineCursor line, Request* request) {
  request->key = absl::string_view();
  request->has_argument = false;
  request->exptime_s = 0;
  const absl::string_view word = line.Word();
  if (word.empty()) return ParseError::kNone;
  if (word == kNoreply && line.AtEnd()) {
    request->quiet = true;
    return ParseError::kNone;
  }
  if (!ParseInt64(word, &request->exptime_s)) return ParseError::kInvalidExptime;
  request->has_argument = true;
  return ReadNoreply(&line, request) ? ParseError::kNone : ParseError::kUnknownCommand;
}

ParseError ParseLevel(LineCursor line, Request* request) {
  request->key = absl::string_view();
  if (!line.Uint64(&request->delta)) {
    return request->operation == Operation::kVerbosity ? ParseError::kBadCommandLine
                                                       : ParseError::kUnknownCommand;
  }
  return ReadNoreply(&line, request) ? ParseError::kNone : ParseError::kUnknownCommand;
}

ParseError ParseArguments(const CommandRow& row, LineCursor line, Request* request) {
  request->key = absl::string_view();
  absl::string_view arguments = line.Rest();
  if (row.form == CommandForm::kQuietArguments && absl::EndsWith(arguments, " noreply")) {
    request->quiet = true;
    arguments.remove_suffix(kNoreply.size());
    while (absl::EndsWith(arguments, " ")) arguments.remove_suffix(1);
  }
  request->arguments = arguments;
  return arguments.empty() && row.min_arguments > 0 ? ParseError::kUnknownCommand
                                                    : ParseError::kNone;
}

// Turns the first error of a classic line into the answer: a wrong number of words is an ERROR
// whatever else is wrong, and only a line of the right length is searched for `noreply`.
ABSL_ATTRIBUTE_NOINLINE ParseResult Refuse(const CommandRow& row, absl::string_view arguments,
                                           std::size_t consumed, ParseError error) {
  ParseResult result = Invalid(consumed, error);
  std::size_t count = 0;
  absl::string_view last;
  KeyIterator words(arguments);
  for (absl::string_view word; words.Next(&word);) {
    last = word;
    std::uint32_t value_bytes;
    const bool stores = row.form == CommandForm::kStorage || row.form == CommandForm::kCas;
    if (++count == 4 && stores && ParseUint32(word, &value_bytes) &&
        value_bytes <= kMaxValueBytes) {
      result.discard_bytes = std::uint64_t{value_bytes} + 2;
    }
  }
  if (count < row.min_arguments || (row.max_arguments != kAnyNumber && count > row.max_arguments)) {
    result.error = ParseError::kUnknownCommand;
    return result;
  }
  result.quiet = TakesNoreply(row.form) && last == kNoreply;
  return result;
}

ParseError ParseClassic(const CommandRow& row, LineCursor line, Request* request) {
  switch (row.form) {
    case CommandForm::kRetrieval:
      return ParseKeys(line, request);
    case CommandForm::kRetrievalAndTouch:
      return ParseExptimeAndKeys(line, request);
    case CommandForm::kStorage:
    case CommandForm::kCas:
      return ParseStorage(row.form, line, request);
    case CommandForm::kDelete:
      return ParseDelete(line, request);
    case CommandForm::kArithmetic:
      return ParseArithmetic(line, request);
    case CommandForm::kTouch:
      return ParseTouch(line, request);
    case CommandForm::kFlush:
      return ParseFlush(line, request);
    case CommandForm::kLevel:
      return ParseLevel(line, request);
    case CommandForm::kBare:
      request->key = absl::string_view();
      return ParseError::kNone;
    case CommandForm::kArguments:
    case CommandForm::kQuietArguments:
      return ParseArguments(row, line, request);
    case CommandForm::kMeta:
    case CommandForm::kMetaSet:
    case CommandForm::kMetaDebug:
      break;  // ParseMetaRequest() reads these
  }
  return ParseError::kUnknownCommand;
}

bool IsMeta(CommandForm form) {
  return form == CommandForm::kMeta || form == CommandForm::kMetaSet ||
         form == CommandForm::kMetaDebug;
}

// A browser, or a page that makes a browser speak to us, ends its first line in "HTTP/1.1". It gets
// no answer, so that nothing of what it sent can be echoed or executed.
ABSL_ATTRIBUTE_NOINLINE ParseResult RefuseUnknown(const Line& line) {
  absl::string_view last;
  KeyIterator words(line.text);
  for (absl::string_view word; words.Next(&word);) last = word;
  if (absl::StartsWith(last, "HTTP/")) return Close(CloseReason::kHttpRequest);
  return Invalid(line.consumed, ParseError::kUnknownCommand);
}

// `readable`: bytes of input from line.text.data() on.
ParseResult ParseLine(const Line& line, std::size_t readable, Request* request) {
  std::uint64_t packed;
  const absl::string_view word = CommandWordOf(line.text, readable, &packed);
  const CommandRow* row = CommandLookup::FindPacked(packed, word);
  if (ABSL_PREDICT_FALSE(row == nullptr)) return RefuseUnknown(line);

  request->operation = row->operation;
  request->quiet = false;
  request->key_is_base64 = false;
  const absl::string_view arguments = line.text.substr(word.size());
  if (IsMeta(row->form)) {
    std::uint64_t discard_bytes = 0;
    const ParseError error = ParseMetaRequest(*row, LineCursor(arguments), request, &discard_bytes);
    if (ABSL_PREDICT_TRUE(error == ParseError::kNone)) return Parsed(line.consumed);
    ParseResult result = Invalid(line.consumed, error);
    result.discard_bytes = discard_bytes;
    return result;
  }
  const ParseError error = ParseClassic(*row, LineCursor(arguments), request);
  if (ABSL_PREDICT_TRUE(error == ParseError::kNone)) return Parsed(line.consumed);
  return Refuse(*row, arguments, line.consumed, error);
}

// Whether a line that is longer than kMaxLineBytes is retrieval by many keys.
bool MayBeLong(absl::string_view input) {
  const std::size_t spaces = std::min(input.find_first_not_of(' '), input.size());
  if (spaces > kMaxLeadingSpaces) return false;
  input.remove_prefix(spaces);
  const std::size_t word_bytes = input.find(' ');
  if (word_bytes == absl::string_view::npos) return false;
  const CommandRow* row = CommandLookup::Find(input.substr(0, word_bytes));
  return row != nullptr &&
         (row->form == CommandForm::kRetrieval || row->form == CommandForm::kRetrievalAndTouch);
}

}  // namespace

ParseResult ParseRequest(absl::string_view input, Request* request) {
  if (input.empty()) return ParseResult();
  if (ABSL_PREDICT_FALSE(input.front() == kBinaryMagic)) {
    return Close(CloseReason::kBinaryProtocol);
  }
  const char* newline = FindNewline(input, kMaxLineBytes + 1);
  if (ABSL_PREDICT_FALSE(newline == nullptr)) {
    if (input.size() <= kMaxLineBytes) return ParseResult();
    if (!MayBeLong(input)) return Close(CloseReason::kLineTooLong);
    newline = FindNewline(input, kMaxMultigetLineBytes);
    if (newline == nullptr) {
      return input.size() < kMaxMultigetLineBytes ? ParseResult()
                                                  : Close(CloseReason::kLineTooLong);
    }
  }

  std::size_t size = static_cast<std::size_t>(newline - input.data());
  Line line = {input, size + 1};
  if (size > 0 && newline[-1] == '\r') --size;
  std::size_t spaces = 0;
  while (spaces < size && input[spaces] == ' ') ++spaces;
  line.text = absl::string_view(input.data() + spaces, size - spaces);
  return ParseLine(line, input.size() - spaces, request);
}

}  // namespace ringcache::protocol

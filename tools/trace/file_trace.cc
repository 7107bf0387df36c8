#include "tools/trace/file_trace.h"

#include <algorithm>
#include <cerrno>
#include <iterator>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tools/loadgen/random_source.h"

namespace ringcache::trace {
namespace {

using absl::InvalidArgumentError;
using absl::StrCat;
using absl::string_view;

constexpr string_view kCsvColumns = "time,key,key size,value size,client id,operation,TTL";

struct OperationWord {
  string_view word;
  TraceOperation operation;
  LineOutcome outcome;
};
constexpr OperationWord kWords[] = {
    {"get", TraceOperation::kRead, LineOutcome::kRequest},
    {"gets", TraceOperation::kRead, LineOutcome::kRequest},
    {"set", TraceOperation::kSet, LineOutcome::kRequest},
    {"add", TraceOperation::kAdd, LineOutcome::kRequest},
    {"replace", TraceOperation::kReplace, LineOutcome::kRequest},
    // The trace holds no CAS ids; that the swap succeeded is the usual case.
    {"cas", TraceOperation::kSet, LineOutcome::kRequest},
    {"delete", TraceOperation::kDelete, LineOutcome::kRequest},
    {"append", TraceOperation::kSet, LineOutcome::kSkipped},
    {"prepend", TraceOperation::kSet, LineOutcome::kSkipped},
    {"incr", TraceOperation::kSet, LineOutcome::kSkipped},
    {"decr", TraceOperation::kSet, LineOutcome::kSkipped},
};

// FNV-1a, finished by a mixer: the same on every machine, which absl::Hash is not.
std::uint64_t HashOf(string_view key) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return loadgen::Mix64(hash);
}

// Takes the last field off `*line`.
bool TakeLastField(string_view* line, string_view* field) {
  const std::size_t comma = line->rfind(',');
  if (comma == string_view::npos) return false;
  *field = line->substr(comma + 1);
  *line = line->substr(0, comma);
  return true;
}

absl::Status ReadNumber(string_view text, string_view what, std::uint32_t* number) {
  if (absl::SimpleAtoi(text, number)) return absl::OkStatus();
  return InvalidArgumentError(StrCat("'", text, "' is no ", what, "; a line is ", kCsvColumns));
}

}  // namespace

absl::Status ValidateKey(string_view key) {
  if (key.empty()) return InvalidArgumentError("the key is empty");
  if (key.size() > kMaxKeyBytes) {
    return InvalidArgumentError(
        StrCat("the key has ", key.size(), " bytes; servers take ", kMaxKeyBytes));
  }
  for (const char c : key) {
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) {
      return InvalidArgumentError(StrCat("the key holds the byte ", static_cast<unsigned char>(c),
                                         "; servers take no spaces and no control characters"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<LineOutcome> ParseCsvLine(string_view line, TraceRequest* request) {
  const std::size_t comma = line.find(',');
  string_view rest = comma == string_view::npos ? string_view() : line.substr(comma + 1);
  // From the right, as a key may hold commas.
  string_view ttl, operation, client, value_size, key_size;
  if (!TakeLastField(&rest, &ttl) || !TakeLastField(&rest, &operation) ||
      !TakeLastField(&rest, &client) || !TakeLastField(&rest, &value_size) ||
      !TakeLastField(&rest, &key_size)) {
    return InvalidArgumentError(StrCat("fewer than 7 fields; a line is ", kCsvColumns));
  }
  std::uint32_t key_bytes = 0;
  for (const absl::Status& status :
       {ReadNumber(line.substr(0, comma), "time in seconds", &request->time_s),
        ReadNumber(key_size, "key size", &key_bytes),
        ReadNumber(value_size, "value size", &request->value_bytes),
        ReadNumber(ttl, "TTL in seconds", &request->ttl_s), ValidateKey(rest)}) {
    if (!status.ok()) return status;
  }
  if (key_bytes > kMaxKeyBytes) {
    return InvalidArgumentError(
        StrCat("the key size is ", key_bytes, "; servers take ", kMaxKeyBytes));
  }
  request->key.assign(rest.data(), rest.size());
  if (request->key.size() < key_bytes) request->key.resize(key_bytes, '-');
  const auto* const word =
      std::find_if(std::begin(kWords), std::end(kWords),
                   [&](const OperationWord& w) { return w.word == operation; });
  if (word == std::end(kWords)) {
    return InvalidArgumentError(StrCat("'", operation, "' is no operation such as get or set"));
  }
  request->operation = word->operation;
  return word->outcome;
}

FileTrace::FileTrace(const FileOptions& options)
    : options_(options), values_(options.value_sizes), file_(options.path) {}

absl::StatusOr<std::unique_ptr<FileTrace>> FileTrace::Open(const FileOptions& options) {
  std::unique_ptr<FileTrace> trace(new FileTrace(options));
  if (trace->file_.good()) return trace;
  return absl::ErrnoToStatus(errno, StrCat("cannot read ", options.path));
}

bool FileTrace::NextLine(string_view* line) {
  while (file_.getline(buffer_.data(), buffer_.size())) {
    ++line_number_;
    // What was read counts the newline, which the last line may lack.
    const std::size_t read_bytes = static_cast<std::size_t>(file_.gcount());
    *line = string_view(buffer_.data(), read_bytes - (file_.eof() ? 0 : 1));
    if (!line->empty() && line->back() == '\r') line->remove_suffix(1);
    if (!line->empty()) return true;
  }
  if (file_.bad()) return Fail("reading failed");
  if (file_.eof()) return false;
  ++line_number_;
  return Fail(StrCat("longer than ", kMaxLineBytes, " bytes"));
}

bool FileTrace::Fail(string_view problem) {
  status_ = InvalidArgumentError(StrCat(options_.path, ":", line_number_, ": ", problem));
  return false;
}

bool FileTrace::Next(TraceRequest* request) {
  if (!status_.ok() || (options_.max_requests > 0 && issued_ == options_.max_requests)) {
    return false;
  }
  string_view line;
  while (NextLine(&line)) {
    if (options_.format == FileFormat::kKeys) {
      const absl::Status status = ValidateKey(line);
      if (!status.ok()) return Fail(status.message());
      request->key.assign(line.data(), line.size());
      request->operation = TraceOperation::kRead;
      request->value_bytes = 0;
      request->ttl_s = options_.lifetimes.Of(HashOf(line));
      request->time_s =
          static_cast<std::uint32_t>(static_cast<double>(issued_) / options_.rate_per_s);
    } else {
      const absl::StatusOr<LineOutcome> outcome = ParseCsvLine(line, request);
      if (!outcome.ok()) return Fail(outcome.status().message());
      if (*outcome == LineOutcome::kSkipped) {
        ++skipped_;
        continue;
      }
    }
    Complete(request);
    return true;
  }
  return false;
}

void FileTrace::Complete(TraceRequest* request) {
  ++issued_;
  if (request->operation == TraceOperation::kDelete) request->value_bytes = 0;
  if (request->operation == TraceOperation::kRead && request->value_bytes == 0) {
    request->value_bytes = values_.SizeOf(static_cast<std::uint32_t>(HashOf(request->key)));
  }
  // Clocks of several recorders may disagree by a second.
  latest_s_ = std::max(latest_s_, request->time_s);
  request->time_s = latest_s_;
}

}  // namespace ringcache::trace

// A trace read from a file, one request a line, in one of two public formats:
//
//   csv:  time,key,key size,value size,client id,operation,TTL    (the twemcache cluster traces)
//   keys: key                                                     (each line is a get)
//
// Source: Yang, Yue, Rashmi, "A large scale analysis of hundreds of in-memory cache clusters at
// Twitter", OSDI 2020, and the description beside its traces.
//
// Thread safety: a trace belongs to one thread.

#ifndef RINGCACHE_TOOLS_TRACE_FILE_TRACE_H_
#define RINGCACHE_TOOLS_TRACE_FILE_TRACE_H_

#include <array>
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/loadgen/value_model.h"
#include "tools/trace/synthetic_trace.h"
#include "tools/trace/trace_request.h"

namespace ringcache::trace {

enum class FileFormat : std::uint8_t { kCsv, kKeys };

struct FileOptions {
  std::string path;
  FileFormat format = FileFormat::kCsv;
  std::uint64_t max_requests = 0;  // 0: to the end
  // Of reads whose line names no value size, or 0, as the public traces do for reads that missed.
  loadgen::ValueSizes value_sizes;
  // Format kKeys: lifetimes, and requests in a second of the trace's time.
  Lifetimes lifetimes;
  double rate_per_s = 10'000;
};

// What a line of the csv format asks for.
enum class LineOutcome : std::uint8_t { kRequest, kSkipped };

// Reads one line, without its newline. A key shorter than its key size is padded with '-' to it;
// a longer one stays. The error says what is wrong, not where. kSkipped: append, prepend, incr and
// decr, which read-through replay has no meaning for.
absl::StatusOr<LineOutcome> ParseCsvLine(absl::string_view line, TraceRequest* request);

// Whether servers take it as a key; the error says why not.
absl::Status ValidateKey(absl::string_view key);

class FileTrace final : public TraceSource {
 public:
  // Longest line, in bytes.
  static constexpr std::size_t kMaxLineBytes = 4096;

  static absl::StatusOr<std::unique_ptr<FileTrace>> Open(const FileOptions& options);

  bool Next(TraceRequest* request) override;
  // "FILE:LINE: what is wrong".
  absl::Status status() const override { return status_; }
  std::uint64_t skipped() const override { return skipped_; }

 private:
  explicit FileTrace(const FileOptions& options);
  // The next line that is not empty; false at the end.
  bool NextLine(absl::string_view* line);
  bool Fail(absl::string_view problem);
  void Complete(TraceRequest* request);

  const FileOptions options_;
  const loadgen::ValueModel values_;
  std::ifstream file_;
  std::array<char, kMaxLineBytes + 2> buffer_;
  std::uint64_t line_number_ = 0;
  std::uint64_t issued_ = 0;
  std::uint64_t skipped_ = 0;
  std::uint32_t latest_s_ = 0;
  absl::Status status_;
};

}  // namespace ringcache::trace

#endif  // RINGCACHE_TOOLS_TRACE_FILE_TRACE_H_

#include "process/log.h"

#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

namespace ringcache::process {
namespace {

absl::string_view NameOf(LogLevel level) {
  switch (level) {
    case LogLevel::kError:
      return "error";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kNotice:
      return "notice";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kDebug:
      return "debug";
  }
  return "";
}

// The number of `v` from which on it is shown.
int VerbosityOf(LogLevel level) {
  switch (level) {
    case LogLevel::kError:
    case LogLevel::kWarning:
    case LogLevel::kNotice:
      return 0;
    case LogLevel::kInfo:
      return 1;
    case LogLevel::kDebug:
      return 2;
  }
  return 0;
}

// RFC 8259. Messages hold paths and clients' commands: a byte that is no ASCII is shown as the
// character of its number, so that the line is valid whatever it was.
void AppendJsonText(absl::string_view text, std::string* out) {
  out->push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out->append({'\\', c});
    } else if (byte < 0x20 || byte >= 0x7f) {
      absl::StrAppendFormat(out, "\\u%04x", byte);
    } else {
      out->push_back(c);
    }
  }
  out->push_back('"');
}

}  // namespace

bool Log::Shows(LogLevel level) const {
  return verbosity_.load(std::memory_order_relaxed) >= VerbosityOf(level);
}

void Log::Write(LogLevel level, absl::string_view message) {
  if (!Shows(level)) return;
  const std::string line = Line(format_, absl::Now(), level, message);
  // A log that cannot be written to can be complained about nowhere.
  (void)!write(descriptor_, line.data(), line.size());
}

void Log::WriteAll(LogLevel level, const std::vector<std::string>& messages) {
  for (const std::string& message : messages) Write(level, message);
}

int Log::Fail(const absl::Status& status, int exit_code) {
  Write(LogLevel::kError, status.message());
  return exit_code;
}

std::string Log::Line(LogFormat format, absl::Time time, LogLevel level,
                      absl::string_view message) {
  const std::string when = absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", time, absl::UTCTimeZone());
  if (format == LogFormat::kText) return absl::StrCat(when, " ", NameOf(level), " ", message, "\n");
  std::string line =
      absl::StrCat("{\"time\":\"", when, "\",\"level\":\"", NameOf(level), "\",\"message\":");
  AppendJsonText(message, &line);
  return line + "}\n";
}

}  // namespace ringcache::process

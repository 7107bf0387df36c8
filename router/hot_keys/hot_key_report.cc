#include "router/hot_keys/hot_key_report.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "metrics/hot_keys.h"

namespace ringcache::router {
namespace {

constexpr double kPerUnit = 1e-3;  // thousandths

double PerSecond(std::uint64_t thousandths) { return static_cast<double>(thousandths) * kPerUnit; }

// A base64 key may have any bytes; a line has words.
std::string Printable(absl::string_view key) {
  return absl::StrReplaceAll(absl::CHexEscape(key), {{" ", "\\x20"}});
}

void AddKeys(absl::string_view kind, const std::vector<metrics::HotKeys>& parts, double window_s,
             std::string* text) {
  const metrics::HotKeys all = metrics::MergeHotKeys(parts, kReportedKeys);
  absl::StrAppendFormat(text, "STAT %ss_per_second %.1f\r\n", kind, PerSecond(all.requests));
  for (const metrics::HotKey& key : all.keys) {
    const double rate = PerSecond(key.requests);
    const double share = static_cast<double>(key.requests) /
                         static_cast<double>(std::max<std::uint64_t>(all.requests, 1));
    absl::StrAppendFormat(
        text, "STAT %s:%s per_second:%.1f share:%.4f error:%.1f\r\n", kind, Printable(key.key),
        rate, std::min(share, 1.0),
        PerSecond(key.error) + metrics::HotKeySketch::SamplingError(rate, window_s));
  }
}

}  // namespace

std::string HotKeyReport(absl::Span<const metrics::HotKeyRates> workers) {
  std::vector<metrics::HotKeys> reads;
  std::vector<metrics::HotKeys> writes;
  std::uint64_t missed = 0;
  absl::Duration window = absl::InfiniteDuration();
  for (const metrics::HotKeyRates& worker : workers) {
    reads.push_back(worker.reads);
    writes.push_back(worker.writes);
    missed += worker.missed_samples;
    window = std::min(window, worker.window);
  }
  if (workers.empty()) window = metrics::HotKeySketch::kLeastWindow;
  const double window_s = absl::ToDoubleSeconds(window);
  std::string text;
  absl::StrAppendFormat(&text, "STAT window_seconds %.1f\r\nSTAT missed_samples %d\r\n", window_s,
                        missed);
  AddKeys("read", reads, window_s, &text);
  AddKeys("write", writes, window_s, &text);
  return text + "END\r\n";
}

}  // namespace ringcache::router

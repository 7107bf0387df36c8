#include "tools/trace/trace_options.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace ringcache::trace {
namespace {

using absl::InvalidArgumentError;
using absl::StrCat;

absl::Status ValidateMemory(absl::string_view option, int mib) {
  if (mib >= 1 && mib <= TraceOptions::kMaxMemoryMib) return absl::OkStatus();
  return InvalidArgumentError(
      StrCat(option, ": ", mib, " MiB is not within 1 and ", TraceOptions::kMaxMemoryMib));
}

SyntheticOptions EffectiveSynthetic(const TraceOptions& options) {
  SyntheticOptions synthetic = options.synthetic;
  if (options.requests > 0) synthetic.requests = options.requests;
  return synthetic;
}

}  // namespace

absl::Status TraceOptions::Validate() const {
  if (!in_process && !memcached && servers.empty()) {
    return InvalidArgumentError(
        "there is no target: give --in-process, --memcached or --server=HOST:PORT");
  }
  if (servers.size() > kMaxServers) {
    return InvalidArgumentError(StrCat("--server: at most ", kMaxServers, " servers"));
  }
  if (flush && servers.empty()) return InvalidArgumentError("--flush needs --server");
  absl::Status status = ValidateMemory("--memory", memory_mib);
  if (curve_mib.size() > kMaxCurveSizes) {
    return InvalidArgumentError(StrCat("--curve: at most ", kMaxCurveSizes, " sizes"));
  }
  for (std::size_t i = 0; status.ok() && i < curve_mib.size(); ++i) {
    status = ValidateMemory("--curve", curve_mib[i]);
    if (status.ok() && i > 0 && curve_mib[i] <= curve_mib[i - 1]) {
      return InvalidArgumentError("--curve: sizes must ascend, such as 16,32,64");
    }
  }
  if (!status.ok()) return status;
  if (growth_factor != 0 && (growth_factor <= 1 || growth_factor > 10)) {
    return InvalidArgumentError("--growth-factor is not above 1 and at most 10, nor 0");
  }
  if (batch < 1 || batch > 4096) return InvalidArgumentError("--batch is not within 1 and 4096");
  if (svg == "-" && json == "-") {
    return InvalidArgumentError("--svg and --json cannot both go to standard output");
  }
  return EffectiveSynthetic(*this).Validate();
}

std::vector<int> TraceOptions::MemorySizes() const {
  return curve_mib.empty() ? std::vector<int>{memory_mib} : curve_mib;
}

absl::StatusOr<std::unique_ptr<TraceSource>> TraceOptions::OpenTrace() const {
  if (file.empty()) return std::make_unique<SyntheticTrace>(EffectiveSynthetic(*this));
  FileOptions options;
  options.path = file;
  options.format = format;
  options.max_requests = requests;
  options.value_sizes = synthetic.value_sizes;
  options.lifetimes = synthetic.lifetimes;
  options.rate_per_s = synthetic.rate_per_s;
  absl::StatusOr<std::unique_ptr<FileTrace>> trace = FileTrace::Open(options);
  if (!trace.ok()) return trace.status();
  return *std::move(trace);
}

std::string TraceOptions::DescribeTrace() const {
  if (!file.empty()) return file;
  const SyntheticOptions s = EffectiveSynthetic(*this);
  std::string text = StrCat("zipf ", s.zipf_exponent, " over ", s.keys, " keys of ", s.key_bytes,
                            " bytes, values of ", s.value_sizes.ToString());
  if (s.one_hit_share > 0) absl::StrAppend(&text, ", one-hit wonders ", s.one_hit_share);
  if (s.scan_every > 0) {
    absl::StrAppend(&text, ", scans of ", s.scan_keys, " keys every ", s.scan_every);
  }
  if (s.shift_every > 0) {
    absl::StrAppend(&text, ", shifts by ", s.shift_keys, " keys every ", s.shift_every);
  }
  if (s.lifetimes.max_s > 0) absl::StrAppend(&text, ", TTL ", s.lifetimes.ToString(), " s");
  return StrCat(text, ", seed ", s.seed);
}

}  // namespace ringcache::trace

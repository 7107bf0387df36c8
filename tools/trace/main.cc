// The trace player: see trace_flags.h for its options, docs/trace.md for its use.
//
// Exits with 0 if every target played the whole trace, 1 otherwise, 2 for wrong options.

#include <csignal>
#include <cstdio>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/trace/curve.h"
#include "tools/trace/curve_plot.h"
#include "tools/trace/curve_svg.h"
#include "tools/trace/trace_flags.h"
#include "tools/trace/trace_options.h"
#include "tools/trace/trace_report.h"
#include "tools/trace/trace_run.h"

namespace ringcache::trace {
namespace {

void Say(absl::string_view text, std::FILE* where) {
  std::fprintf(where, "%.*s\n", static_cast<int>(text.size()), text.data());
}

bool Write(const std::string& file, const std::string& text) {
  if (file.empty()) return true;
  if (file == "-") return std::fputs(text.c_str(), stdout) >= 0;
  std::ofstream out(file);
  out << text << std::flush;
  if (out.good()) return true;
  Say("cannot write " + file, stderr);
  return false;
}

int Main(const std::vector<absl::string_view>& arguments) {
  const absl::StatusOr<TraceOptions> options = ParseTraceOptions(arguments);
  if (!options.ok()) {
    Say(options.status().message(), stderr);
    return 2;
  }
  if (options->help) {
    Say(TraceOptionsHelp(), stdout);
    return 0;
  }
  std::function<void(absl::string_view)> progress;
  if (!options->quiet) progress = [](absl::string_view line) { Say(line, stderr); };
  const absl::StatusOr<TraceResults> results = RunTrace(*options, progress);
  if (!results.ok()) {
    Say(results.status().message(), stderr);
    return 1;
  }
  const std::vector<CurveSeries> curve = CurveOf(*results);
  if (!options->quiet) {
    // Standard output is either for people or for a program.
    std::FILE* const out = options->json == "-" || options->svg == "-" ? stderr : stdout;
    Say("\n" + SummarizeResults(*options, *results), out);
    if (!options->curve_mib.empty()) Say(PlotCurve(curve), out);
  }
  const bool written = Write(options->svg, DrawCurveAsSvg(curve, options->DescribeTrace())) &&
                       Write(options->json, ResultsAsJson(*options, *results));
  return written ? 0 : 1;
}

}  // namespace
}  // namespace ringcache::trace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  return ringcache::trace::Main({argv + 1, argv + argc});
}

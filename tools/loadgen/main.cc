// The load generator: see load_flags.h for its options, docs/benchmarks.md for its use.
//
// Exits with 0 if every request was answered and by no error, 1 otherwise, 2 for wrong options.

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/loadgen/load_flags.h"
#include "tools/loadgen/load_options.h"
#include "tools/loadgen/load_report.h"
#include "tools/loadgen/load_run.h"

namespace ringcache::loadgen {
namespace {

void Say(absl::string_view text, std::FILE* where) {
  std::fprintf(where, "%.*s\n", static_cast<int>(text.size()), text.data());
}

bool WriteJson(const std::string& file, const std::string& json) {
  if (file == "-") return std::fputs(json.c_str(), stdout) >= 0;
  std::ofstream out(file);
  out << json << std::flush;
  return out.good();
}

// A connection is a descriptor, and the usual soft limit is 1024.
void RaiseDescriptorLimit() {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// `bazel run` starts programs elsewhere; paths are meant from where the person stands.
void GoWherePersonIs() {
  const char* const folder = std::getenv("BUILD_WORKING_DIRECTORY");
  if (folder != nullptr && chdir(folder) != 0) std::perror(folder);
}

int Main(const std::vector<absl::string_view>& arguments) {
  const absl::StatusOr<LoadOptions> options = ParseLoadOptions(arguments);
  if (!options.ok()) {
    Say(options.status().message(), stderr);
    return 2;
  }
  if (options->help) {
    Say(LoadOptionsHelp(), stdout);
    return 0;
  }
  RaiseDescriptorLimit();
  GoWherePersonIs();
  std::function<void(absl::string_view)> progress;
  if (!options->quiet) progress = [](absl::string_view line) { Say(line, stderr); };
  const absl::StatusOr<RunTotals> totals = RunLoad(*options, progress);
  if (!totals.ok()) {
    Say(totals.status().message(), stderr);
    return 1;
  }
  // Standard output is either the summary's or the report's.
  if (!options->quiet) {
    std::fputs(SummarizeRun(*options, *totals).c_str(), options->json == "-" ? stderr : stdout);
  }
  if (!options->json.empty() && !WriteJson(options->json, RunAsJson(*options, *totals))) {
    Say("--json: cannot write " + options->json, stderr);
    return 1;
  }
  return totals->clean() ? 0 : 1;
}

}  // namespace
}  // namespace ringcache::loadgen

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  return ringcache::loadgen::Main({argv + 1, argv + argc});
}

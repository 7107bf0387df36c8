// What a cache's memory holds, ours and memcached's: see footprint_options.h for the options,
// docs/benchmarks.md for the use.
//
// Exits with 0 if everything was measured, 1 otherwise, 2 for wrong options. Whether the targets
// are reached is for the reader to see.

#include <csignal>
#include <cstdio>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/footprint/footprint_options.h"
#include "tools/footprint/footprint_report.h"
#include "tools/footprint/measurements.h"

namespace ringcache::footprint {
namespace {

struct Measurement {
  Row row;
  std::function<absl::StatusOr<double>(const std::string& program, const Scale& scale)> measure;
};

std::vector<Measurement> Measurements() {
  const auto items_of = [](std::size_t value_bytes) {
    return [value_bytes](const std::string& program, const Scale& scale) {
      return BytesPerItem(program, scale, value_bytes);
    };
  };
  return {
      {{"bytes_per_item_100", "resident bytes per item, 100 B values", 165, false, 1, {}},
       items_of(100)},
      {{"bytes_per_item_1024", "resident bytes per item, 1,024 B values", 1130, false, 1, {}},
       items_of(1024)},
      {{"payload_share", "payload as a share of the limit", 0.90, true, 3, {}}, PayloadShare},
      {{"bytes_per_connection", "resident bytes per idle connection", 600, false, 0, {}},
       BytesPerIdleConnection},
      {{"out_of_memory", "SERVER_ERROR out of memory", 0, false, 0, {}}, OutOfMemoryErrors},
  };
}

bool Write(const std::string& file, const std::string& text) {
  if (file.empty()) return true;
  if (file == "-") return std::fputs(text.c_str(), stdout) >= 0;
  std::ofstream out(file);
  out << text << std::flush;
  return out.good();
}

int Main(const std::vector<absl::string_view>& arguments) {
  const absl::StatusOr<FootprintOptions> options = ParseFootprintOptions(arguments);
  if (!options.ok()) {
    std::fprintf(stderr, "%s\n", std::string(options.status().message()).c_str());
    return 2;
  }
  if (options->help) return std::fputs(FootprintOptionsHelp().c_str(), stdout) >= 0 ? 0 : 1;
  Report report;
  std::vector<std::string> paths;
  const auto add = [&](const char* name, const std::string& path) {
    if (path.empty()) return;
    report.programs.emplace_back(name);
    paths.push_back(path);
  };
  add("memcached", options->memcached);
  add("ringcache", options->ringcache);
  for (Measurement& measurement : Measurements()) {
    for (const std::string& path : paths) {
      std::fprintf(stderr, "%s: %s\n", path.c_str(), measurement.row.title.c_str());
      const absl::StatusOr<double> value = measurement.measure(path, options->scale);
      if (!value.ok()) {
        std::fprintf(stderr, "%s\n", std::string(value.status().message()).c_str());
        return 1;
      }
      measurement.row.values.push_back(*value);
    }
    report.rows.push_back(std::move(measurement.row));
  }
  if (options->json != "-") std::fputs(ReportAsTable(report).c_str(), stdout);
  return Write(options->json, ReportAsJson(report)) ? 0 : 1;
}

}  // namespace
}  // namespace ringcache::footprint

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  return ringcache::footprint::Main({argv + 1, argv + argc});
}

#include "admin/metrics/process_metrics.h"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace ringcache::admin {
namespace {

std::string ReadFile(const char* path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// The fields of /proc/self/stat that proc(5) numbers from 3 on, as index 0 on: those before may
// have spaces in them.
std::vector<std::string> ReadStatus() {
  const std::string text = ReadFile("/proc/self/stat");
  const std::size_t end_of_name = text.rfind(") ");
  if (end_of_name == std::string::npos) return {};
  return absl::StrSplit(text.substr(end_of_name + 2), ' ');
}

std::optional<double> Field(const std::vector<std::string>& fields, std::size_t number) {
  double value = 0;
  if (number - 3 >= fields.size() || !absl::SimpleAtod(fields[number - 3], &value)) {
    return std::nullopt;
  }
  return value;
}

// When the machine started, as Unix time.
std::optional<double> BootTime() {
  for (const absl::string_view line : absl::StrSplit(ReadFile("/proc/stat"), '\n')) {
    const std::pair<absl::string_view, absl::string_view> words =
        absl::StrSplit(line, absl::MaxSplits(' ', 1));
    double seconds = 0;
    if (words.first == "btime" && absl::SimpleAtod(words.second, &seconds)) return seconds;
  }
  return std::nullopt;
}

std::optional<double> OpenDescriptors() {
  DIR* const folder = opendir("/proc/self/fd");
  if (folder == nullptr) return std::nullopt;
  double count = 0;
  while (const dirent* entry = readdir(folder)) count += entry->d_name[0] != '.';
  closedir(folder);
  return count - 1;  // but for the folder's own
}

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

void AddGauge(const char* name, const char* help, std::optional<double> value, Families* families) {
  if (value.has_value()) families->AddGauge(name, help, *value);
}

}  // namespace

void AddProcess(Families* families) {
  rusage usage = {};
  if (getrusage(RUSAGE_SELF, &usage) == 0) {
    families->Begin("process_cpu_seconds_total",
                    "CPU time of the process and of the kernel for it.", MetricType::kCounter);
    families->Add({}, Seconds(usage.ru_utime) + Seconds(usage.ru_stime));
  }
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    families->AddGauge("process_max_fds", "How many files may be open.",
                       static_cast<double>(limit.rlim_cur));
  }
  AddGauge("process_open_fds", "Files and connections that are open.", OpenDescriptors(), families);

  const std::vector<std::string> status = ReadStatus();
  AddGauge("process_virtual_memory_bytes", "Address space of the process.", Field(status, 23),
           families);
  const std::optional<double> pages = Field(status, 24);
  if (pages.has_value()) {
    families->AddGauge("process_resident_memory_bytes", "Memory of the process that is resident.",
                       *pages * static_cast<double>(sysconf(_SC_PAGESIZE)));
  }
  const std::optional<double> boot = BootTime();
  const std::optional<double> start = Field(status, 22);
  if (boot.has_value() && start.has_value()) {
    families->AddGauge("process_start_time_seconds", "When the process started, as Unix time.",
                       *boot + *start / static_cast<double>(sysconf(_SC_CLK_TCK)));
  }
}

}  // namespace ringcache::admin

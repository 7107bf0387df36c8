#include "tools/loadgen/server_cpu.h"

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace ringcache::loadgen {

absl::StatusOr<ServerCpu> ServerCpu::Create(int pid) {
  clockid_t clock;
  if (clock_getcpuclockid(pid, &clock) != 0) {
    return absl::NotFoundError(absl::StrCat("--server-pid: there is no process ", pid));
  }
  return ServerCpu(pid, clock);
}

CpuTime ServerCpu::Read() const {
  CpuTime time;
  timespec total;
  if (clock_gettime(clock_, &total) != 0) return time;
  time.total_ns = std::int64_t{total.tv_sec} * 1'000'000'000 + total.tv_nsec;
  std::ifstream file(absl::StrCat("/proc/", pid_, "/stat"));
  const std::string text(std::istreambuf_iterator<char>(file), {});
  // The program's name, in parentheses, may hold anything. utime and stime are fields 14 and 15,
  // proc(5).
  const std::size_t name_end = text.rfind(')');
  long long user = 0, system = 0;
  if (name_end != std::string::npos &&
      std::sscanf(text.c_str() + name_end + 1,
                  " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lld %lld", &user, &system) == 2) {
    const std::int64_t tick_ns = 1'000'000'000 / sysconf(_SC_CLK_TCK);
    time.user_ns = user * tick_ns;
    time.system_ns = system * tick_ns;
  }
  return time;
}

CpuTime ServerCpu::InWindow() const {
  return {at_end_.total_ns - at_start_.total_ns, at_end_.user_ns - at_start_.user_ns,
          at_end_.system_ns - at_start_.system_ns};
}

}  // namespace ringcache::loadgen

#include "admin/metrics/process_metrics.h"

#include <unistd.h>

#include <cstdio>
#include <map>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "prometheus/metric_family.h"

namespace ringcache::admin {
namespace {

std::map<std::string, double> Shown() {
  Families families;
  AddProcess(&families);
  std::map<std::string, double> values;
  for (const prometheus::MetricFamily& family : families.Take()) {
    const prometheus::ClientMetric& metric = family.metric.at(0);
    values[family.name] = metric.counter.value + metric.gauge.value;
  }
  return values;
}

TEST(ProcessMetrics, AreThoseOfThisProcess) {
  auto values = Shown();
  EXPECT_EQ(values.size(), 6u);
  EXPECT_GT(values["process_cpu_seconds_total"], 0);
  EXPECT_GT(values["process_resident_memory_bytes"], 1 << 20);
  EXPECT_GT(values["process_virtual_memory_bytes"], values["process_resident_memory_bytes"]);
  EXPECT_GT(values["process_max_fds"], values["process_open_fds"]);
  const double now = absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch());
  EXPECT_LE(values["process_start_time_seconds"], now + 2);
  EXPECT_GT(values["process_start_time_seconds"], now - 3600);
}

TEST(ProcessMetrics, EachOpenFileCounts) {
  const double before = Shown()["process_open_fds"];
  const int descriptor = dup(fileno(stdout));
  EXPECT_EQ(Shown()["process_open_fds"], before + 1);
  close(descriptor);
  EXPECT_EQ(Shown()["process_open_fds"], before);
}

}  // namespace
}  // namespace ringcache::admin

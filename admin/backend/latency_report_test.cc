#include "admin/backend/latency_report.h"

#include <vector>

#include "gtest/gtest.h"

namespace ringcache::admin {
namespace {

TEST(LatencyReportTest, EachSeriesHasItsLinesInMicroseconds) {
  std::vector<LatencySeries> series(2);
  series[0].name = "get";
  series[0].histogram.RecordMany(100, 99);
  series[0].histogram.RecordMany(64'000, 1);
  series[1] = {LatencySeries::Kind::kMember, "cache", "10.0.0.1:11211", {}};
  EXPECT_EQ(LatencyReport(series),
            "STAT get:count 100\r\n"
            "STAT get:mean 0.7\r\n"
            "STAT get:p50 0.1\r\n"
            "STAT get:p90 0.1\r\n"
            "STAT get:p99 0.1\r\n"
            "STAT get:p99.9 64.0\r\n"
            "STAT get:max 64.0\r\n"
            "STAT cache/10.0.0.1:11211:count 0\r\n"
            "STAT cache/10.0.0.1:11211:mean 0.0\r\n"
            "STAT cache/10.0.0.1:11211:p50 0.0\r\n"
            "STAT cache/10.0.0.1:11211:p90 0.0\r\n"
            "STAT cache/10.0.0.1:11211:p99 0.0\r\n"
            "STAT cache/10.0.0.1:11211:p99.9 0.0\r\n"
            "STAT cache/10.0.0.1:11211:max 0.0\r\n"
            "END\r\n");
}

}  // namespace
}  // namespace ringcache::admin

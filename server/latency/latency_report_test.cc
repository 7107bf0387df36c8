#include "server/latency/latency_report.h"

#include "absl/strings/match.h"
#include "gtest/gtest.h"

namespace ringcache::server {
namespace {

TEST(LatencyReportTest, EachClassHasItsLinesInMicroseconds) {
  LatencyHistograms histograms;
  histograms[0].RecordMany(100, 99);
  histograms[0].RecordMany(64'000, 1);
  const std::string text = LatencyReport(histograms);
  EXPECT_TRUE(absl::StartsWith(text,
                               "STAT get:count 100\r\n"
                               "STAT get:mean 0.7\r\n"
                               "STAT get:p50 0.1\r\n"
                               "STAT get:p90 0.1\r\n"
                               "STAT get:p99 0.1\r\n"
                               "STAT get:p99.9 64.0\r\n"
                               "STAT get:max 64.0\r\n"
                               "STAT set:count 0\r\n"))
      << text;
  EXPECT_TRUE(absl::EndsWith(text, "STAT other:max 0.0\r\nEND\r\n")) << text;
}

}  // namespace
}  // namespace ringcache::server

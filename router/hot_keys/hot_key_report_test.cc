#include "router/hot_keys/hot_key_report.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "metrics/hot_key_sketch.h"
#include "metrics/hot_keys.h"

namespace ringcache::router {
namespace {

// A worker that serves so many reads a second in all, and these of one key.
metrics::HotKeyRates Worker(std::uint64_t reads, const std::string& key, std::uint64_t of_key) {
  metrics::HotKeyRates rates;
  rates.window = absl::Seconds(16);
  rates.reads.requests = 1000 * reads;
  rates.reads.keys = {{key, 1000 * of_key, 0}};
  return rates;
}

TEST(HotKeyReportTest, WorkersAddUp) {
  // 64 looked at once in 16 seconds: an error of 3 sqrt(4 x rate).
  EXPECT_EQ(HotKeyReport(std::vector<metrics::HotKeyRates>{
                Worker(1000, "a", 75), Worker(1000, "a", 25), Worker(500, "b", 25)}),
            "STAT window_seconds 16.0\r\n"
            "STAT missed_samples 0\r\n"
            "STAT reads_per_second 2500.0\r\n"
            "STAT read:a per_second:100.0 share:0.0400 error:60.0\r\n"
            "STAT read:b per_second:25.0 share:0.0100 error:30.0\r\n"
            "STAT writes_per_second 0.0\r\n"
            "END\r\n");
}

TEST(HotKeyReportTest, WhatTheSketchDoesNotKnowIsInTheError) {
  metrics::HotKeyRates worker = Worker(1000, "a", 100);
  worker.reads.keys[0].error = 5000;
  worker.writes = worker.reads;
  worker.missed_samples = 3;
  const std::string report = HotKeyReport(std::vector<metrics::HotKeyRates>{worker});
  EXPECT_TRUE(absl::StrContains(report, "read:a per_second:100.0 share:0.1000 error:65.0\r\n"))
      << report;
  EXPECT_TRUE(absl::StrContains(report, "write:a per_second:100.0 share:0.1000 error:65.0\r\n"))
      << report;
  EXPECT_TRUE(absl::StrContains(report, "STAT missed_samples 3\r\n"));
}

TEST(HotKeyReportTest, TheHottestAreTold) {
  metrics::HotKeyRates worker = Worker(1000, "k0", 100);
  for (std::size_t i = 1; i < kReportedKeys + 5; ++i) {
    worker.reads.keys.push_back({absl::StrCat("k", i), 100'000 - i, 0});
  }
  const std::string report = HotKeyReport(std::vector<metrics::HotKeyRates>{worker});
  EXPECT_TRUE(absl::StrContains(report, absl::StrCat("read:k", kReportedKeys - 1, " ")));
  EXPECT_FALSE(absl::StrContains(report, absl::StrCat("read:k", kReportedKeys, " ")));
}

TEST(HotKeyReportTest, AnyKeyIsOneWordOfOneLine) {
  const std::string report =
      HotKeyReport(std::vector<metrics::HotKeyRates>{Worker(10, "a b\r\nEND\r\n\xff", 1)});
  EXPECT_TRUE(absl::StrContains(report, "STAT read:a\\x20b\\r\\nEND\\r\\n\\xff per_second:1.0 "))
      << report;
}

TEST(HotKeyReportTest, NoWorkersHaveNoKeys) {
  EXPECT_EQ(HotKeyReport({}),
            "STAT window_seconds 1.0\r\nSTAT missed_samples 0\r\nSTAT reads_per_second 0.0\r\n"
            "STAT writes_per_second 0.0\r\nEND\r\n");
}

}  // namespace
}  // namespace ringcache::router

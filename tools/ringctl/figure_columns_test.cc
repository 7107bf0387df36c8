#include "tools/ringctl/figure_columns.h"

#include <optional>
#include <string>

#include "admin/proto/admin.pb.h"
#include "gtest/gtest.h"
#include "tools/ringctl/literal_message.h"

namespace ringcache::ringctl {
namespace {

using admin::v1::Stats;

Stats Of(const std::string& text) { return LiteralMessage<Stats>(text); }

constexpr FigureColumn kGets = {"gets", Measure::kCounter, "general.cmd_get"};
constexpr FigureColumn kHits = {"hits", Measure::kShare, "general.get_hits", "general.cmd_get"};
constexpr FigureColumn kCpu = {"cpu", Measure::kProcessorTime, "general.cpu_user_us",
                               "general.cpu_system_us"};
constexpr FigureColumn kBytes = {"bytes", Measure::kBytes, "general.bytes"};
constexpr FigureColumn kIn = {"in", Measure::kByteCounter, "general.bytes_read"};

TEST(FigureColumnsTest, WhatIsAbsentIsNotZero) {
  const Stats stats = Of("general { cmd_get: 0 }");
  EXPECT_EQ(FigureOf(stats, "general.cmd_get"), 0u);
  EXPECT_EQ(FigureOf(stats, "general.cmd_set"), std::nullopt);
  EXPECT_EQ(FigureOf(stats, "router.requests"), std::nullopt);
  EXPECT_EQ(FigureOf(stats, "no_such_field"), std::nullopt);
  EXPECT_EQ(Total(kGets, stats), "0");
  EXPECT_EQ(Total(kBytes, stats), "-");
}

TEST(FigureColumnsTest, TotalsAreSpelledByTheirMeasure) {
  const Stats stats =
      Of("general { cmd_get: 4000 get_hits: 3000 cpu_user_us: 1500000 cpu_system_us: 500000"
         " bytes: 2048 bytes_read: 1024 }");
  EXPECT_EQ(Total(kGets, stats), "4,000");
  EXPECT_EQ(Total(kHits, stats), "75.0 %");
  EXPECT_EQ(Total(kCpu, stats), "2.0 s");
  EXPECT_EQ(Total(kBytes, stats), "2.0 KiB");
}

TEST(FigureColumnsTest, RatesAreOfWhatCameSince) {
  const Stats before =
      Of("general { cmd_get: 1000 get_hits: 1000 cpu_user_us: 0 cpu_system_us: 0 bytes: 1"
         " bytes_read: 0 }");
  const Stats now =
      Of("general { cmd_get: 3000 get_hits: 2000 cpu_user_us: 1000000 cpu_system_us: 2000000"
         " bytes: 2 bytes_read: 4096 }");
  EXPECT_EQ(Rate(kGets, before, now, 2), "1,000");
  EXPECT_EQ(Rate(kHits, before, now, 2), "50.0 %");
  EXPECT_EQ(Rate(kCpu, before, now, 2), "150 %");
  EXPECT_EQ(Rate(kBytes, before, now, 2), "2 B");
  EXPECT_EQ(Rate(kIn, before, now, 2), "2.0 KiB");
}

TEST(FigureColumnsTest, AProcessThatBeganAnewHasNoRate) {
  const Stats before = Of("general { cmd_get: 10 get_hits: 10 bytes_read: 5 }");
  const Stats now = Of("general { cmd_get: 3 get_hits: 3 bytes_read: 1 }");
  EXPECT_EQ(Rate(kGets, before, now, 1), "-");
  EXPECT_EQ(Rate(kHits, before, now, 1), "-");
  EXPECT_EQ(Rate(kIn, before, now, 1), "-");
}

TEST(FigureColumnsTest, HeadingsSayWhatIsARate) {
  EXPECT_EQ(HeadingOf(kGets, /*as_rates=*/false), "gets");
  EXPECT_EQ(HeadingOf(kGets, /*as_rates=*/true), "gets/s");
  EXPECT_EQ(HeadingOf(kBytes, /*as_rates=*/true), "bytes");
}

TEST(FigureColumnsTest, SumsHaveWhatAnyHas) {
  Stats sum = Of("general { cmd_get: 1 }");
  AddFigures(Of("general { cmd_get: 2 cmd_set: 3 } slabs { size_class: 1 }"), &sum);
  EXPECT_EQ(sum.SerializeAsString(), Of("general { cmd_get: 3 cmd_set: 3 }").SerializeAsString());
}

}  // namespace
}  // namespace ringcache::ringctl

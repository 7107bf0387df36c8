#include "admin/metrics/memcached_metrics.h"

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "prometheus/metric_family.h"

namespace ringcache::admin {
namespace {

using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

// Values by "name" or "name,label,label", with the labels' values.
class MemcachedMetrics : public ::testing::Test {
 protected:
  MemcachedMetrics() { program_.serves = "memcached 1.6.18"; }

  std::map<std::string, double> Shown(const absl::StatusOr<Stats>& stats) const {
    Families families;
    AddMemcached(program_, stats, &families);
    std::map<std::string, double> values;
    for (const prometheus::MetricFamily& family : families.Take()) {
      for (const prometheus::ClientMetric& metric : family.metric) {
        std::string key = family.name;
        for (const auto& label : metric.label) absl::StrAppend(&key, ",", label.value);
        values[key] = metric.counter.value + metric.gauge.value;
      }
    }
    values.erase("memcached_up");
    values.erase("memcached_version,1.6.18");
    return values;
  }

  ProgramInfo program_;
  Stats stats_;
};

TEST_F(MemcachedMetrics, WhatIsNotKnownIsNotShown) { EXPECT_THAT(Shown(stats_), IsEmpty()); }

TEST_F(MemcachedMetrics, ZeroIsKnown) {
  stats_.general[GeneralFigure::kItems] = 0;
  EXPECT_THAT(Shown(stats_), UnorderedElementsAre(Pair("memcached_current_items", 0)));
}

TEST_F(MemcachedMetrics, TimesAreSecondsAndFactorsAreFractions) {
  stats_.general[GeneralFigure::kCpuUser] = 1'500'000;
  stats_.general[GeneralFigure::kHotMaxFactor] = 200'000;
  stats_.general[GeneralFigure::kUptime] = 7;
  EXPECT_THAT(Shown(stats_),
              UnorderedElementsAre(Pair("memcached_process_user_cpu_seconds_total", 1.5),
                                   Pair("memcached_lru_crawler_hot_max_factor", 0.2),
                                   Pair("memcached_uptime_seconds", 7)));
}

TEST_F(MemcachedMetrics, ACasIsNotCountedAsASetToo) {
  stats_.general[GeneralFigure::kSets] = 10;
  stats_.general[GeneralFigure::kCasHits] = 3;
  stats_.general[GeneralFigure::kCasMisses] = 2;
  stats_.general[GeneralFigure::kCasBadValues] = 1;
  EXPECT_EQ(Shown(stats_)["memcached_commands_total,set,hit"], 4);
  stats_.slabs.push_back({5, {}});
  stats_.slabs[0].figures[SlabFigure::kSets] = 10;
  stats_.slabs[0].figures[SlabFigure::kCasHits] = 3;
  EXPECT_EQ(Shown(stats_)["memcached_slab_commands_total,5,set,hit"], 7);
}

// Counts of several workers are read one after the other.
TEST_F(MemcachedMetrics, ADifferenceIsNeverBelowZero) {
  stats_.general[GeneralFigure::kSets] = 2;
  stats_.general[GeneralFigure::kCasHits] = 3;
  EXPECT_EQ(Shown(stats_)["memcached_commands_total,set,hit"], 0);
}

TEST_F(MemcachedMetrics, EachClassIsASeries) {
  for (std::uint32_t size_class : {1, 42}) {
    stats_.slabs.push_back({size_class, {}});
    stats_.slabs.back().figures[SlabFigure::kHitsToTemporary] = size_class;
  }
  EXPECT_THAT(Shown(stats_),
              UnorderedElementsAre(Pair("memcached_slab_lru_hits_total,1,temporary", 1),
                                   Pair("memcached_slab_lru_hits_total,42,temporary", 42)));
}

}  // namespace
}  // namespace ringcache::admin

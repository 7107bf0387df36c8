// Holds what is shown to the lists of what is promised, in both directions.

#include <array>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "admin/metrics/backend_collectable.h"
#include "admin/metrics/full_backend.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "prometheus/metric_family.h"

namespace ringcache::admin {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

// "name type label,label" of each family.
using Lines = std::set<std::string>;

const char* TypeName(prometheus::MetricType type) {
  switch (type) {
    case prometheus::MetricType::Counter:
      return "counter";
    case prometheus::MetricType::Gauge:
      return "gauge";
    case prometheus::MetricType::Histogram:
      return "histogram";
    default:
      return "other";
  }
}

// A family whose series differ in the names of their labels has a line for each form.
Lines Describe(const std::vector<prometheus::MetricFamily>& families) {
  Lines lines;
  for (const prometheus::MetricFamily& family : families) {
    for (const prometheus::ClientMetric& metric : family.metric) {
      std::vector<std::string> labels;
      for (const prometheus::ClientMetric::Label& label : metric.label)
        labels.push_back(label.name);
      lines.insert(absl::StrCat(family.name, " ", TypeName(family.type), " ",
                                labels.empty() ? "-" : absl::StrJoin(labels, ",")));
    }
  }
  return lines;
}

// Lines that begin with `mark`, without it; comments are left out.
Lines ReadList(const std::string& name, absl::string_view mark) {
  std::ifstream file("admin/metrics/testdata/" + name);
  EXPECT_TRUE(file) << name;
  Lines lines;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const bool is_absent = line[0] == '!';
    if (is_absent != (mark == "!")) continue;
    const std::vector<std::string> words =
        absl::StrSplit(line.substr(mark.size()), ' ', absl::SkipEmpty());
    EXPECT_GE(words.size(), 3u) << line;
    lines.insert(absl::StrJoin(words.begin(), words.begin() + 3, " "));
  }
  return lines;
}

Lines Without(const Lines& lines, const Lines& others) {
  Lines rest = lines;
  for (const std::string& line : others) rest.erase(line);
  return rest;
}

std::vector<prometheus::MetricFamily> Collect(FakeBackend* backend) {
  return BackendCollectable(backend).Collect();
}

class MetricLists : public ::testing::Test {
 protected:
  MetricLists() {
    for (const std::string& line : Describe(Collect(backend_.get()))) {
      (absl::StartsWith(line, "memcached_") ? memcached_ : ours_).insert(line);
    }
  }

  const std::unique_ptr<FakeBackend> backend_ = FullBackend();
  Lines memcached_;
  Lines ours_;
};

TEST_F(MetricLists, EveryMetricOfTheExporterIsShownOrSaidToBeAbsent) {
  const Lines listed = ReadList("memcached_exporter_metrics.txt", "");
  const Lines absent = ReadList("memcached_exporter_metrics.txt", "!");
  EXPECT_THAT(Without(listed, memcached_), IsEmpty()) << "listed, but not shown";
  EXPECT_THAT(Without(memcached_, listed), IsEmpty()) << "shown, but not listed";
  EXPECT_THAT(listed.size() + absent.size(), 103u) << "as many as the exporter has";
  for (const std::string& line : absent) EXPECT_EQ(memcached_.count(line), 0u) << line;
}

TEST_F(MetricLists, OurMetricsAreThoseOfTheList) {
  const Lines listed = ReadList("ringcache_metrics.txt", "");
  EXPECT_THAT(Without(listed, ours_), IsEmpty()) << "listed, but not shown";
  EXPECT_THAT(Without(ours_, listed), IsEmpty()) << "shown, but not listed";
}

TEST_F(MetricLists, NamesAreThoseOfBaseUnitsAndCountersEndInTotal) {
  for (const std::string& line : ours_) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    EXPECT_EQ(words[1] == "counter", absl::EndsWith(words[0], "_total")) << line;
    EXPECT_TRUE(absl::StartsWith(words[0], "ringcache_") || absl::StartsWith(words[0], "process_"))
        << line;
  }
}

TEST_F(MetricLists, EachFamilyComesOnceAndNoSeriesTwice) {
  std::set<std::string> names;
  for (const prometheus::MetricFamily& family : Collect(backend_.get())) {
    EXPECT_TRUE(names.insert(family.name).second) << family.name;
    EXPECT_FALSE(family.help.empty()) << family.name;
    std::set<std::vector<prometheus::ClientMetric::Label>> series;
    for (const prometheus::ClientMetric& metric : family.metric) {
      EXPECT_TRUE(series.insert(metric.label).second) << family.name;
    }
  }
}

// Shows each figure alone, and counts the series that come of it. `figures` finds the group.
template <typename Id>
void ExpectEachIsShown(FakeBackend* backend, FigureSet<Id>& (*figures)(Stats& stats)) {
  const auto count_with = [&](const FigureSet<Id>& known) {
    backend->Change([&](FakeBackend::State& state) { figures(*state.stats) = known; });
    std::size_t series = 0;
    for (const prometheus::MetricFamily& family : Collect(backend)) series += family.metric.size();
    return series;
  };
  const std::size_t without = count_with({});
  for (std::size_t i = 0; i < FigureSet<Id>::kSize; ++i) {
    FigureSet<Id> one;
    one[static_cast<Id>(i)] = 1;
    EXPECT_GT(count_with(one), without) << "figure " << i;
  }
}

TEST_F(MetricLists, EveryFigureOfEveryGroupIsShown) {
  FakeBackend* const backend = backend_.get();
  ExpectEachIsShown<GeneralFigure>(
      backend, [](Stats & all) -> auto& { return all.general; });
  ExpectEachIsShown<RouterFigure>(
      backend, [](Stats & all) -> auto& { return all.router; });
  ExpectEachIsShown<SlabFigure>(
      backend, [](Stats & all) -> auto& { return all.slabs[0].figures; });
  ExpectEachIsShown<WorkerFigure>(
      backend, [](Stats & all) -> auto& { return all.workers[0].figures; });
  ExpectEachIsShown<MemberFigure>(
      backend, [](Stats & all) -> auto& { return all.members[0].figures; });
}

}  // namespace
}  // namespace ringcache::admin

#include "admin/metrics/ring_metrics.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "admin/backend/fake_backend.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "prometheus/metric_family.h"

namespace ringcache::admin {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

using Rings = std::vector<std::shared_ptr<const RingView>>;

// Values by "name,label,label", with the labels' values.
std::map<std::string, double> Shown(const absl::StatusOr<Rings>& rings) {
  Families families;
  AddRings(rings, &families);
  std::map<std::string, double> values;
  for (const prometheus::MetricFamily& family : families.Take()) {
    for (const prometheus::ClientMetric& metric : family.metric) {
      std::string key = family.name;
      for (const auto& label : metric.label) absl::StrAppend(&key, ",", label.value);
      EXPECT_TRUE(values.emplace(key, metric.gauge.value).second) << key;
    }
  }
  return values;
}

TEST(RingMetrics, EachPoolAndEachMemberIsASeries) {
  auto values = Shown(Rings{FakeRing("a", 2), FakeRing("b", 4)});
  EXPECT_EQ(values["ringcache_discovery_ready"], 1);
  EXPECT_EQ(values["ringcache_ring_members,a"], 2);
  EXPECT_EQ(values["ringcache_ring_members,b"], 4);
  EXPECT_EQ(values["ringcache_ring_members_by_state,b,up"], 4);
  EXPECT_EQ(values["ringcache_ring_members_by_state,b,down"], 0);
  EXPECT_EQ(values["ringcache_ring_member_share,a,b:11211"], 0.5);
  EXPECT_EQ(values["ringcache_ring_info,a,ketama,md5"], 1);
}

TEST(RingMetrics, APoolThatIsToldTwiceIsShownOnce) {
  EXPECT_EQ(Shown(Rings{FakeRing("a", 2), FakeRing("a", 3)})["ringcache_ring_members,a"], 2);
}

TEST(RingMetrics, UntilMembersAreKnownDiscoveryIsNotReady) {
  EXPECT_THAT(Shown(absl::UnavailableError("no answer yet")),
              ElementsAre(Pair("ringcache_discovery_ready", 0)));
}

TEST(RingMetrics, WhoObservesNoRingShowsNothing) {
  EXPECT_THAT(Shown(absl::FailedPreconditionError("give --discovery")), IsEmpty());
}

}  // namespace
}  // namespace ringcache::admin

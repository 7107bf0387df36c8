#include "discovery/dns_lookup.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "discovery/dns_message.h"
#include "discovery/lookup_batch.h"
#include "discovery/scripted_resolver.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/simulated_loop.h"

namespace ringcache::discovery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class DnsLookupTest : public ::testing::Test {
 protected:
  DnsLookupTest() {
    resolver_.path = {{"shop.svc.cluster.local", "svc.cluster.local", "cluster.local"}, 5};
  }
  LookupResult LookUp(const std::string& name,
                      std::vector<DnsType> types = {DnsType::kA, DnsType::kAaaa}) {
    std::optional<LookupResult> got;
    const DnsLookup lookup(&resolver_, name, std::move(types),
                           [&got](LookupResult result) { got = std::move(result); });
    loop_.RunFor(absl::Minutes(1));
    EXPECT_TRUE(got.has_value());
    return got.value_or(LookupResult{});
  }
  void SetAddress(const std::string& name, const std::string& address, int ttl_s = 5) {
    const DnsRecord record = AddressRecord(name, address, ttl_s);
    resolver_.Set(name, record.type, {record});
  }

  net::SimulatedLoop loop_;
  ScriptedResolver resolver_{&loop_};
};

TEST_F(DnsLookupTest, BothTypesAreAskedForAtOnce) {
  SetAddress("cache.cluster.local", "10.0.0.1", 9);
  SetAddress("cache.cluster.local", "2001:db8::1", 7);
  const LookupResult result = LookUp("cache.cluster.local.");
  EXPECT_EQ(result.error, DnsError::kNone);
  EXPECT_EQ(result.name, "cache.cluster.local");
  EXPECT_THAT(result.records, SizeIs(2));
  EXPECT_EQ(result.ttl, absl::Seconds(7));
  EXPECT_FALSE(result.incomplete);
  EXPECT_EQ(resolver_.in_flight_max, 2u);
}

TEST_F(DnsLookupTest, TheSearchPathIsWalkedAsInAPod) {
  SetAddress("cache.shop.svc.cluster.local", "10.0.0.1");
  EXPECT_EQ(LookUp("cache.shop.svc", {DnsType::kA}).name, "cache.shop.svc.cluster.local");
  EXPECT_THAT(resolver_.asked,
              ElementsAre("cache.shop.svc.shop.svc.cluster.local",
                          "cache.shop.svc.svc.cluster.local", "cache.shop.svc.cluster.local"));
}

TEST_F(DnsLookupTest, ALocalNameIsNotSearchedFor) {
  SetAddress("localhost", "127.0.0.1");
  EXPECT_EQ(LookUp("localhost").name, "localhost");
  EXPECT_THAT(resolver_.asked, ElementsAre("localhost", "localhost"));
}

TEST_F(DnsLookupTest, ANameThatIsNowhereIsNotFound) {
  const LookupResult result = LookUp("cache");
  EXPECT_EQ(result.error, DnsError::kNotFound);
  EXPECT_EQ(result.problem, "cache is not found");
}

TEST_F(DnsLookupTest, ANameWithoutRecordsOfTheTypesIsPassedOver) {
  resolver_.Set("cache.shop.svc.cluster.local", DnsType::kSrv, {});
  SetAddress("cache.svc.cluster.local", "10.0.0.1");
  EXPECT_EQ(LookUp("cache").name, "cache.svc.cluster.local");
}

TEST_F(DnsLookupTest, ASearchDomainThatFailsDoesNotHideTheNext) {
  resolver_.adapt = [](const std::string& name, DnsType, DnsReply* reply) {
    if (name == "cache.svc.cluster.local") reply->error = DnsError::kServerFailure;
  };
  SetAddress("cache.cluster.local", "10.0.0.1");
  LookupResult result = LookUp("cache");
  EXPECT_EQ(result.error, DnsError::kNone);
  EXPECT_FALSE(result.incomplete);
  EXPECT_EQ(result.problem, "");
  resolver_.Clear();
  result = LookUp("cache");
  EXPECT_EQ(result.error, DnsError::kServerFailure) << "which counts for more than not found";
}

TEST_F(DnsLookupTest, ATimeoutEndsTheSearch) {
  resolver_.FailWith(DnsError::kTimeout);
  EXPECT_EQ(LookUp("cache", {DnsType::kA}).error, DnsError::kTimeout);
  EXPECT_THAT(resolver_.asked, SizeIs(1));
}

TEST_F(DnsLookupTest, OneTypeThatFailsMakesTheResultIncomplete) {
  SetAddress("cache", "10.0.0.1");
  resolver_.FailWith(DnsType::kAaaa, DnsError::kServerFailure);
  const LookupResult result = LookUp("cache.");
  EXPECT_EQ(result.error, DnsError::kNone);
  EXPECT_TRUE(result.incomplete);
  EXPECT_THAT(result.problem, HasSubstr("scripted trouble with cache"));
}

TEST_F(DnsLookupTest, AnAnswerThatStaysTruncatedIsIncomplete) {
  SetAddress("cache", "10.0.0.1");
  resolver_.adapt = [](const std::string&, DnsType type, DnsReply* reply) {
    reply->asked_over_tcp = reply->answer.truncated = type == DnsType::kA;
  };
  const LookupResult result = LookUp("cache.");
  EXPECT_EQ(result.error, DnsError::kNone);
  EXPECT_TRUE(result.incomplete);
  EXPECT_EQ(result.truncated, 1);
}

TEST_F(DnsLookupTest, AliasesAreFollowedAndTheirTroubleIsTold) {
  resolver_.Set(
      "cache", DnsType::kA,
      {NameRecord(DnsType::kCname, "cache", "real", 3), AddressRecord("real", "10.0.0.1")});
  LookupResult result = LookUp("cache.", {DnsType::kA});
  EXPECT_EQ(result.name, "cache");
  EXPECT_EQ(result.records[0].name, "real");
  EXPECT_EQ(result.ttl, absl::Seconds(3));
  resolver_.Set("cache", DnsType::kA, {NameRecord(DnsType::kCname, "cache", "real")});
  result = LookUp("cache.", {DnsType::kA});
  EXPECT_EQ(result.error, DnsError::kNotFound);
  EXPECT_EQ(result.problem, "cache is an alias of real, which has no record");
  resolver_.Set("cache", DnsType::kA, {NameRecord(DnsType::kCname, "cache", "cache")});
  EXPECT_EQ(LookUp("cache.", {DnsType::kA}).error, DnsError::kMalformed);
}

TEST_F(DnsLookupTest, DestroyingItCancelsIt) {
  bool called = false;
  {
    const DnsLookup lookup(&resolver_, "cache", {DnsType::kA},
                           [&called](const LookupResult&) { called = true; });
  }
  loop_.RunFor(absl::Minutes(1));
  EXPECT_FALSE(called);
}

TEST_F(DnsLookupTest, ACallbackMayDestroyIt) {
  std::unique_ptr<DnsLookup> lookup;
  lookup = std::make_unique<DnsLookup>(&resolver_, "cache", std::vector<DnsType>{DnsType::kA},
                                       [&lookup](const LookupResult&) { lookup.reset(); });
  loop_.RunFor(absl::Minutes(1));
  EXPECT_EQ(lookup, nullptr);
}

TEST_F(DnsLookupTest, ABatchAnswersInOrderAndAsksABoundedNumberAtOnce) {
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i) {
    names.push_back(absl::StrCat("m", i, "."));
    if (i % 10 != 0) SetAddress(absl::StrCat("m", i), absl::StrCat("10.0.0.", i));
  }
  std::vector<LookupResult> got;
  std::unique_ptr<LookupBatch> batch;
  batch = std::make_unique<LookupBatch>(&resolver_, names, std::vector<DnsType>{DnsType::kA},
                                        [&](std::vector<LookupResult> results) {
                                          got = std::move(results);
                                          batch.reset();
                                        });
  loop_.RunFor(absl::Minutes(1));
  ASSERT_THAT(got, SizeIs(100));
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(got[i].error, i % 10 != 0 ? DnsError::kNone : DnsError::kNotFound);
    EXPECT_EQ(got[i].name, absl::StrCat("m", i));
  }
  EXPECT_EQ(resolver_.in_flight_max, LookupBatch::kMaxInFlight);
}

}  // namespace
}  // namespace ringcache::discovery

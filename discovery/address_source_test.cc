#include "discovery/address_source.h"

#include <string>

#include "discovery/sources_fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::discovery {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kService[] = "cache.shop.svc.cluster.local";

std::string Pod(int number) { return "pod-" + std::to_string(number) + "." + kService; }

class AddressSourceTest : public SourcesFixture {
 protected:
  AddressSource source_{&loop_, &resolver_, kService, 11211};
};

TEST_F(AddressSourceTest, WithoutReverseNamesEveryAddressIsAMember) {
  SetAddresses(kService, {"10.0.0.2", "10.0.0.1", "10.0.0.2"}, 7);
  const PoolAnswer answer = Ask(&source_);
  EXPECT_EQ(Text(answer), "10.0.0.1:11211=10.0.0.1 10.0.0.2:11211=10.0.0.2");
  EXPECT_EQ(answer.ttl, absl::Seconds(7));
  EXPECT_THAT(answer.warning, HasSubstr("members are known by their addresses"));
  EXPECT_EQ(answer.warning.find("IPv6"), std::string::npos);
}

TEST_F(AddressSourceTest, OnceSettledOnAddressesNoReverseNameIsAskedFor) {
  SetAddresses(kService, {"10.0.0.1"});
  Ask(&source_);
  SetReverse("10.0.0.1", {Pod(0)});
  resolver_.asked.clear();
  EXPECT_EQ(Text(Ask(&source_)), "10.0.0.1:11211=10.0.0.1");
  EXPECT_THAT(resolver_.asked, SizeIs(2));
}

TEST_F(AddressSourceTest, BothFamiliesAreMembersAndAreWarnedOf) {
  SetAddresses(kService, {"10.0.0.1", "2001:db8::1"});
  const PoolAnswer answer = Ask(&source_);
  EXPECT_EQ(Text(answer), "10.0.0.1:11211=10.0.0.1 2001:db8::1:11211=[2001:db8::1]");
  EXPECT_THAT(answer.warning, HasSubstr("an IPv4 and an IPv6 address are two members"));
}

TEST_F(AddressSourceTest, ReverseNamesBelowTheNameAreIdentities) {
  SetAddresses(kService, {"10.0.0.1", "10.0.0.2", "2001:db8::1"});
  SetReverse("10.0.0.1", {"elsewhere.example", Pod(1)});
  SetReverse("10.0.0.2", {Pod(0)});
  SetReverse("2001:db8::1", {Pod(1)});
  const PoolAnswer answer = Ask(&source_);
  EXPECT_EQ(Text(answer), Pod(1) + ":11211=10.0.0.1 " + Pod(0) + ":11211=10.0.0.2 " + Pod(1) +
                              ":11211=[2001:db8::1]");
  EXPECT_EQ(answer.warning, "");
}

TEST_F(AddressSourceTest, NamesElsewhereAndNamesMadeOfAddressesDoNotCount) {
  SetAddresses(kService, {"10.0.0.1", "10.0.0.2", "10.0.0.3"});
  SetReverse("10.0.0.1", {"pod-0.other.shop.svc.cluster.local"});
  SetReverse("10.0.0.2", {std::string("10-0-0-2.") + kService});
  SetReverse("10.0.0.3", {kService});
  EXPECT_EQ(Text(Ask(&source_)),
            "10.0.0.1:11211=10.0.0.1 10.0.0.2:11211=10.0.0.2 10.0.0.3:11211=10.0.0.3");
}

TEST_F(AddressSourceTest, OfSeveralNamesTheFirstInNaturalOrderCounts) {
  SetAddresses(kService, {"10.0.0.1"});
  SetReverse("10.0.0.1", {Pod(10), Pod(9)});
  EXPECT_EQ(Text(Ask(&source_)), Pod(9) + ":11211=10.0.0.1");
}

TEST_F(AddressSourceTest, AnAddressWhoseNameComesLaterWaitsForIt) {
  SetAddresses(kService, {"10.0.0.1"});
  SetReverse("10.0.0.1", {Pod(0)});
  Ask(&source_);
  SetAddresses(kService, {"10.0.0.1", "10.0.0.2"});
  PoolAnswer answer = Ask(&source_);
  EXPECT_EQ(Text(answer), Pod(0) + ":11211=10.0.0.1");
  EXPECT_THAT(answer.problem, HasSubstr("10.0.0.2 is left out: it has no name below cache.shop"));
  SetReverse("10.0.0.2", {Pod(1)});
  answer = Ask(&source_);
  EXPECT_EQ(Text(answer), Pod(0) + ":11211=10.0.0.1 " + Pod(1) + ":11211=10.0.0.2");
  EXPECT_EQ(answer.problem, "");
}

TEST_F(AddressSourceTest, OnlyNamelessAddressesAreAnEmptyAnswerOnceThereWereNames) {
  SetAddresses(kService, {"10.0.0.1"});
  SetReverse("10.0.0.1", {Pod(0)});
  Ask(&source_);
  SetAddresses(kService, {"10.0.0.2"});
  EXPECT_EQ(Ask(&source_).outcome, PoolOutcome::kEmpty);
}

TEST_F(AddressSourceTest, AKnownNameOutlastsReverseZonesThatFail) {
  SetAddresses(kService, {"10.0.0.1"});
  SetReverse("10.0.0.1", {Pod(0)});
  Ask(&source_);
  loop_.RunFor(2 * ReverseNames::kMinAge);
  resolver_.FailWith(DnsType::kPtr, DnsError::kServerFailure);
  EXPECT_EQ(Text(Ask(&source_)), Pod(0) + ":11211=10.0.0.1");
}

TEST_F(AddressSourceTest, AKnownNameOutlastsAnAnswerWithoutItsAddress) {
  SetAddresses(kService, {"10.0.0.1", "10.0.0.2"});
  SetReverse("10.0.0.1", {Pod(0)});
  SetReverse("10.0.0.2", {Pod(1)});
  Ask(&source_);
  SetAddresses(kService, {"10.0.0.1"});
  Ask(&source_);
  SetAddresses(kService, {"10.0.0.1", "10.0.0.2"});
  resolver_.FailWith(DnsType::kPtr, DnsError::kServerFailure);
  EXPECT_EQ(Text(Ask(&source_)), Pod(0) + ":11211=10.0.0.1 " + Pod(1) + ":11211=10.0.0.2");
  SetAddresses(kService, {"10.0.0.1"});
  Ask(&source_);
  loop_.RunFor(ReverseNames::kMemory);
  Ask(&source_);
  SetAddresses(kService, {"10.0.0.1", "10.0.0.2"});
  EXPECT_EQ(Text(Ask(&source_)), Pod(0) + ":11211=10.0.0.1") << "but not for ever";
}

TEST_F(AddressSourceTest, AnAddressThatIsGivenAwayGetsItsNewNameWhenTheOldOneIsOld) {
  SetAddresses(kService, {"10.0.0.1"});
  SetReverse("10.0.0.1", {Pod(0)});
  Ask(&source_);
  SetReverse("10.0.0.1", {Pod(1)});
  EXPECT_EQ(Text(Ask(&source_)), Pod(0) + ":11211=10.0.0.1");
  loop_.RunFor(ReverseNames::kMinAge);
  EXPECT_EQ(Text(Ask(&source_)), Pod(1) + ":11211=10.0.0.1");
}

TEST_F(AddressSourceTest, ReverseNamesThatFailAtFirstAreTriedAgainBeforeAddressesCount) {
  SetAddresses(kService, {"10.0.0.1"});
  resolver_.FailWith(DnsType::kPtr, DnsError::kTimeout);
  for (int i = 0; i < AddressSource::kMaxUnsettled; ++i) {
    const PoolAnswer answer = Ask(&source_);
    EXPECT_EQ(answer.outcome, PoolOutcome::kError);
    EXPECT_THAT(answer.problem, HasSubstr("the reverse names of cache.shop"));
  }
  EXPECT_EQ(Text(Ask(&source_)), "10.0.0.1:11211=10.0.0.1");
}

TEST_F(AddressSourceTest, TheNameThatAnsweredIsTheOnlyOneAskedForAfterwards) {
  resolver_.path = {{"shop.svc.cluster.local", "svc.cluster.local"}, 5};
  AddressSource source(&loop_, &resolver_, "cache", 11211);
  SetAddresses(kService, {"10.0.0.1"});
  Ask(&source);
  // Another service of that name further along the path must not take its place.
  SetAddresses("cache.svc.cluster.local", {"10.9.9.9"});
  resolver_.Remove(kService, DnsType::kA);
  resolver_.Remove(kService, DnsType::kAaaa);
  EXPECT_EQ(Ask(&source).outcome, PoolOutcome::kNotFound);
  EXPECT_EQ(resolver_.asked.back(), kService);
}

TEST_F(AddressSourceTest, TroubleAndIncompletenessAreToldApart) {
  EXPECT_EQ(Ask(&source_).outcome, PoolOutcome::kNotFound);
  resolver_.FailWith(DnsError::kServerFailure);
  EXPECT_EQ(Ask(&source_).outcome, PoolOutcome::kError);
  resolver_.FailWith(DnsError::kNone);
  resolver_.FailWith(DnsType::kAaaa, DnsError::kTimeout);
  SetAddresses(kService, {"10.0.0.1"});
  const PoolAnswer answer = Ask(&source_);
  EXPECT_EQ(answer.outcome, PoolOutcome::kMembers);
  EXPECT_TRUE(answer.incomplete);
  EXPECT_THAT(resolver_.asked, Contains(ReverseName(AddressBytes("10.0.0.1"))));
}

}  // namespace
}  // namespace ringcache::discovery

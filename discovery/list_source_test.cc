#include "discovery/list_source.h"

#include <memory>
#include <string>

#include "discovery/sources_fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::discovery {
namespace {

using ::testing::HasSubstr;

class ListSourceTest : public SourcesFixture {
 protected:
  void Use(const std::string& list) {
    source_ = std::make_unique<ListSource>(&loop_, &resolver_,
                                           DiscoveryAddress::Parse(list).value().members);
  }

  std::unique_ptr<ListSource> source_;
};

TEST_F(ListSourceTest, AddressesNeedNoQuestionAndKeepTheirOrder) {
  Use("10.0.0.2:1:5,[::1]:2,unix:/run/a.sock,10.0.0.1");
  const PoolAnswer answer = Ask(source_.get());
  EXPECT_EQ(answer.outcome, PoolOutcome::kMembers);
  EXPECT_EQ(answer.ttl, absl::InfiniteDuration());
  EXPECT_EQ(Text(answer),
            "10.0.0.2:1*5=10.0.0.2 ::1:2=[::1] /run/a.sock:0=unix 10.0.0.1:11211=10.0.0.1");
  EXPECT_TRUE(resolver_.asked.empty());
}

TEST_F(ListSourceTest, NamesAreLookedUpAndTheLeastTtlCounts) {
  SetAddresses("a.example", {"10.0.0.1", "10.0.0.2", "::1"}, 20);
  SetAddresses("b.example", {"10.0.0.3"}, 10);
  Use("B.example.:2,a.example:1");
  const PoolAnswer answer = Ask(source_.get());
  EXPECT_EQ(Text(answer), "b.example:2=10.0.0.3 a.example:1=10.0.0.1|10.0.0.2|[::1]");
  EXPECT_EQ(answer.ttl, absl::Seconds(10));
}

TEST_F(ListSourceTest, ANameThatIsNotFoundKeepsItsPlaceWithoutAnAddress) {
  SetAddresses("b", {"10.0.0.3"});
  Use("a:1,b:2");
  const PoolAnswer answer = Ask(source_.get());
  EXPECT_EQ(answer.outcome, PoolOutcome::kMembers);
  EXPECT_FALSE(answer.incomplete);
  EXPECT_EQ(Text(answer), "a:1= b:2=10.0.0.3");
  EXPECT_EQ(answer.problem, "a is not found");
}

TEST_F(ListSourceTest, NothingFoundAtAllIsTrouble) {
  Use("a:1,b:2");
  EXPECT_EQ(Ask(source_.get()).outcome, PoolOutcome::kNotFound);
  resolver_.FailWith(DnsError::kTimeout);
  const PoolAnswer answer = Ask(source_.get());
  EXPECT_EQ(answer.outcome, PoolOutcome::kError);
  EXPECT_THAT(answer.problem, HasSubstr("scripted trouble"));
}

TEST_F(ListSourceTest, ACancelledQuestionIsNotAnswered) {
  for (const char* list : {"a:1", "10.0.0.1"}) {
    Use(list);
    bool called = false;
    source_->Ask([&called](const PoolAnswer&) { called = true; });
    source_->Cancel();
    loop_.RunFor(absl::Seconds(5));
    EXPECT_FALSE(called) << list;
  }
}

}  // namespace
}  // namespace ringcache::discovery

#include "tools/ringctl/ring_text.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/ringctl/literal_message.h"

namespace ringcache::ringctl {
namespace {

using admin::v1::Locations;
using admin::v1::Plan;
using admin::v1::Rings;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kRing[] = R"(
  rings {
    pool: 'main' placement: 'ketama' key_hash: 'md5' version: 3
    members {
      name: 'cache-0.cache:11211' address: '10.0.0.1:11211' weight: 1 state: UP share: 0.6
      fair_share: 0.5
    }
    members {
      name: 'cache-1.cache:11211' address: '10.0.0.2:11211' weight: 1 state: DOWN share: 0.4
      fair_share: 0.5
    }
  })";

TEST(RingTextTest, ShowsOwnershipAsBarsAndStates) {
  EXPECT_EQ(RingsText(LiteralMessage<Rings>(kRing)),
            "main, ketama with md5, version 3, 2 members: *.cache:11211\n"
            "\n"
            "member   address         state     share  of fair\n"
            "cache-0  10.0.0.1:11211  up     60.000 %    1.200  ████████████████████████│████\n"
            "cache-1  10.0.0.2:11211  down   40.000 %    0.800  ███████████████████     │\n"
            "\n"
            "most 1.200 and least 0.800 of what is fair; exact\n");
}

TEST(RingTextTest, WeightsAreShownWhereTheyDiffer) {
  Rings rings = LiteralMessage<Rings>(kRing);
  EXPECT_THAT(RingsText(rings), Not(HasSubstr("weight")));
  rings.mutable_rings(0)->mutable_members(1)->set_weight(2.5);
  EXPECT_THAT(RingsText(rings), HasSubstr("weight"));
  EXPECT_THAT(RingsText(rings), HasSubstr("2.5"));
}

TEST(RingTextTest, AddressesThatAreNamesAreNotShownTwice) {
  Rings rings = LiteralMessage<Rings>(kRing);
  for (auto& member : *rings.mutable_rings(0)->mutable_members()) member.set_address(member.name());
  rings.mutable_rings(0)->set_key_hash("default");
  const std::string text = RingsText(rings);
  EXPECT_THAT(text, HasSubstr("main, ketama, version 3"));
  EXPECT_THAT(text, HasSubstr("member   state     share  of fair\n"));
}

TEST(RingTextTest, EveryPoolIsShown) {
  Rings rings = LiteralMessage<Rings>(kRing);
  rings.add_rings()->set_pool("other");
  rings.mutable_rings(0)->set_measured_keys(10000);
  const std::string text = RingsText(rings);
  EXPECT_THAT(text, HasSubstr("of what is fair; of 10,000 keys\n\nother, "));
  EXPECT_THAT(text, HasSubstr(", 0 members\n"));
  EXPECT_EQ(RingsText(Rings()), "there is no ring\n");
}

TEST(RingTextTest, FiguresThatCannotBeAreNotDrawn) {
  Rings rings = LiteralMessage<Rings>(
      "rings { members { share: nan fair_share: 1e300 } members { share: -5 } }");
  EXPECT_THAT(RingsText(rings), HasSubstr("0.000 %"));
}

TEST(RingTextTest, LocationsNameTheOwnerAndWhoStandsIn) {
  EXPECT_EQ(LocationsText(LiteralMessage<Locations>(R"(
              locations { key: 'user:1' members: 'a:11211' members: 'b:11211' members: 'c:11211' }
              locations { key: '\001' members: 'b:11211' })")),
            "owner    then              key\n"
            "a:11211  b:11211, c:11211  user:1\n"
            "b:11211                    \\x01\n");
  EXPECT_EQ(LocationsText(LiteralMessage<Locations>("locations { key: 'k' members: 'a:1' }")),
            "owner  key\n"
            "a:1    k\n");
}

TEST(RingTextTest, PlansSayWhatMovesAndWhatWouldHaveTo) {
  const Plan plan = LiteralMessage<Plan>(R"(
    moved: 0.27 optimum: 0.25 moved_between_stayers: 0.01 measured_keys: 10000
    moves { from: 'a:11211' to: 'c:11211' share: 0.2 }
    moves { from: 'b:11211' to: 'c:11211' share: 0.07 }
    before { pool: 'main' placement: 'ketama' members { name: 'a:11211' } }
    after { pool: 'main' placement: 'ketama' members { name: 'a' } members { name: 'b' } })");
  EXPECT_EQ(PlanText(plan),
            "from main, ketama, 1 member\n"
            "to   main, ketama, 2 members\n"
            "\n"
            "from     to         share\n"
            "a:11211  c:11211  20.00 %\n"
            "b:11211  c:11211   7.00 %\n"
            "\n"
            "27.00 % of the keys move, 1.080 times the optimum of 25.00 %; of 10,000 keys\n"
            "1.00 % of the keys go from one member that stays to another\n");
}

TEST(RingTextTest, LongPlansAreSummedUp) {
  Plan plan;
  for (int i = 0; i < 50; ++i) plan.add_moves()->set_share(0.01);
  EXPECT_THAT(PlanText(plan), HasSubstr("(10 more)      10.00 %\n"));
}

}  // namespace
}  // namespace ringcache::ringctl

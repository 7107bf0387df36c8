#include "tools/ring/command_line.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::ring {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

absl::StatusOr<CommandLine> Parse(const std::string& text) {
  const std::vector<absl::string_view> arguments = absl::StrSplit(text, ' ', absl::SkipEmpty());
  return ParseCommandLine(arguments);
}

std::string Complaint(const std::string& text) {
  return std::string(Parse(text).status().message());
}

TEST(CommandLineTest, ReadsACommandAndItsKeys) {
  const auto line = Parse("locate --servers=a,b one --owners 2 two -- --three");
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_EQ(line->command, Command::kLocate);
  EXPECT_THAT(line->keys, ElementsAre("one", "two", "--three"));
  EXPECT_EQ(line->owners, 2u);
}

TEST(CommandLineTest, NamesMembersByListOrBySet) {
  const auto list = Parse("show --servers=a,b:5 --weights=2");
  ASSERT_TRUE(list.ok()) << list.status();
  EXPECT_THAT(*list->Members(), ElementsAre(hashring::Member{.host = "a", .weight = 2},
                                            hashring::Member{.host = "b", .port = 5}));
  const auto set = Parse("show --stateful-set=cache.ns --replicas=2 --port=5");
  ASSERT_TRUE(set.ok()) << set.status();
  const std::string domain = ".cache.ns.svc.cluster.local";
  EXPECT_THAT(*set->Members(),
              ElementsAre(hashring::Member{.host = "cache-0" + domain, .port = 5},
                          hashring::Member{.host = "cache-1" + domain, .port = 5}));
}

TEST(CommandLineTest, ScalesASetAListOrWeights) {
  const auto set = Parse("scale --stateful-set=cache.ns --replicas=4 --to=2 --weights=5,4,3");
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_THAT(*set->Members(), SizeIs(4));
  const auto after = *set->MembersAfter();
  ASSERT_THAT(after, SizeIs(2));
  EXPECT_EQ(after[1].weight, 4u);

  const auto list = Parse("scale --servers=a,b --to-servers=b,c,d");
  ASSERT_TRUE(list.ok()) << list.status();
  EXPECT_THAT(*list->MembersAfter(), SizeIs(3));

  const auto weights = Parse("scale --servers=a,b --to-weights=1,7");
  ASSERT_TRUE(weights.ok()) << weights.status();
  EXPECT_EQ((*weights->Members())[1].weight, 1u);
  EXPECT_EQ((*weights->MembersAfter())[1].weight, 7u);
}

TEST(CommandLineTest, ChoosesAPlacementAndWhatItHashes) {
  const auto line = Parse(
      "show --servers=a --placement=modulo --key-hash=fnv1a_64 --ordering=listed"
      " --hash-stop=|#| --hash-tag={}");
  ASSERT_TRUE(line.ok()) << line.status();
  const auto ring = line->RingOf(line->placements[0], *line->Members());
  ASSERT_TRUE(ring.ok()) << ring.status();
  EXPECT_EQ((*ring)->options(),
            (hashring::RingOptions{.placement = hashring::PlacementKind::kModulo,
                                   .key_hash = hashring::KeyHash::kFnv1a_64,
                                   .ordering = hashring::Ordering::kListed,
                                   .hash_stop = "|#|",
                                   .hash_tag = "{}"}));
}

TEST(CommandLineTest, ComparesAllPlacementsWithAKeyHashThatSomeTake) {
  const auto line = Parse("show --servers=a --placement=all --key-hash=fnv1a_64");
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_THAT(line->placements, SizeIs(hashring::kPlacements.size()));
  for (const hashring::PlacementKind placement : line->placements) {
    EXPECT_TRUE(line->RingOf(placement, *line->Members()).ok());
  }
}

TEST(CommandLineTest, SaysWhatIsWrong) {
  EXPECT_THAT(Complaint(""), HasSubstr("a command is missing: show, locate or scale"));
  EXPECT_THAT(Complaint("list --servers=a"), HasSubstr("'list' is no command"));
  EXPECT_THAT(Complaint("show"), HasSubstr("--servers=a:11211,b:11211 or by --stateful-set"));
  EXPECT_THAT(Complaint("show --servers=a --stateful-set=b.c"), HasSubstr("one of the two"));
  EXPECT_THAT(Complaint("show --servers=a key"), HasSubstr("'key' is too much"));
  EXPECT_THAT(Complaint("locate --servers=a"), HasSubstr("locate needs keys"));
  EXPECT_THAT(Complaint("show --servers=a --to=3"), HasSubstr("are for scale"));
  EXPECT_THAT(Complaint("scale --servers=a"), HasSubstr("scale needs --to"));
  EXPECT_THAT(Complaint("scale --servers=a --to=3"), HasSubstr("--to is for a --stateful-set"));
  EXPECT_THAT(Complaint("scale --stateful-set=a.b --to-servers=a"),
              HasSubstr("--to-servers follows --servers"));
  EXPECT_THAT(Complaint("show --servers=a --placement=x"),
              HasSubstr("--placement: 'x' is none of ketama, rendezvous"));
  EXPECT_THAT(Complaint("show --servers=a --key-hash=x"), HasSubstr("--key-hash: "));
  EXPECT_THAT(Complaint("show --servers=a --ordering=x"), HasSubstr("none of ordinal, listed"));
  EXPECT_THAT(Complaint("show --servers=a --replicas=0"), HasSubstr("from 1 to 16384"));
}

TEST(CommandLineTest, SaysWhatIsWrongWithMembers) {
  EXPECT_THAT(Parse("show --servers=a:b")->Members().status().message(), HasSubstr("has no port"));
  EXPECT_THAT(Parse("show --servers=a --weights=1,2")->Members().status().message(),
              HasSubstr("--weights: 2 weights for 1 members"));
  EXPECT_THAT(Parse("show --stateful-set=a")->Members().status().message(),
              HasSubstr("--stateful-set: 'a' is neither"));
  EXPECT_THAT(Parse("scale --servers=a --to-weights=x")->MembersAfter().status().message(),
              HasSubstr("--to-weights: weight 'x'"));
}

TEST(CommandLineTest, HelpNeedsNoCommandAndFitsTheTerminal) {
  EXPECT_TRUE(Parse("--help")->help);
  for (const absl::string_view line : absl::StrSplit(CommandLineHelp(), '\n')) {
    EXPECT_LE(line.size(), 100u) << line;
  }
}

TEST(CommandLineTest, HelpNamesEveryPlacement) {
  for (const hashring::PlacementRow& row : hashring::kPlacements) {
    EXPECT_THAT(CommandLineHelp(), HasSubstr(absl::StrCat(row.name)));
  }
}

}  // namespace
}  // namespace ringcache::ring

// What each command prints, held by golden texts in testdata.

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/ring/command_line.h"
#include "tools/ring/run_command.h"

namespace ringcache::ring {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

absl::StatusOr<std::string> Report(const std::string& arguments) {
  const std::vector<absl::string_view> words = absl::StrSplit(arguments, ' ');
  const absl::StatusOr<CommandLine> line = ParseCommandLine(words);
  if (!line.ok()) return line.status();
  return RunCommand(*line);
}

// Characters, not bytes: those that continue another are not counted.
std::size_t Columns(absl::string_view line) {
  std::size_t columns = 0;
  for (const char byte : line) columns += (static_cast<unsigned char>(byte) & 0xc0) != 0x80;
  return columns;
}

void ExpectGolden(const std::string& arguments, const std::string& file) {
  const absl::StatusOr<std::string> text = Report(arguments);
  ASSERT_TRUE(text.ok()) << text.status();
  std::ifstream stream(absl::StrCat("tools/ring/testdata/", file));
  const std::string golden(std::istreambuf_iterator<char>(stream), {});
  EXPECT_EQ(*text, golden) << file << " is to be:\n" << *text;
  for (const absl::string_view line : absl::StrSplit(*text, '\n')) {
    EXPECT_LE(Columns(line), 100u) << line;
  }
}

// Its pods have long names.
constexpr char kSet[] = "--stateful-set=mycache-memcached.default --replicas=3 ";

TEST(ReportTest, ShowsOwnershipAsBars) {
  ExpectGolden(absl::StrCat("show ", kSet, "--weights=1,2,1"), "show.txt");
}

TEST(ReportTest, ShowsTheFullestAndTheEmptiestOfMany) {
  ExpectGolden("show --stateful-set=cache.default --replicas=1000 --lines=7", "show_many.txt");
}

TEST(ReportTest, ShowsAllPlacementsBesideEachOther) {
  ExpectGolden("show --servers=10.0.0.1,10.0.0.2,10.0.0.3 --placement=all --sample-keys=10000",
               "show_all.txt");
}

TEST(ReportTest, LocatesKeys) {
  ExpectGolden(absl::StrCat("locate ", kSet,
                            "--placement=rendezvous --owners=2 --hash-tag={} mykey {user:7}:name"),
               "locate.txt");
}

TEST(ReportTest, LocatesAKeyInAllPlacements) {
  ExpectGolden(absl::StrCat("locate ", kSet, "--placement=all mykey"), "locate_all.txt");
}

TEST(ReportTest, ShowsWhatScalingMoves) {
  ExpectGolden(absl::StrCat("scale ", kSet, "--to=5 --lines=4"), "scale.txt");
}

TEST(ReportTest, ShowsWhatScalingMovesInAllPlacements) {
  ExpectGolden(absl::StrCat("scale ", kSet, "--to=4 --placement=all --sample-keys=10000"),
               "scale_all.txt");
}

TEST(ReportTest, WarnsOfMembersWithoutOrdinals) {
  EXPECT_THAT(*Report("show --servers=10.0.0.1,10.0.0.2 --placement=jump --sample-keys=10"),
              HasSubstr("note: the names carry no ordinals"));
  EXPECT_THAT(*Report("show --servers=10.0.0.1,10.0.0.2"), Not(HasSubstr("note")));
}

TEST(ReportTest, WarnsOfMissingOrdinals) {
  EXPECT_THAT(*Report("locate --servers=cache-0,cache-3 --placement=ch3 key"),
              HasSubstr("note: 2 of the ordinals up to the highest are missing"));
  EXPECT_THAT(*Report("locate --servers=cache-0,cache-2 --placement=ch3 key"),
              HasSubstr("note: 1 of the ordinals up to the highest is missing"));
}

TEST(ReportTest, SaysThatNothingMoves) {
  const std::string text = *Report("scale --servers=a,b --to-servers=b,a");
  EXPECT_THAT(text, HasSubstr("0.00 % of the keys move, the least would be 0.00 %"));
  EXPECT_THAT(text, Not(HasSubstr("share")));
}

TEST(ReportTest, FitsInATerminalWhateverTheNames) {
  const std::string host(200, 'h');
  for (const char* const command :
       {"show --servers=", "scale --to-servers=b --servers=", "locate key --servers="}) {
    const std::string text = *Report(absl::StrCat(command, host, ".", host, ",a.", host));
    for (const absl::string_view line : absl::StrSplit(text, '\n')) {
      EXPECT_LE(Columns(line), 100u) << line;
    }
  }
}

TEST(ReportTest, SaysWhatIsWrongWithARing) {
  EXPECT_THAT(Report("show --servers=a,b,a").status().message(),
              HasSubstr("members 1 and 3 are both a:11211"));
  EXPECT_THAT(Report("show --servers=a --placement=ch3 --key-hash=md5").status().message(),
              HasSubstr("ch3 has a key hash of its own"));
  EXPECT_THAT(Report("locate --servers=a --hash-tag=( key").status().message(),
              HasSubstr("not two characters"));
  EXPECT_THAT(Report("scale --servers=a --to-servers=b,b").status().message(),
              HasSubstr("members 1 and 2 are both b:11211"));
}

}  // namespace
}  // namespace ringcache::ring

#include "tools/cli/command_line.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

absl::StatusOr<CommandLine> Parse(const std::string& text) {
  const std::vector<absl::string_view> arguments = absl::StrSplit(text, ' ', absl::SkipEmpty());
  return ParseCommandLine(arguments);
}

CommandLine Read(const std::string& text) {
  const absl::StatusOr<CommandLine> line = Parse(text);
  EXPECT_TRUE(line.ok()) << text << ": " << line.status();
  return line.value_or(CommandLine());
}

std::string Complaint(const std::string& text) {
  const absl::StatusOr<CommandLine> line = Parse(text);
  EXPECT_FALSE(line.ok()) << text;
  return std::string(line.status().message());
}

TEST(CommandLineTest, EveryCommandIsFoundByItsName) {
  for (const CommandRow& row : kCommands) {
    const bool takes_words = row.shape < Shape::kWords;
    const bool takes_number = row.shape == Shape::kTtl || row.shape == Shape::kCasValue;
    const CommandLine line =
        Read(absl::StrCat(row.name, takes_words ? " key" : "", takes_number ? " 5" : ""));
    EXPECT_EQ(line.command, row.command);
    EXPECT_EQ(line.keys.size(), takes_words ? 1 : 0) << row.name;
  }
}

TEST(CommandLineTest, KeysAreWordsAndOptionsMayStandBetweenThem) {
  const CommandLine line = Read("get one --timeout 2.5 two -- --three");
  EXPECT_THAT(line.keys, ElementsAre("one", "two", "--three"));
  EXPECT_EQ(line.cluster.timeout, absl::Seconds(2.5));
  EXPECT_EQ(line.cluster.member.connection.connect_timeout, absl::Seconds(2.5));
}

TEST(CommandLineTest, AValueIsTheSecondWordOrOnStandardInput) {
  EXPECT_EQ(Read("set key -5").value, "-5");
  EXPECT_FALSE(Read("set key").value.has_value());
  EXPECT_EQ(Read("cas key 7 value").value, "value");
  EXPECT_EQ(Read("cas key 7").cas, 7);
  const std::vector<absl::string_view> empty = {"set", "key", ""};
  EXPECT_EQ(ParseCommandLine(empty)->value, "");
}

TEST(CommandLineTest, ADashStandsForTheKeysOnStandardInput) {
  for (const char* const text :
       {"get -", "set -", "delete -", "incr -", "incr - 7", "touch - 60"}) {
    EXPECT_TRUE(Read(text).from_input) << text;
    EXPECT_THAT(Read(text).keys, IsEmpty()) << text;
  }
  EXPECT_EQ(Read("incr - 7").delta, 7);
  EXPECT_EQ(Read("touch - 60").seconds, 60);
  EXPECT_FALSE(Read("cas - 7").from_input);
  EXPECT_FALSE(Read("locate -").from_input);
  EXPECT_THAT(Complaint("get - more"), HasSubstr("'more' is too much"));
  EXPECT_THAT(Complaint("set - value"), HasSubstr("'value' is too much"));
}

TEST(CommandLineTest, NumbersFollowTheKey) {
  EXPECT_EQ(Read("incr key").delta, 1);
  EXPECT_EQ(Read("decr key 18446744073709551615").delta, ~std::uint64_t{0});
  EXPECT_EQ(Read("touch key 0").seconds, 0);
  EXPECT_EQ(Read("flush").seconds, 0);
  EXPECT_EQ(Read("flush 30").seconds, 30);
}

TEST(CommandLineTest, AGroupOfStatisticsMayHaveSeveralWords) {
  EXPECT_EQ(Read("stats").group, "");
  EXPECT_EQ(Read("stats detail dump").group, "detail dump");
}

TEST(CommandLineTest, ThePoolAndItsUseAreOptions) {
  const CommandLine line = Read(
      "get key --servers=dns+cache:11211 --placement=rendezvous --identity=address --on-dead=next");
  EXPECT_EQ(line.servers, "dns+cache:11211");
  EXPECT_EQ(line.cluster.ring.placement, hashring::PlacementKind::kRendezvous);
  EXPECT_EQ(line.cluster.identity, client::Identity::kAddress);
  EXPECT_EQ(line.cluster.dead_member, client::DeadMemberPolicy::kNextReplica);
  EXPECT_EQ(Read("get key --on-dead=miss").cluster.dead_member, client::DeadMemberPolicy::kMiss);
  EXPECT_EQ(Read("get key").servers, "127.0.0.1:11211");
}

TEST(CommandLineTest, WrongCommandsAreToldWithWhatIsRight) {
  EXPECT_THAT(Complaint(""), HasSubstr("a command is missing; --help lists them"));
  EXPECT_THAT(Complaint("fetch key"), HasSubstr("'fetch' is no command"));
  EXPECT_THAT(Complaint("get"), HasSubstr("it is written get KEY...|-"));
  EXPECT_THAT(Complaint("set a b c"), HasSubstr("'c' is too much; it is written set KEY [VALUE]"));
  EXPECT_THAT(Complaint("touch key"), HasSubstr("something is missing"));
  EXPECT_THAT(Complaint("touch key -1"), HasSubstr("'-1' is no whole number from 0 to 1000000000"));
  EXPECT_THAT(Complaint("incr key one"), HasSubstr("'one' is no whole number"));
  EXPECT_THAT(Complaint("top key"), HasSubstr("'key' is too much"));
}

TEST(CommandLineTest, WrongOptionsAreToldWithWhatIsRight) {
  EXPECT_THAT(Complaint("get key --servers=a:b:c"), StartsWith("--servers: "));
  EXPECT_THAT(Complaint("get key --on-dead=x"), HasSubstr("none of fail, miss, next"));
  EXPECT_THAT(Complaint("get key --identity=x"), HasSubstr("none of name, address"));
  EXPECT_THAT(Complaint("get key --placement=x"), HasSubstr("rendezvous"));
  EXPECT_THAT(Complaint("get key --timeout=0"), HasSubstr("not above 0 and at most 86400"));
  EXPECT_THAT(Complaint("top --interval=1e9"), HasSubstr("not above 0 and at most 86400"));
  EXPECT_THAT(Complaint("locate key --owners=9"), HasSubstr("from 1 to 8"));
  EXPECT_THAT(Complaint("set key x --flags=4294967296"), HasSubstr("from 0 to 4294967295"));
  EXPECT_THAT(Complaint("stats items --all"), HasSubstr("--all is for stats without a group"));
  EXPECT_THAT(Complaint("get key --placement=ch3 --key-hash=md5"), HasSubstr("md5"));
}

TEST(CommandLineTest, HelpNeedsNoCommandFitsTheTerminalAndNamesEveryCommand) {
  EXPECT_TRUE(Read("--help").help);
  const std::string help = CommandLineHelp();
  for (const absl::string_view line : absl::StrSplit(help, '\n')) {
    EXPECT_LE(line.size(), 100u) << line;
  }
  for (const CommandRow& row : kCommands) {
    EXPECT_THAT(help, HasSubstr(absl::StrCat("\n  ", row.name, " ")));
  }
}

}  // namespace
}  // namespace ringcache::cli

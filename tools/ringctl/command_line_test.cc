#include "tools/ringctl/command_line.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::ringctl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

absl::StatusOr<CommandLine> Parse(const std::string& arguments) {
  const std::vector<absl::string_view> words = absl::StrSplit(arguments, ' ', absl::SkipEmpty());
  return ParseCommandLine(words);
}

CommandLine Parsed(const std::string& arguments) {
  const auto line = Parse(arguments);
  EXPECT_TRUE(line.ok()) << arguments << ": " << line.status();
  return line.ok() ? *line : CommandLine();
}

// What is wrong with it.
std::string Wrong(const std::string& arguments) {
  const auto line = Parse(arguments);
  EXPECT_FALSE(line.ok()) << arguments;
  return std::string(line.status().message());
}

TEST(CommandLineTest, EveryCommandIsKnownAndExplained) {
  const std::string help = CommandLineHelp();
  for (const CommandRow& row : kCommands) {
    const std::string words = absl::StrCat(row.name, row.least_words > 0 ? " 1" : "",
                                           row.command == Command::kPlan ? " --members=5" : "");
    EXPECT_EQ(Parsed(words).command, row.command) << words;
    EXPECT_THAT(help, HasSubstr(absl::StrCat("\n  ", row.name, " "))) << row.name;
  }
}

TEST(CommandLineTest, HelpFitsIntoTheTerminal) {
  for (const absl::string_view line : absl::StrSplit(CommandLineHelp(), '\n')) {
    EXPECT_LE(line.size(), 110u) << line;
  }
}

TEST(CommandLineTest, WordsOfACommandAreRead) {
  EXPECT_EQ(Parsed("health liveness").service, "liveness");
  EXPECT_EQ(Parsed("health").service, "");
  EXPECT_THAT(Parsed("locate a b --owners=2").keys, ElementsAre("a", "b"));
  EXPECT_EQ(Parsed("verbosity 3").verbosity, 3u);
}

TEST(CommandLineTest, AProbeWaitsASecondAndAPersonFive) {
  EXPECT_EQ(Parsed("health").timeout(), absl::Seconds(1));
  EXPECT_EQ(Parsed("ring").timeout(), absl::Seconds(5));
  EXPECT_EQ(Parsed("ring --timeout=0.5").timeout(), absl::Milliseconds(500));
}

TEST(CommandLineTest, MembersIsAGroupOfStatsAndANumberOfPlan) {
  EXPECT_EQ(Parsed("stats --members").group(), StatsGroup::kMembers);
  EXPECT_EQ(Parsed("plan --members=5").members, 5u);
  EXPECT_THAT(Wrong("stats --members=5"), HasSubstr("plan --members=N"));
  EXPECT_THAT(Wrong("plan --members"), HasSubstr("--members needs a number"));
  EXPECT_THAT(Wrong("plan --members=0"), HasSubstr("no whole number from 1"));
}

TEST(CommandLineTest, OneGroupOfStatsIsShown) {
  EXPECT_EQ(Parsed("stats").group(), StatsGroup::kGeneral);
  EXPECT_EQ(Parsed("stats --all").group(), StatsGroup::kAll);
  EXPECT_EQ(Parsed("stats --slabs").group(), StatsGroup::kSlabs);
  EXPECT_EQ(Parsed("stats --workers").group(), StatsGroup::kWorkers);
  EXPECT_THAT(Wrong("stats --slabs --workers"), HasSubstr("one is shown"));
}

TEST(CommandLineTest, WatchHasAnIntervalOrASecond) {
  EXPECT_EQ(Parsed("stats").watch_s, 0);
  EXPECT_EQ(Parsed("stats --watch").watch_s, 1);
  EXPECT_EQ(Parsed("stats --watch=0.5").watch_s, 0.5);
  EXPECT_THAT(Wrong("stats --watch=0.05"), HasSubstr("from 0.1 to 3600"));
}

TEST(CommandLineTest, PlansNameMembers) {
  const CommandLine line = Parsed("plan --add=d:11211,e:11211 --remove=a:11211 --pool=main");
  EXPECT_THAT(line.add, ElementsAre("d:11211", "e:11211"));
  EXPECT_THAT(line.remove, ElementsAre("a:11211"));
  EXPECT_EQ(line.pool, "main");
  EXPECT_THAT(Wrong("plan"), HasSubstr("say what is to change"));
}

TEST(CommandLineTest, ADrainWaitsAsTheProcessIsSetUnlessItIsTold) {
  EXPECT_FALSE(Parsed("drain").wait_s.has_value());
  EXPECT_EQ(Parsed("drain --wait=0").wait_s, 0);
  EXPECT_EQ(Parsed("drain --wait=5 --limit=25").limit_s, 25);
  EXPECT_THAT(Wrong("drain --wait=x"), HasSubstr("no number of seconds"));
}

TEST(CommandLineTest, AnUnknownCommandIsToldTheNearest) {
  EXPECT_THAT(Wrong("healt"), HasSubstr("do you mean health?"));
  EXPECT_THAT(Wrong("xyzzy"), HasSubstr("there are health, program"));
  EXPECT_THAT(Wrong(""), HasSubstr("a command is missing"));
}

TEST(CommandLineTest, WrongWordsAreToldHowItIsWritten) {
  EXPECT_EQ(Wrong("locate"), "locate: something is missing; it is written locate KEY...");
  EXPECT_EQ(Wrong("reset all"), "reset: 'all' is too much; it is written reset");
  EXPECT_EQ(Wrong("verbosity 4"), "verbosity: '4' is no whole number from 0 to 3");
}

TEST(CommandLineTest, AFlagOfAnotherCommandIsWrong) {
  EXPECT_EQ(Wrong("ring --wait=3"), "--wait is for drain, not for ring");
  EXPECT_EQ(Wrong("drain --watch"), "--watch is for stats, ring, not for drain");
  EXPECT_EQ(Wrong("health --discovery=a"), "--discovery is for stats, not for health");
}

TEST(CommandLineTest, AddressesAreChecked) {
  EXPECT_EQ(Parsed("health --address=[::1]:11210").address, "[::1]:11210");
  EXPECT_EQ(Parsed("health --address=unix:/run/a").address, "unix:/run/a");
  EXPECT_THAT(Wrong("health --address=a"), HasSubstr("neither HOST:PORT nor unix:PATH"));
  EXPECT_THAT(Wrong("health --address=a:70000"), HasSubstr("neither HOST:PORT nor unix:PATH"));
  EXPECT_THAT(Wrong("health --address=unix:"), HasSubstr("the socket's path"));
  EXPECT_THAT(Wrong("stats --discovery=k8s+"), HasSubstr("--discovery: "));
  EXPECT_THAT(Wrong("stats --discovery=a --address=b:1"), HasSubstr("give one of them"));
}

}  // namespace
}  // namespace ringcache::ringctl

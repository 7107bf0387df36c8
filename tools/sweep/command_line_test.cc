#include "tools/sweep/command_line.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/sweep/homes.h"

namespace ringcache::sweep {
namespace {

using ::testing::HasSubstr;

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

TEST(CommandLineTest, APoolIsEnough) {
  const CommandLine line = Read("--servers=a:11211,b");
  EXPECT_EQ(line.servers, "a:11211,b");
  EXPECT_EQ(line.sweep.replicas, 1u);
  EXPECT_EQ(line.sweep.deletes.rate, 5000u);
  EXPECT_EQ(line.sweep.deletes.timeout, absl::Seconds(5));
  EXPECT_FALSE(line.sweep.dry_run);
  EXPECT_EQ(line.expect, 0u);
}

TEST(CommandLineTest, EveryOptionIsRead) {
  const CommandLine line = Read(
      "--servers=k8s+cache.default --placement=ch3 --identity=address --replicas=3 --rate=7"
      " --timeout=0.5 --expect=5 --dry-run --hash-tag={} --hash-stop=|#|");
  EXPECT_EQ(line.cluster.ring.placement, hashring::PlacementKind::kCh3);
  EXPECT_EQ(line.cluster.ring.hash_tag, "{}");
  EXPECT_EQ(line.cluster.ring.hash_stop, "|#|");
  EXPECT_EQ(line.cluster.identity, client::Identity::kAddress);
  EXPECT_EQ(line.sweep.replicas, 3u);
  EXPECT_EQ(line.sweep.deletes.rate, 7u);
  EXPECT_EQ(line.sweep.deletes.timeout, absl::Milliseconds(500));
  EXPECT_EQ(line.cluster.member.connection.connect_timeout, absl::Milliseconds(500));
  EXPECT_EQ(line.expect, 5u);
  EXPECT_TRUE(line.sweep.dry_run);
}

TEST(CommandLineTest, NumbersHaveBounds) {
  const std::string pool = "--servers=a ";
  EXPECT_THAT(Complaint(pool + "--rate=0"), HasSubstr("--rate: '0' is no whole number from 1"));
  EXPECT_EQ(Read(absl::StrCat(pool, "--rate=", DeleteOptions::kMaxRate)).sweep.deletes.rate,
            DeleteOptions::kMaxRate);
  Complaint(absl::StrCat(pool, "--rate=", DeleteOptions::kMaxRate + 1));
  EXPECT_THAT(Complaint(pool + "--replicas=0"), HasSubstr("--replicas"));
  EXPECT_EQ(Read(absl::StrCat(pool, "--replicas=", Homes::kMaxReplicas)).sweep.replicas,
            Homes::kMaxReplicas);
  Complaint(absl::StrCat(pool, "--replicas=", Homes::kMaxReplicas + 1));
  EXPECT_EQ(Read(pool + "--held-bytes=1024").sweep.max_held_bytes, 1024u);
  EXPECT_THAT(Complaint(pool + "--held-bytes=1023"), HasSubstr("--held-bytes"));
  EXPECT_THAT(Complaint(pool + "--timeout=0"), HasSubstr("--timeout: '0' is not above 0"));
  Complaint(pool + "--timeout=3601");
}

TEST(CommandLineTest, APoolThatIsMissingOrNoneIsTold) {
  EXPECT_THAT(Complaint(""), HasSubstr("--servers is missing"));
  EXPECT_THAT(Complaint("--servers=a:b"), HasSubstr("--servers: "));
  EXPECT_THAT(Complaint("--servers=a --placement=bogus"), HasSubstr("--placement: "));
  EXPECT_THAT(Complaint("--servers=a word"), HasSubstr("'word' is no option"));
}

TEST(CommandLineTest, HelpNeedsNoPool) {
  EXPECT_TRUE(Read("--help").help);
  EXPECT_THAT(CommandLineHelp(), HasSubstr("--replicas=N  (1)"));
  EXPECT_THAT(CommandLineHelp(), HasSubstr("Exits with 0"));
}

}  // namespace
}  // namespace ringcache::sweep

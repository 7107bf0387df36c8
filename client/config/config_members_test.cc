#include "client/config/config_members.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "discovery/discovery_address.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::client {
namespace {

using discovery::Candidate;
using discovery::PoolAnswer;
using discovery::PoolOutcome;
using testing::HasSubstr;

// "a:11211=10.0.0.1:11211 b:1=": name, port, addresses.
std::string Members(absl::string_view payload) {
  std::uint64_t version = 0;
  const PoolAnswer answer = ReadConfigMembers(payload, &version);
  EXPECT_EQ(answer.outcome, PoolOutcome::kMembers) << answer.problem;
  EXPECT_EQ(answer.problem, "");
  return absl::StrJoin(answer.candidates, " ", [](std::string* out, const Candidate& candidate) {
    EXPECT_EQ(candidate.weight, 1u);
    absl::StrAppend(out, candidate.name, ":", candidate.port, "=");
    for (const auto& address : candidate.addresses) absl::StrAppend(out, address.ToString());
  });
}

std::string Problem(absl::string_view payload, PoolOutcome outcome = PoolOutcome::kError) {
  std::uint64_t version = 0;
  const PoolAnswer answer = ReadConfigMembers(payload, &version);
  EXPECT_EQ(answer.outcome, outcome) << payload;
  return answer.problem;
}

TEST(ConfigMembersTest, AMemberIsItsNameAtItsAddress) {
  EXPECT_EQ(Members("12\nb.example|10.0.0.2|11212 a.example|10.0.0.1|11211\n"),
            "b.example:11212=10.0.0.2:11212 a.example:11211=10.0.0.1:11211");
  EXPECT_EQ(Members("12\nA.Example.|2001:db8::1|1\n"), "a.example:1=[2001:db8::1]:1");
}

TEST(ConfigMembersTest, WithoutAnAddressTheNameIsToBeLookedUp) {
  EXPECT_EQ(Members("12\na.example||11211 b.example|10.0.0.2|1\n"),
            "a.example:11211= b.example:1=10.0.0.2:1");
}

TEST(ConfigMembersTest, AnAddressMayStandForTheName) {
  EXPECT_EQ(Members("1\n10.0.0.1|10.0.0.1|11211 10.0.0.2||11211\n"),
            "10.0.0.1:11211=10.0.0.1:11211 10.0.0.2:11211=10.0.0.2:11211");
  EXPECT_EQ(Members("1\n2001:DB8::1||11211\n"), "2001:db8::1:11211=[2001:db8::1]:11211");
}

TEST(ConfigMembersTest, TheVersionIsTold) {
  std::uint64_t version = 0;
  ReadConfigMembers("18446744073709551615\na||1\n", &version);
  EXPECT_EQ(version, 18446744073709551615u);
}

TEST(ConfigMembersTest, WhatIsWrongIsSaid) {
  EXPECT_EQ(Problem("1\n\n", PoolOutcome::kEmpty), "there is no node in it");
  EXPECT_EQ(Problem("1\na.example||11211 b.exa"),
            "a line does not end in a newline: \"a.example||11211 b.exa\"");
  EXPECT_EQ(Problem("x\n"), "the first line is not the number of a version: \"x\"");
  EXPECT_EQ(Problem("1\na||1 b||99999\n"), "a node is not host|ip|port: \"b||99999\"");
  EXPECT_THAT(Problem("1\na b||1\n"), HasSubstr("\"a\""));
  EXPECT_THAT(Problem("1\na!||1\n"), HasSubstr("\"a!\" is not the name of a host"));
  EXPECT_THAT(Problem("1\n10.0.0.300||1\n"), HasSubstr("is not an IPv4 address"));
  EXPECT_EQ(Problem("1\na|10.0.0.300|1\n"), "\"10.0.0.300\" is not an address");
  EXPECT_EQ(Problem("1\na|b|1\n"), "\"b\" is not an address");
}

TEST(ConfigMembersTest, PathsAreNoHosts) {
  EXPECT_EQ(Problem("1\n/run/cache.sock||1\n"), "\"/run/cache.sock\" is not the name of a host");
  EXPECT_THAT(Problem("1\nunix:/run/cache.sock||1\n"), HasSubstr("is not an IPv6 address"));
  EXPECT_EQ(Problem("1\na|/run/cache.sock|1\n"), "\"/run/cache.sock\" is not an address");
}

TEST(ConfigMembersTest, WhatIsQuotedIsShortAndPrintable) {
  EXPECT_EQ(Problem(absl::StrCat("\x1b", std::string(1000, 'x'), "\n")),
            absl::StrCat("the first line is not the number of a version: \"\\x1b",
                         std::string(79, 'x'), "...\""));
}

TEST(ConfigMembersTest, MembersAreBounded) {
  std::string payload = "1\n";
  for (std::size_t i = 0; i < discovery::kMaxMembers; ++i)
    absl::StrAppend(&payload, "a", i, "||1 ");
  std::uint64_t version = 0;
  EXPECT_EQ(ReadConfigMembers(payload + "\n", &version).candidates.size(), discovery::kMaxMembers);
  EXPECT_EQ(Problem(payload + "a||1\n"), "10001 members; a pool has at most 10000");
}

}  // namespace
}  // namespace ringcache::client

#include "discovery/discovery_address.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::discovery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

DiscoveryAddress Parsed(absl::string_view text) {
  const absl::StatusOr<DiscoveryAddress> address = DiscoveryAddress::Parse(text);
  EXPECT_TRUE(address.ok()) << text << ": " << address.status();
  return address.value_or(DiscoveryAddress{});
}

std::string ErrorOf(absl::string_view text) {
  const absl::StatusOr<DiscoveryAddress> address = DiscoveryAddress::Parse(text);
  EXPECT_FALSE(address.ok()) << text;
  return std::string(address.status().message());
}

TEST(DiscoveryAddressTest, AListKeepsItsOrder) {
  const DiscoveryAddress address =
      Parsed("Cache-B:11212:3, cache-a ,10.0.0.1,[::0001]:11213:2,unix:/run/a.sock,/run/b.sock");
  EXPECT_EQ(address.kind, DiscoveryKind::kList);
  EXPECT_THAT(address.members,
              ElementsAre(WrittenMember{"cache-b", 11212, 3}, WrittenMember{"cache-a", 11211, 1},
                          WrittenMember{"10.0.0.1", 11211, 1}, WrittenMember{"::1", 11213, 2},
                          WrittenMember{"/run/a.sock", 0, 1}, WrittenMember{"/run/b.sock", 0, 1}));
}

TEST(DiscoveryAddressTest, EachSchemeHasItsKind) {
  EXPECT_EQ(
      Parsed("dns+Cache.Example.com:1234"),
      (DiscoveryAddress{.kind = DiscoveryKind::kDns, .name = "cache.example.com", .port = 1234}));
  EXPECT_EQ(Parsed("dns+cache."),
            (DiscoveryAddress{.kind = DiscoveryKind::kDns, .name = "cache."}));
  EXPECT_EQ(
      Parsed("dnssrv+_memcached._tcp.cache.default.svc"),
      (DiscoveryAddress{
          .kind = DiscoveryKind::kDnsSrv, .name = "_memcached._tcp.cache.default.svc", .port = 0}));
  for (const char* text : {"file:/etc/members", "file+/etc/members"}) {
    EXPECT_EQ(Parsed(text),
              (DiscoveryAddress{.kind = DiscoveryKind::kFile, .name = "/etc/members"}));
  }
  EXPECT_EQ(Parsed("config+cache.cfg.example.com:11211"),
            (DiscoveryAddress{.kind = DiscoveryKind::kConfig, .name = "cache.cfg.example.com"}));
  EXPECT_EQ(Parsed("config+10.0.0.1").name, "10.0.0.1");
}

TEST(DiscoveryAddressTest, AKubernetesServiceHasAPortByNameOrByNumber) {
  DiscoveryAddress expected{.kind = DiscoveryKind::kKubernetes, .name = "cache"};
  EXPECT_EQ(Parsed("k8s+cache"), expected);
  expected.name = "cache.shop";
  EXPECT_EQ(Parsed("k8s+cache.shop"), expected);
  expected.port_name = "memcache";
  EXPECT_EQ(Parsed("k8s+cache.shop:memcache"), expected);
  expected.port_name = "";
  expected.port = 11311;
  expected.port_is_written = true;
  EXPECT_EQ(Parsed("k8s+cache.shop:11311"), expected);
}

TEST(DiscoveryAddressTest, WhatIsWrittenIsReadAsTheSame) {
  for (const char* text :
       {"a:1,b:2:3", "[::1]:5:6", "unix:/run/x,10.0.0.1:1", "dns+a.b.:3", "dnssrv+_m._tcp.a.b",
        "file:relative/path", "k8s+a", "k8s+a.b", "k8s+a.b:c", "k8s+a:11211", "config+a:1"}) {
    EXPECT_EQ(Parsed(text).ToString(), text);
    EXPECT_EQ(Parsed(Parsed(text).ToString()), Parsed(text));
  }
  EXPECT_EQ(Parsed("A, b:11211:1").ToString(), "a:11211,b:11211");
}

TEST(DiscoveryAddressTest, ErrorsSayWhatIsWrongAndWhatWouldBeRight) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "a member is missing; write host:port"},
      {"a,,b", "a member is missing"},
      {"a,", "a member is missing"},
      {":11211", "the host is missing"},
      {"a:0", "\"0\" is not a port from 1 to 65535"},
      {"a:65536", "\"65536\" is not a port"},
      {"a:+1", "\"+1\" is not a port"},
      {"a:b", "\"b\" is not a port"},
      {"a:1:0", "\"0\" is not a weight from 1 to 65535"},
      {"a:1:65536", "\"65536\" is not a weight"},
      {"a:1:2:3", "there is more after the weight"},
      {"a b", "\"a b\" is not the name of a host"},
      {"10.0.0.300", "\"10.0.0.300\" is not an IPv4 address"},
      {"::1", "needs brackets; write [::1]"},
      {"[::1", "the \"[\" is not closed"},
      {"[::1]1", "\"1\" follows the \"]\""},
      {"[cache]:1", "\"cache\" is not an IPv6 address"},
      {"a:1,b,A:1", "a:1 is there twice"},
      {"a,a.", "a.:11211 is there twice"},
      {"unix:x", "relative; write unix:/path"},
      {absl::StrCat("/", std::string(200, 'x')), "201 bytes; the system takes 107"},
      {"etcd+a", "no such way to find members; write host:port,host:port or one of dns+host:port"},
      {"dns+10.0.0.1:1", "nothing to look up for an address; write 10.0.0.1:1"},
      {"dns+[::1]:1", "nothing to look up for an address; write [::1]:1"},
      {"dns+a:1:2", "no weight here; write dns+host:port"},
      {"dns+", "a member is missing"},
      {"dns+/run/x", "no name to look up"},
      {"dnssrv+cache.default.svc", "is not the name of SRV records; write dnssrv+_port._tcp"},
      {"dnssrv+_m._sctp.a", "is not the name of SRV records"},
      {"dnssrv+_._tcp.a", "is not the name of SRV records"},
      {"file:", "the path is missing; write file:/path"},
      {"k8s+", "\"\" is not the name of a Service; write k8s+SERVICE"},
      {"k8s+a.b.svc.cluster.local", "more than a Service and its namespace"},
      {"k8s+a.", "is not the name of a Service"},
      {"k8s+a:0", "\"0\" is neither a port nor a port's name"},
      {"k8s+a:b.c", "\"b.c\" is neither a port nor a port's name"},
  };
  for (const auto& [text, why] : cases) EXPECT_THAT(ErrorOf(text), HasSubstr(why)) << text;
}

TEST(DiscoveryAddressTest, APoolHasABoundedNumberOfMembers) {
  std::string text = "m0";
  std::string lines = "m0";
  for (std::size_t i = 1; i < kMaxMembers; ++i) {
    absl::StrAppend(&text, ",m", i);
    absl::StrAppend(&lines, "\nm", i);
  }
  EXPECT_EQ(Parsed(text).members.size(), kMaxMembers);
  EXPECT_THAT(ErrorOf(text + ",last"), HasSubstr("a pool has at most 10000"));
  ASSERT_TRUE(ParseMemberLines(lines).ok());
  EXPECT_THAT(ParseMemberLines(lines + "\nlast").status().message(),
              HasSubstr("line 10001: a pool has at most 10000"));
}

TEST(MemberLinesTest, CommentsAndBlankLinesAreSkipped) {
  const auto members = ParseMemberLines("# the old ones\r\n a:1:2  # big\r\n\n[::1]:3\n/run/x\n");
  ASSERT_TRUE(members.ok()) << members.status();
  EXPECT_THAT(*members, ElementsAre(WrittenMember{"a", 1, 2}, WrittenMember{"::1", 3, 1},
                                    WrittenMember{"/run/x", 0, 1}));
}

TEST(MemberLinesTest, ErrorsNameTheLine) {
  EXPECT_THAT(ParseMemberLines("a\n\nb:x\n").status().message(), HasSubstr("line 3: \"b:x\""));
  EXPECT_THAT(ParseMemberLines("a\nb\na:11211").status().message(),
              HasSubstr("line 3: the member"));
  EXPECT_THAT(ParseMemberLines("# none\n").status().message(), HasSubstr("no member is named"));
}

}  // namespace
}  // namespace ringcache::discovery

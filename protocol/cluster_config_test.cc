// The configuration that clouds' servers tell: as their documents show it, and as it must not be.

#include "protocol/cluster_config.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "protocol/operation.h"
#include "protocol/reply.h"
#include "protocol/reply_parser.h"
#include "protocol/reply_writer.h"
#include "protocol/standard_reply.h"

namespace ringcache::protocol {
namespace {

std::vector<ClusterNode> Nodes(const ClusterConfig& config) {
  std::vector<ClusterNode> nodes;
  ClusterNodeIterator iterator(config.nodes);
  for (ClusterNode node; iterator.Next(&node);) nodes.push_back(node);
  EXPECT_EQ(nodes.size(), config.node_count);
  return nodes;
}

std::vector<ClusterNode> Parse(absl::string_view payload) {
  ClusterConfig config;
  const ClusterConfigError error = ParseClusterConfig(payload, &config);
  EXPECT_EQ(error, ClusterConfigError::kNone) << payload << ": " << ClusterConfigErrorText(error);
  EXPECT_TRUE(config.wrong.empty()) << payload;
  return Nodes(config);
}

// What is wrong with `payload`, as a person reads it.
std::string Trouble(absl::string_view payload) {
  ClusterConfig config;
  const ClusterConfigError error = ParseClusterConfig(payload, &config);
  return absl::StrCat(ClusterConfigErrorText(error), ": ", config.wrong);
}

using ClusterNodes = std::vector<ClusterNode>;

TEST(ClusterConfigTest, VersionAndNodesAreRead) {
  const absl::string_view payload =
      "12\nmycluster.0001.use1.cache.amazonaws.com|10.82.235.120|11211 "
      "mycluster.0002.use1.cache.amazonaws.com|10.80.249.27|11212\n";
  ClusterConfig config;
  ASSERT_EQ(ParseClusterConfig(payload, &config), ClusterConfigError::kNone);
  EXPECT_EQ(config.version, 12u);
  EXPECT_EQ(Nodes(config),
            ClusterNodes({{"mycluster.0001.use1.cache.amazonaws.com", "10.82.235.120", 11211},
                          {"mycluster.0002.use1.cache.amazonaws.com", "10.80.249.27", 11212}}));
  // Views, not copies.
  EXPECT_EQ(config.nodes.data(), payload.data() + 3);
}

TEST(ClusterConfigTest, AddressesMayBeAbsentOrStandForNames) {
  EXPECT_EQ(Parse("1\na||1\n"), ClusterNodes({{"a", "", 1}}));
  EXPECT_EQ(Parse("1\n10.0.0.1|10.0.0.1|65535\n"), ClusterNodes({{"10.0.0.1", "10.0.0.1", 65535}}));
  EXPECT_EQ(Parse("1\na|2001:db8::1|11211\n"), ClusterNodes({{"a", "2001:db8::1", 11211}}));
}

TEST(ClusterConfigTest, SpacesAndNewlinesMayVary) {
  const ClusterNodes two = {{"a", "", 1}, {"b", "", 2}};
  EXPECT_EQ(Parse("1\r\na||1 b||2\r\n"), two);
  EXPECT_EQ(Parse("1\n a||1  b||2 \n"), two);
  EXPECT_EQ(Parse("1\na||1 b||2\n\r\n\n"), two);
}

TEST(ClusterConfigTest, WhatIsCutOffIsNotTakenForWhole) {
  const absl::string_view payload = "12\na|10.0.0.1|11211 b|10.0.0.2|11211\n";
  for (std::size_t size = 0; size < payload.size(); ++size) {
    ClusterConfig config;
    EXPECT_EQ(ParseClusterConfig(payload.substr(0, size), &config), ClusterConfigError::kCutOff)
        << size;
  }
}

TEST(ClusterConfigTest, TheWrongPartIsNamed) {
  EXPECT_EQ(Trouble("\na||1\n"), "the first line is not the number of a version: ");
  EXPECT_EQ(Trouble("x1\na||1\n"), "the first line is not the number of a version: x1");
  EXPECT_EQ(Trouble("+1\na||1\n"), "the first line is not the number of a version: +1");
  EXPECT_EQ(Trouble("18446744073709551616\na||1\n"),
            "the first line is not the number of a version: 18446744073709551616");
  EXPECT_EQ(Trouble("1\n\n"), "there is no node in it: ");
  EXPECT_EQ(Trouble("1\n  \n"), "there is no node in it: ");
  EXPECT_EQ(Trouble("1\na||1\nmore\n"), "more than two lines: more\n");
  for (const char* node :
       {"a", "a|b", "a|1", "|10.0.0.1|1", "a||", "a||0", "a||65536", "a||+1", "a||-1", "a||1x",
        "a|b|c|1", "a||1|", "a\t||1", "a|\x7f|1", "\xc3\xa4||1"}) {
    EXPECT_EQ(Trouble(absl::StrCat("1\nok||1 ", node, " ok||2\n")),
              absl::StrCat("a node is not host|ip|port: ", node));
  }
}

TEST(ClusterConfigTest, HostsAndIpsAreBounded) {
  const std::string host(kMaxClusterHostBytes, 'a');
  const std::string ip(kMaxClusterIpBytes, '1');
  const std::string payload = absl::StrCat("1\n", host, "|", ip, "|1\n");
  EXPECT_EQ(Parse(payload), ClusterNodes({{host, ip, 1}}));
  for (const std::string& node : {absl::StrCat(host, "a||1"), absl::StrCat("a|", ip, "1|1")}) {
    EXPECT_EQ(Trouble(absl::StrCat("1\n", node, "\n")),
              absl::StrCat("a node is not host|ip|port: ", node));
  }
}

TEST(ClusterConfigTest, TheLengthIsBounded) {
  std::string payload = "1\n";
  const std::string node = absl::StrCat(std::string(253, 'a'), "|10.0.0.1|11211 ");
  for (int i = 0; i < 10000; ++i) payload += node;
  ClusterConfig config;
  EXPECT_EQ(ParseClusterConfig(absl::StrCat(payload, "\n"), &config), ClusterConfigError::kNone);
  EXPECT_EQ(config.node_count, 10000u);
  payload.resize(kMaxClusterConfigBytes, ' ');
  EXPECT_EQ(ParseClusterConfig(absl::StrCat(payload, "\n"), &config), ClusterConfigError::kTooLong);
}

TEST(ClusterConfigTest, AReplyIsWrittenAsClientsReadIt) {
  const ClusterNodes nodes = {{"a.example", "10.0.0.1", 11211}, {"b.example", "", 1}};
  char out[kMaxValueHeaderBytes + 100];
  const std::size_t bytes = ClusterConfigBytes(12, nodes);
  char* end = WriteConfigHeader(out, kClusterConfigKey, static_cast<std::uint32_t>(bytes));
  end = WriteClusterConfig(end, 12, nodes);
  end = WriteReply(WriteNewline(end), StandardReply::kEnd);
  const absl::string_view reply(out, static_cast<std::size_t>(end - out));
  EXPECT_EQ(reply, "CONFIG cluster 0 41\r\n12\na.example|10.0.0.1|11211 b.example||1\n\r\nEND\r\n");

  Reply parsed;
  const ReplyResult result = ParseReply(reply, Operation::kConfig, &parsed);
  ASSERT_EQ(result.status, ReplyStatus::kOk);
  EXPECT_EQ(Parse(reply.substr(result.consumed, parsed.value_bytes)), nodes);
}

}  // namespace
}  // namespace ringcache::protocol

#include "router/config/simple_config.h"

#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hashring/placement/placement_kind.h"
#include "router/config/pool_use.h"
#include "router/config/router_config.h"

namespace ringcache::router {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

absl::StatusOr<std::shared_ptr<const RouterConfig>> Read(absl::string_view servers) {
  SimpleConfig config;
  config.servers = std::string(servers);
  config.key_hash = "fnv1a_64";
  const auto file = ConfigFile::Parse(std::string(kSimpleConfigName), SimpleConfigText(config));
  EXPECT_TRUE(file.ok()) << file.status();
  return RouterConfig::Read(*file);
}

TEST(SimpleConfigTest, HasOnePoolAndARouteToIt) {
  const auto config = Read("k8s+cache.default");
  ASSERT_TRUE(config.ok()) << config.status();
  ASSERT_EQ((*config)->pools().size(), 1u);
  EXPECT_EQ((*config)->pools().at("default").address.ToString(), "k8s+cache.default");
  ASSERT_EQ((*config)->routes().size(), 1u);
  const ConfigNode& route = (*config)->routes()[0].route;
  EXPECT_EQ(route.GetString("pool", "").value(), "default");
  const auto use = ReadPoolUse(route);
  ASSERT_TRUE(use.ok()) << use.status();
  EXPECT_EQ(use->ring.placement, hashring::PlacementKind::kKetama);
  EXPECT_EQ(use->ring.key_hash, hashring::KeyHash::kFnv1a_64);
}

TEST(SimpleConfigTest, ReadsAsAPersonWouldWriteIt) {
  SimpleConfig config;
  config.servers = "a:1,b:1";
  config.placement = "jump";
  config.replicas = 3;
  EXPECT_EQ(SimpleConfigText(config),
            "{\n"
            "  \"pools\": {\"default\": {\"discovery\": \"a:1,b:1\", \"warm_up\": 0}},\n"
            "  \"route\": {\"type\": \"ReplicaFailoverRoute\", \"pool\": \"default\", "
            "\"replicas\": 3,\n"
            "            \"hash\": {\"hash_func\": \"jump\", \"key_hash\": \"default\"}}\n"
            "}\n");
}

TEST(SimpleConfigTest, FailsOverAndWarmsUpIfToldSo) {
  SimpleConfig config;
  config.servers = "a:1,b:1";
  config.failover = false;
  config.warm_up = absl::Seconds(30);
  const std::string text = SimpleConfigText(config);
  EXPECT_THAT(text, HasSubstr("\"warm_up\": 30000"));
  EXPECT_THAT(text, HasSubstr("\"type\": \"PoolRoute\", \"pool\": \"default\",\n"));
}

TEST(SimpleConfigTest, SaysWhatIsWrongWithTheServers) {
  EXPECT_THAT(std::string(Read("a:0").status().message()),
              StartsWith("--servers:2: pools.default.discovery: \"a:0\": \"0\" is not a port"));
}

TEST(SimpleConfigTest, WhateverTheServersAreTheTextIsJson) {
  EXPECT_FALSE(Read("\"},\n\\\x01\x7f").ok());
}

}  // namespace
}  // namespace ringcache::router

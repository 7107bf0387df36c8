#include "router/config/simple_config.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "router/config/router_config.h"

namespace ringcache::router {
namespace {

using ::testing::Optional;
using ::testing::StartsWith;

absl::StatusOr<std::shared_ptr<const RouterConfig>> Read(absl::string_view servers,
                                                         absl::string_view placement) {
  const auto file =
      ConfigFile::Parse(std::string(kSimpleConfigName), SimpleConfigText(servers, placement));
  EXPECT_TRUE(file.ok()) << file.status();
  return RouterConfig::Read(*file);
}

TEST(SimpleConfigTest, HasOnePoolAndARouteToIt) {
  const auto config = Read("k8s+cache.default", "rendezvous");
  ASSERT_TRUE(config.ok()) << config.status();
  ASSERT_EQ((*config)->pools().size(), 1u);
  const PoolConfig& pool = (*config)->pools().at("default");
  EXPECT_EQ(pool.address.ToString(), "k8s+cache.default");
  EXPECT_THAT(pool.placement, Optional(hashring::PlacementKind::kRendezvous));
  ASSERT_EQ((*config)->routes().size(), 1u);
  EXPECT_EQ((*config)->routes()[0].route.GetString("pool", "").value(), "default");
  EXPECT_EQ((*config)->file().text(),
            "{\n"
            "  \"pools\": {\n"
            "    \"default\": {\"discovery\": \"k8s+cache.default\", \"placement\": "
            "\"rendezvous\"}\n"
            "  },\n"
            "  \"route\": {\"type\": \"PoolRoute\", \"pool\": \"default\"}\n"
            "}\n");
}

TEST(SimpleConfigTest, SaysWhatIsWrongWithTheServers) {
  EXPECT_THAT(std::string(Read("a:0", "ketama").status().message()),
              StartsWith("--servers:3: pools.default.discovery: \"a:0\": \"0\" is not a port"));
  EXPECT_THAT(std::string(Read("a:1", "katema").status().message()),
              StartsWith("--servers:3: pools.default.placement: no placement is named 'katema'"));
}

TEST(SimpleConfigTest, WhateverTheServersAreTheTextIsJson) {
  EXPECT_FALSE(Read("\"},\n\\", "\x01\x7f\"").ok());
}

}  // namespace
}  // namespace ringcache::router

#include "tools/ringctl/pod_list.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::ringctl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// "a=10.0.0.1:11210", or "a: what is wrong".
std::vector<std::string> Found(const std::string& discovery) {
  std::vector<std::string> texts;
  const auto pods = FindPods(discovery, 11210);
  EXPECT_TRUE(pods.ok()) << pods.status();
  if (!pods.ok()) return texts;
  for (const PodAddress& pod : *pods) {
    texts.push_back(pod.address.empty() ? absl::StrCat(pod.name, ": ", pod.problem)
                                        : absl::StrCat(pod.name, "=", pod.address));
  }
  return texts;
}

TEST(PodListTest, PodsAreAskedAtTheAdminPortOfTheirAddresses) {
  EXPECT_THAT(Found("10.0.0.1:11211,[fd00::1]:5"),
              ElementsAre("10.0.0.1=10.0.0.1:11210", "fd00::1=[fd00::1]:11210"));
}

TEST(PodListTest, AUnixSocketSaysHowToAskIt) {
  EXPECT_THAT(Found("10.0.0.1,/run/cache.sock"),
              ElementsAre("10.0.0.1=10.0.0.1:11210",
                          HasSubstr("/run/cache.sock: a Unix socket has no admin port")));
}

TEST(PodListTest, AMemberWithoutAnAddressSaysSo) {
  discovery::Member member;
  member.name = "cache-0";
  const std::vector<PodAddress> pods = PodsOf({member}, 11210);
  ASSERT_EQ(pods.size(), 1u);
  EXPECT_EQ(pods[0].address, "");
  EXPECT_EQ(pods[0].problem, "has no address");
}

TEST(PodListTest, WhatDiscoveryMetIsSaid) {
  const auto pods = FindPods("file:/no/such/file", 11210);
  ASSERT_FALSE(pods.ok());
  EXPECT_THAT(std::string(pods.status().message()),
              HasSubstr("no pods found at file:/no/such/file: "));
}

}  // namespace
}  // namespace ringcache::ringctl

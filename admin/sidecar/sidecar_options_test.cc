#include "admin/sidecar/sidecar_options.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::admin {
namespace {

std::string ErrorOf(std::vector<absl::string_view> arguments) {
  return std::string(ParseSidecarOptions(arguments).status().message());
}

TEST(SidecarOptionsTest, WithoutFlagsItStandsBesideALocalMemcached) {
  const auto options = ParseSidecarOptions({});
  ASSERT_TRUE(options.ok());
  EXPECT_EQ(options->memcached, "127.0.0.1:11211");
  EXPECT_EQ(options->admin.grpc.number, 11210);
  EXPECT_EQ(options->admin.metrics.number, 9150);
}

TEST(SidecarOptionsTest, FlagsAreRead) {
  const auto options =
      ParseSidecarOptions({"--memcached=unix:/run/m.sock", "--drain-wait=5", "--admin-port=0",
                           "--discovery=dns+cache:11211", "--placement=rendezvous"});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->memcached, "unix:/run/m.sock");
  EXPECT_EQ(options->drain_wait_s, 5);
  EXPECT_EQ(options->admin.placement, "rendezvous");
}

TEST(SidecarOptionsTest, WhatIsWrongIsSaid) {
  EXPECT_EQ(ErrorOf({"--memcached=a:1,b:1"}),
            "--memcached: 'a:1,b:1' is not one server; give for example 127.0.0.1:11211");
  EXPECT_EQ(ErrorOf({"--memcached=dns+a:1"}),
            "--memcached: 'dns+a:1' is not one server; give for example 127.0.0.1:11211");
  EXPECT_EQ(ErrorOf({"--drain-wait=4000"}), "--drain-wait: at most 3600 seconds");
  EXPECT_EQ(ErrorOf({"--admin-port=9150"}),
            "--admin-port and --metrics-port are both 9150; give them different ones");
  EXPECT_NE(ErrorOf({"--memcached=a:x"}), "");
  EXPECT_NE(ErrorOf({"--nothing"}), "");
}

TEST(SidecarOptionsTest, TheHelpNamesAllFlags) {
  for (const char* flag : {"--memcached", "--drain-wait", "--admin-port", "--placement"}) {
    EXPECT_NE(SidecarHelp().find(flag), std::string::npos) << flag;
  }
}

}  // namespace
}  // namespace ringcache::admin

#include "admin/backend/admin_options.h"

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace ringcache::admin {
namespace {

absl::Status Read(absl::string_view name, absl::string_view text, AdminOptions* options) {
  for (const auto& flags : {AdminFlags(), RingObserverFlags()}) {
    for (const AdminFlag& flag : flags) {
      if (flag.name == name) return flag.read(text, options);
    }
  }
  return absl::NotFoundError(name);
}

TEST(AdminOptionsTest, APortThatWasGivenIsAskedFor) {
  AdminOptions options(11210);
  EXPECT_FALSE(options.grpc.asked_for);
  ASSERT_TRUE(Read("admin-port", "7000", &options).ok());
  EXPECT_EQ(options.grpc.number, 7000);
  EXPECT_TRUE(options.grpc.asked_for);
}

TEST(AdminOptionsTest, PortsCanBeSwitchedOff) {
  AdminOptions options(11210);
  ASSERT_TRUE(Read("admin-port", "off", &options).ok());
  ASSERT_TRUE(Read("metrics-port", "off", &options).ok());
  EXPECT_FALSE(options.grpc.is_on());
  EXPECT_FALSE(options.metrics.is_on());
  EXPECT_TRUE(options.Validate().ok());
}

TEST(AdminOptionsTest, WhatIsWrongIsSaidWithWhatWouldBeRight) {
  AdminOptions options(11210);
  EXPECT_EQ(Read("admin-port", "65536", &options).message(),
            "'65536' is no port; give 0 to 65535, or off");
  EXPECT_EQ(Read("admin-port", "-1", &options).message(),
            "'-1' is no port; give 0 to 65535, or off");
  EXPECT_EQ(Read("admin-open", "maybe", &options).message(), "'maybe' is neither yes nor no");
  for (const char* seconds : {"0", "0.5", "nan", "inf", "90000", "x", ""}) {
    EXPECT_FALSE(Read("admin-stuck-after", seconds, &options).ok()) << seconds;
  }
  EXPECT_FALSE(Read("admin-listen", "", &options).ok());
}

TEST(AdminOptionsTest, BothPortsCannotBeTheSame) {
  AdminOptions options(9150);
  EXPECT_EQ(options.Validate().message(),
            "--admin-port and --metrics-port are both 9150; give them different ones");
  options.grpc.number = options.metrics.number = 0;
  EXPECT_TRUE(options.Validate().ok());
}

TEST(AdminOptionsTest, EveryFlagReadsWhatItSpells) {
  AdminOptions options(11210);
  options.unix_socket = "/run/admin.sock";
  options.discovery = "a:1";
  options.key_hash = "md5";
  for (const auto& flags : {AdminFlags(), RingObserverFlags()}) {
    for (const AdminFlag& flag : flags) {
      AdminOptions again(1);
      EXPECT_TRUE(flag.read(flag.spell(options), &again).ok()) << flag.name;
      EXPECT_EQ(flag.spell(again), flag.spell(options)) << flag.name;
    }
  }
}

}  // namespace
}  // namespace ringcache::admin

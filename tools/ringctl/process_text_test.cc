#include "tools/ringctl/process_text.h"

#include "gtest/gtest.h"
#include "tools/ringctl/literal_message.h"

namespace ringcache::ringctl {
namespace {

using admin::v1::DrainProgress;
using admin::v1::HotKeys;
using admin::v1::Program;
using admin::v1::Settings;

TEST(ProcessTextTest, HealthSaysWhyNot) {
  EXPECT_EQ(HealthText(LiteralMessage<HealthAnswer>("serving: true")), "serving\n");
  EXPECT_EQ(HealthText(LiteralMessage<HealthAnswer>("reason: 'it drains'")),
            "not serving: it drains\n");
  EXPECT_EQ(HealthText(HealthAnswer()), "not serving\n");
}

TEST(ProcessTextTest, ProgramsSayWhatTheyAre) {
  EXPECT_EQ(ProgramText(LiteralMessage<Program>(
                "kind: SIDECAR version: '1.0' serves: 'memcached 1.6.18' pid: 7 host: 'cache-0'")),
            "program  sidecar\n"
            "version  1.0\n"
            "serves   memcached 1.6.18\n"
            "host     cache-0\n"
            "pid      7\n");
}

TEST(ProcessTextTest, SettingsHaveALineEach) {
  EXPECT_EQ(
      SettingsText(LiteralMessage<Settings>(
          "settings { name: 'maxbytes' value: '64' } settings { name: 'threads' value: '4' }")),
      "maxbytes  64\n"
      "threads   4\n");
}

TEST(ProcessTextTest, HotKeysSayHowFarToTrustTheirRates) {
  EXPECT_EQ(HotKeysText(LiteralMessage<HotKeys>("keys { key: 'user:1' rate: 1234.56 error: 3 }"
                                                "keys { key: '\\377' rate: 5 writes: true }")),
            "requests/s  error  that   key\n"
            "    1234.6    3.0  read   user:1\n"
            "       5.0    0.0  write  \\xff\n");
  EXPECT_EQ(HotKeysText(HotKeys()), "no key is asked for often\n");
}

TEST(ProcessTextTest, DrainsSayHowFarTheyAre) {
  EXPECT_EQ(DrainText(LiteralMessage<DrainProgress>(
                "draining: true phase: 'announcing' left { seconds: 3 nanos: 900000000 }"
                " connections: 1200")),
            "announcing, 4 s left at most, 1,200 connections\n");
  EXPECT_EQ(DrainText(LiteralMessage<DrainProgress>("draining: true phase: 'closing'"
                                                    " connections: 1")),
            "closing, 1 connection\n");
  EXPECT_EQ(DrainText(DrainProgress()), "does not drain\n");
}

}  // namespace
}  // namespace ringcache::ringctl

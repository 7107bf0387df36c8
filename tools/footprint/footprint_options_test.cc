#include "tools/footprint/footprint_options.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::footprint {
namespace {

TEST(FootprintOptionsTest, EveryFlagReachesItsField) {
  const auto options =
      ParseFootprintOptions({"--memory=64", "--idle-connections=200", "--sets=9000",
                             "--connections=2", "--ringcache=a", "--memcached=", "--json=-"});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->scale.memory_mib, 64);
  EXPECT_EQ(options->scale.idle_connections, 200);
  EXPECT_EQ(options->scale.sets, 9000u);
  EXPECT_EQ(options->scale.connections, 2);
  EXPECT_EQ(options->ringcache, "a");
  EXPECT_EQ(options->memcached, "");
  EXPECT_EQ(options->json, "-");
}

TEST(FootprintOptionsTest, RefusalsSayWhatWouldBeRight) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"--memory=7", "--memory: '7' is no whole number from 8 to 1048576"},
      {"--sets=many", "--sets: 'many' is no whole number from 3000 to 1099511627776"},
      {"--colour=red", "--colour: there is no such option; --help lists them"},
      {"memory", "'memory' is no option; options begin with --"},
  };
  for (const auto& [argument, message] : cases) {
    EXPECT_EQ(ParseFootprintOptions({argument}).status().message(), message);
  }
}

TEST(FootprintOptionsTest, TheHelpListsEveryFlagWithItsDefault) {
  const std::string help = FootprintOptionsHelp();
  EXPECT_NE(help.find("--memory=N  (256)\n      memory limit in MiB"), std::string::npos) << help;
  EXPECT_NE(help.find("(server/server)"), std::string::npos) << help;
}

}  // namespace
}  // namespace ringcache::footprint

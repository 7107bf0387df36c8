#include "server/process_setup.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "process/background.h"

namespace ringcache::server {
namespace {

TEST(TakePlaceTest, AFolderInWhichNoStopCouldLeaveItsFileIsWarnedOf) {
  ServerOptions options;
  options.memory_file = "/no/such/folder/items";
  process::Background background;
  std::vector<std::string> warnings;
  EXPECT_TRUE(TakePlace(options, &background, &warnings).ok());
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_EQ(
      warnings[0],
      "-e /no/such/folder/items: this user cannot write to its folder, so a stop cannot leave "
      "/no/such/folder/items.meta there and the next start will be empty");
  warnings.clear();
  options.memory_file = "items";
  EXPECT_TRUE(TakePlace(options, &background, &warnings).ok());
  EXPECT_TRUE(warnings.empty());
}

}  // namespace
}  // namespace ringcache::server

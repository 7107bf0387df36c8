#include "router/replay/private_folder.h"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace ringcache::router {
namespace {

class PrivateFolderTest : public ::testing::Test {
 protected:
  PrivateFolderTest() { setenv("TMPDIR", ::testing::TempDir().c_str(), 1); }
};

TEST_F(PrivateFolderTest, ItGoesWithAllThatIsInIt) {
  auto folder = PrivateFolder::Create("private-");
  ASSERT_TRUE(folder.ok()) << folder.status();
  const std::string path = (*folder)->path();
  EXPECT_TRUE(absl::StrContains(path, "/private-")) << path;
  std::ofstream(path + "/file") << "text";
  EXPECT_TRUE(std::filesystem::exists(path + "/file"));
  EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms::owner_all);
  folder->reset();
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(PrivateFolderTest, EachIsAnother) {
  const auto one = PrivateFolder::Create("private-");
  const auto other = PrivateFolder::Create("private-");
  ASSERT_TRUE(one.ok() && other.ok());
  EXPECT_NE((*one)->path(), (*other)->path());
}

TEST_F(PrivateFolderTest, WhatAKilledProcessLeftGoesWithTheNextOne) {
  const std::string left = ::testing::TempDir() + "/private-left";
  const std::string other = ::testing::TempDir() + "/another-left";
  for (const std::string& path : {left, other}) {
    std::filesystem::create_directory(path);
    std::ofstream(path + "/file") << "text";
  }
  const auto used = PrivateFolder::Create("private-");
  ASSERT_TRUE(used.ok());
  EXPECT_TRUE(std::filesystem::exists(left)) << "somebody may be about to lock it";
  const auto next = PrivateFolder::Create("private-", absl::ZeroDuration());
  ASSERT_TRUE(next.ok());
  EXPECT_FALSE(std::filesystem::exists(left));
  EXPECT_TRUE(std::filesystem::exists(other));
  EXPECT_TRUE(std::filesystem::exists((*used)->path()));
  std::filesystem::remove_all(other);
}

TEST_F(PrivateFolderTest, WhereItCannotBeMadeIsSaid) {
  setenv("TMPDIR", "/proc/self", 1);
  const absl::Status status = PrivateFolder::Create("private-").status();
  EXPECT_TRUE(absl::StrContains(status.message(), "cannot make a folder in /proc/self")) << status;
}

}  // namespace
}  // namespace ringcache::router

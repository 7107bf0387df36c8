#include "admin/metrics/version_words.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::admin {
namespace {

using ::testing::ElementsAre;

TEST(VersionWords, AreThoseThatBeginWithADigit) {
  EXPECT_THAT(VersionWords("ringcache 0.1.0 (speaks memcached 1.6.45)"),
              ElementsAre("0.1.0", "1.6.45"));
  EXPECT_THAT(VersionWords("memcached 1.6.18"), ElementsAre("1.6.18"));
  EXPECT_THAT(VersionWords("1.6.45-ringcache"), ElementsAre("1.6.45-ringcache"));
}

TEST(VersionWords, AreTheWholeTextWhereThereAreNone) {
  EXPECT_THAT(VersionWords("memcached"), ElementsAre("memcached"));
  EXPECT_THAT(VersionWords(""), ElementsAre(""));
}

}  // namespace
}  // namespace ringcache::admin

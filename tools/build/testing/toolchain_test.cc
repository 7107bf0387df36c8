// Proves that the compiler speaks C++20 and that Debian's Abseil and GoogleTest link.

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ringcache::build {
namespace {

TEST(ToolchainTest, AbseilAndGoogleTestLink) {
  absl::flat_hash_map<std::string, int> counts;
  ++counts[absl::StrCat("key", 1)];
  EXPECT_EQ(counts["key1"], 1);
}

TEST(ToolchainTest, LanguageIsCpp20) { static_assert(__cplusplus >= 202002L); }

}  // namespace
}  // namespace ringcache::build

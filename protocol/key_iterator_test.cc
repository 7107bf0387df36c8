#include "protocol/key_iterator.h"

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "protocol/word_end.h"

namespace ringcache::protocol {
namespace {

std::vector<std::string> Keys(absl::string_view text) {
  std::vector<std::string> keys;
  KeyIterator iterator(text);
  for (absl::string_view key; iterator.Next(&key);) keys.emplace_back(key);
  EXPECT_EQ(CountKeys(text), keys.size()) << text;
  return keys;
}

using Strings = std::vector<std::string>;

TEST(KeyIteratorTest, SplitsAtRunsOfSpaces) {
  EXPECT_EQ(Keys(""), Strings());
  EXPECT_EQ(Keys("   "), Strings());
  EXPECT_EQ(Keys("a"), Strings({"a"}));
  EXPECT_EQ(Keys("  a   bc "), Strings({"a", "bc"}));
  EXPECT_EQ(Keys("a\tb c"), Strings({"a\tb", "c"}));
}

TEST(KeyIteratorTest, FindsTheEndOfWordsOfEveryLengthAtEveryOffset) {
  for (std::size_t before = 0; before < 9; ++before) {
    for (std::size_t size = 0; size < 40; ++size) {
      // '!' is next to the space, and 0xa0 is a space but for its top bit.
      for (const char c : {'k', '!', '\xa0', '\0', '\x1f'}) {
        const std::string text = std::string(before, 'x') + std::string(size, c) + " !! ";
        const char* begin = text.data() + before;
        EXPECT_EQ(WordEnd(begin, text.data() + text.size()), begin + size) << size;
        EXPECT_EQ(WordEnd(begin, begin + size), begin + size) << size;
      }
    }
  }
}

TEST(KeyIteratorTest, FlagsAreALetterAndItsToken) {
  MetaFlagIterator flags("v T30  O k");
  MetaFlag flag;
  std::string seen;
  while (flags.Next(&flag))
    seen += std::string(1, flag.letter) + "=" + std::string(flag.token) + ";";
  EXPECT_EQ(seen, "v=;T=30;O=;k=;");
}

}  // namespace
}  // namespace ringcache::protocol

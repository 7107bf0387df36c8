#include "hashring/hashed_part.h"

#include "gtest/gtest.h"

namespace ringcache::hashring {
namespace {

TEST(HashedPartTest, IsTheKeyWithoutStopAndTag) {
  EXPECT_EQ(HashedPart("a{b}|#|c", "", ""), "a{b}|#|c");
  EXPECT_EQ(HashedPart("", "|#|", "{}"), "");
}

TEST(HashedPartTest, EndsBeforeTheFirstStop) {
  EXPECT_EQ(HashedPart("foo:key|#|etc", "|#|", ""), "foo:key");
  EXPECT_EQ(HashedPart("foo|#|bar|#|etc", "|#|", ""), "foo");
  EXPECT_EQ(HashedPart("foo|#etc", "|#|", ""), "foo|#etc");
  EXPECT_EQ(HashedPart("foo|#|", "|#|", ""), "foo");
}

TEST(HashedPartTest, IsEmptyBeforeAStopAtTheStart) {
  EXPECT_EQ(HashedPart("|#|etc", "|#|", ""), "");
}

TEST(HashedPartTest, StandsBetweenTheFirstPairOfTags) {
  EXPECT_EQ(HashedPart("{user:7}:name", "", "{}"), "user:7");
  EXPECT_EQ(HashedPart("name:{user:7}", "", "{}"), "user:7");
  EXPECT_EQ(HashedPart("{a}{b}", "", "{}"), "a");
  EXPECT_EQ(HashedPart("}{a}", "", "{}"), "a");
  EXPECT_EQ(HashedPart("{{a}}", "", "{}"), "{a");
  EXPECT_EQ(HashedPart("x$user$y", "", "$$"), "user");
}

TEST(HashedPartTest, IsTheWholeKeyWithoutAPairOrWithNothingInIt) {
  EXPECT_EQ(HashedPart("{user:7", "", "{}"), "{user:7");
  EXPECT_EQ(HashedPart("}user:7{", "", "{}"), "}user:7{");
  EXPECT_EQ(HashedPart("{}{user:7}", "", "{}"), "{}{user:7}");
  EXPECT_EQ(HashedPart("{", "", "{}"), "{");
}

TEST(HashedPartTest, LooksForTagsBeforeTheStopOnly) {
  EXPECT_EQ(HashedPart("{a}b|#|c", "|#|", "{}"), "a");
  EXPECT_EQ(HashedPart("b|#|{a}", "|#|", "{}"), "b");
  EXPECT_EQ(HashedPart("{b|#|a}", "|#|", "{}"), "{b");
}

}  // namespace
}  // namespace ringcache::hashring

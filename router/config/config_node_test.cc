#include "router/config/config_node.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "router/config/config_file.h"

namespace ringcache::router {
namespace {

using ::testing::HasSubstr;

template <typename Result>
std::string Complaint(const absl::StatusOr<Result>& result) {
  return result.ok() ? "none" : std::string(result.status().message());
}

class ConfigNodeTest : public ::testing::Test {
 protected:
  ConfigNode Root(const std::string& text) {
    file_ = ConfigFile::Parse("r.json", text).value();
    return file_->root();
  }
  // The value of "a" in {"a": value}, in the second line.
  ConfigNode Value(const std::string& value) {
    return Root(absl::StrCat("{\n\"a\": ", value, "}")).Get("a").value();
  }

  std::shared_ptr<const ConfigFile> file_;
};

TEST_F(ConfigNodeTest, KnowsItsTypeAndItsPlace) {
  const ConfigNode root = Root("{\"a\": {\n\"b\": [1,\n \"x\"]}}");
  const ConfigNode list = root.Get("a").value().Get("b").value();
  EXPECT_TRUE(root.is_object() && list.is_array());
  const std::vector<ConfigNode> elements = list.AsArray().value();
  ASSERT_EQ(elements.size(), 2u);
  EXPECT_TRUE(elements[0].is_number() && elements[1].is_string());
  EXPECT_EQ(elements[1].path(), "a.b[1]");
  EXPECT_EQ(elements[1].line(), 3u);
  EXPECT_EQ(elements[1].Error("is bad").message(), "r.json:3: a.b[1]: is bad");
  EXPECT_EQ(root.Error("is bad").message(), "r.json:1: is bad");
  EXPECT_TRUE(Value("true").is_bool());
}

TEST_F(ConfigNodeTest, KeysThatAreNoWordsStandInBrackets) {
  const ConfigNode root = Root("{\"/a/b/\": {\"x y\": 1}}");
  EXPECT_EQ(root.Get("/a/b/").value().Get("x y").value().path(), "[\"/a/b/\"][\"x y\"]");
}

TEST_F(ConfigNodeTest, GivesWhatItIs) {
  EXPECT_EQ(Value("\"text\"").AsString().value(), "text");
  EXPECT_EQ(Value("\"a\\u0000b\"").AsString().value(), std::string("a\0b", 3));
  EXPECT_EQ(Value("7").AsInteger(7, 7).value(), 7);
  EXPECT_EQ(Value("7.0").AsInteger(7, 7).value(), 7);
  EXPECT_EQ(Value("-9223372036854775808").AsInteger(INT64_MIN, 0).value(), INT64_MIN);
  EXPECT_EQ(Value("2.5").AsDouble(0, 3).value(), 2.5);
  EXPECT_EQ(Value("2").AsDouble(0, 3).value(), 2.0);
  EXPECT_FALSE(Value("false").AsBool().value());
}

TEST_F(ConfigNodeTest, SaysWhatItIsNot) {
  EXPECT_EQ(Complaint(Value("5").AsString()), "r.json:2: a: is 5, and should be a string");
  EXPECT_EQ(Complaint(Value("null").AsArray()), "r.json:2: a: is null, and should be a list");
  EXPECT_EQ(Complaint(Value("[]").AsObject()), "r.json:2: a: is a list, and should be an object");
  EXPECT_EQ(Complaint(Value("{}").AsInteger(1, 2)),
            "r.json:2: a: is an object, and should be a whole number from 1 to 2");
  EXPECT_EQ(Complaint(Value("3").AsInteger(1, 2)),
            "r.json:2: a: is 3, and should be a whole number from 1 to 2");
  EXPECT_EQ(Complaint(Value("1.5").AsInteger(1, 2)),
            "r.json:2: a: is 1.5, and should be a whole number from 1 to 2");
  EXPECT_EQ(Complaint(Value("18446744073709551615").AsInteger(1, 2)),
            "r.json:2: a: is 18446744073709551615, and should be a whole number from 1 to 2");
  EXPECT_EQ(Complaint(Value("1e300").AsInteger(1, 2)),
            "r.json:2: a: is 1e+300, and should be a whole number from 1 to 2");
  EXPECT_EQ(Complaint(Value("\"1\"").AsDouble(0, 1)),
            "r.json:2: a: is \"1\", and should be a number from 0 to 1");
  EXPECT_EQ(Complaint(Value("-0.5").AsDouble(0, 1)),
            "r.json:2: a: is -0.5, and should be a number from 0 to 1");
  EXPECT_EQ(Complaint(Value("true").AsDouble(0, 1)),
            "r.json:2: a: is true, and should be a number from 0 to 1");
}

TEST_F(ConfigNodeTest, GivesTheKeysOfAnObjectInOrder) {
  const auto members = Value("{\"b\": 1, \"a\": 2, \"c\": 3}").AsObject().value();
  ASSERT_EQ(members.size(), 3u);
  EXPECT_EQ(members[0].first, "a");
  EXPECT_EQ(members[2].second.path(), "a.c");
}

TEST_F(ConfigNodeTest, GivesWhatAKeySaysOrTheDefault) {
  const ConfigNode node = Value("{\"s\": \"x\", \"b\": true, \"i\": 3, \"d\": 0.5, \"t\": 250}");
  EXPECT_TRUE(node.Has("s"));
  EXPECT_FALSE(node.Has("z"));
  EXPECT_EQ(node.GetString("s", "y").value(), "x");
  EXPECT_EQ(node.GetString("z", "y").value(), "y");
  EXPECT_TRUE(node.GetBool("b", false).value());
  EXPECT_TRUE(node.GetBool("z", true).value());
  EXPECT_EQ(node.GetInteger("i", 1, 0, 9).value(), 3);
  EXPECT_EQ(node.GetInteger("z", 1, 0, 9).value(), 1);
  EXPECT_EQ(node.GetDouble("d", 1, 0, 9).value(), 0.5);
  EXPECT_EQ(node.GetDouble("z", 1, 0, 9).value(), 1);
  EXPECT_EQ(node.GetMilliseconds("t", {}, absl::Milliseconds(1), absl::Seconds(1)).value(),
            absl::Milliseconds(250));
  EXPECT_EQ(node.GetMilliseconds("z", absl::Seconds(2), {}, absl::Seconds(1)).value(),
            absl::Seconds(2));
}

TEST_F(ConfigNodeTest, SaysWhichKeyIsMissingOrWrong) {
  const ConfigNode node = Value("{\"s\": 1, \"b\": 1, \"t\": 2000}");
  EXPECT_EQ(Complaint(node.Get("pool")), "r.json:2: a: has no \"pool\"");
  EXPECT_EQ(Complaint(node.GetString("s", "")), "r.json:2: a.s: is 1, and should be a string");
  EXPECT_EQ(Complaint(node.GetBool("b", false)),
            "r.json:2: a.b: is 1, and should be true or false");
  EXPECT_EQ(Complaint(node.GetInteger("s", 2, 2, 3)),
            "r.json:2: a.s: is 1, and should be a whole number from 2 to 3");
  EXPECT_EQ(Complaint(node.GetDouble("s", 2, 2, 3)),
            "r.json:2: a.s: is 1, and should be a number from 2 to 3");
  EXPECT_EQ(Complaint(node.GetMilliseconds("t", {}, absl::Milliseconds(1), absl::Seconds(1))),
            "r.json:2: a.t: is 2000, and should be a whole number of milliseconds from 1 to 1000");
}

TEST_F(ConfigNodeTest, AllowsTheKeysThatAreListed) {
  const ConfigNode node =
      Value("{\"type\": \"T\",\n \"name\": \"n\",\n \"childern\": [],\n \"x\": 1}");
  EXPECT_TRUE(node.AllowOnly({"childern", "x"}).ok());
  EXPECT_EQ(node.AllowOnly({"children", "x"}).message(),
            "r.json:4: a.childern: there is no key \"childern\" here; did you mean \"children\"?");
  EXPECT_EQ(node.AllowOnly({"childern", "pool"}).message(),
            "r.json:5: a.x: there is no key \"x\" here; there are childern, pool");
  EXPECT_EQ(node.AllowOnly({}).message(),
            "r.json:4: a.childern: there is no key \"childern\" here; it has none");
}

TEST_F(ConfigNodeTest, ShowsLongTextsInPart) {
  EXPECT_EQ(ConfigNode::Shown("a\n"), "\"a\\n\"");
  EXPECT_EQ(ConfigNode::Shown(std::string(60, 'a')),
            absl::StrCat("\"", std::string(60, 'a'), "\""));
  EXPECT_EQ(ConfigNode::Shown(std::string(61, 'a')),
            absl::StrCat("\"", std::string(60, 'a'), "...\""));
  EXPECT_THAT(Complaint(Value(absl::StrCat("\"", std::string(1000, 'a'), "\"")).AsArray()),
              HasSubstr("aaa...\", and should be a list"));
}

TEST_F(ConfigNodeTest, AShortFormStandsForAnObjectInItsPlace) {
  const ConfigNode text = Value("\"PoolRoute|A\"");
  // What the object is part of lives as long as any node of it.
  const ConfigNode pool = text.Expanded("PoolRoute", "pool", "A").Get("pool").value();
  EXPECT_EQ(pool.AsString().value(), "A");
  EXPECT_EQ(pool.Error("is not there").message(), "r.json:2: a.pool: is not there");
  const ConfigNode bare = text.Expanded("NullRoute", "", "");
  EXPECT_EQ(bare.GetString("type", "").value(), "NullRoute");
  EXPECT_TRUE(bare.AllowOnly({}).ok());
  EXPECT_EQ(bare.Error("is bad").message(), "r.json:2: a: is bad");
}

}  // namespace
}  // namespace ringcache::router

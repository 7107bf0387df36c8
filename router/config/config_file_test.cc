#include "router/config/config_file.h"

#include <unistd.h>

#include <fstream>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "router/config/config_text.h"

namespace ringcache::router {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string Complaint(const absl::StatusOr<std::shared_ptr<const ConfigFile>>& file) {
  return file.ok() ? "none" : std::string(file.status().message());
}

std::string ProblemOf(const std::string& text) {
  return Complaint(ConfigFile::Parse("r.json", text));
}

std::string StringAt(const std::string& text, absl::string_view key) {
  return ConfigFile::Parse("r.json", text).value()->root().GetString(key, "not there").value();
}

TEST(ConfigFileTest, ReadsCommentsAndTrailingCommas) {
  const std::string text = R"({
    // A pool, as in "pool".
    "a": /* not "b" */ "x // y /* z */", /* over
    two lines */ "list": [1, 2, // two
                          3, /* the last */ ],
    "last": "*/", // }
  } // the end)";
  EXPECT_EQ(StringAt(text, "a"), "x // y /* z */");
  EXPECT_EQ(StringAt(text, "last"), "*/");
  const auto file = ConfigFile::Parse("r.json", text).value();
  EXPECT_EQ(file->root().Get("list")->AsArray()->size(), 3u);
  EXPECT_EQ(file->root().Get("last")->line(), 6u);
  EXPECT_EQ(file->text(), text);
}

TEST(ConfigFileTest, ReadsAByteOrderMark) {
  EXPECT_EQ(StringAt("\xef\xbb\xbf{\"a\": \"b\"}", "a"), "b");
}

TEST(ConfigFileTest, SaysInWhichLineTheSyntaxIsWrong) {
  EXPECT_EQ(ProblemOf("{\n\"a\": 1\n\"b\": 2\n}"),
            "r.json:3: is not JSON: missing ',' or '}' in object declaration");
  EXPECT_EQ(ProblemOf("{\r\n\r\n\"a\" 1}"),
            "r.json:3: is not JSON: missing ':' after object member name");
  EXPECT_EQ(ProblemOf("{\"a\": [1,\n2 3]}"),
            "r.json:2: is not JSON: missing ',' or ']' in array declaration");
  EXPECT_EQ(ProblemOf("{\n\"a\": tru}"),
            "r.json:2: is not JSON: syntax error: value, object or array expected.");
  EXPECT_THAT(ProblemOf("{}\n{}"), StartsWith("r.json:2: is not JSON: extra non-whitespace"));
  EXPECT_THAT(ProblemOf("{"), StartsWith("r.json:1: is not JSON: missing '}'"));
}

TEST(ConfigFileTest, SaysWhereWhatIsNotClosedBegins) {
  EXPECT_EQ(ProblemOf("{\n\"a\": \"b,\n\"c\": 1}"),
            "r.json:2: the string that begins here has no closing \" in its line");
  EXPECT_EQ(ProblemOf("{\n\n/* \"a\": 1}"),
            "r.json:3: the comment that begins here has no closing */");
}

TEST(ConfigFileTest, AKeyThatIsThereTwiceIsAnError) {
  EXPECT_EQ(ProblemOf("{\"pools\": {\n\"A\": {},\n\"A\": {}}}"),
            "r.json:3: is not JSON: duplicate key: 'A'");
}

TEST(ConfigFileTest, IsAnObject) {
  EXPECT_EQ(ProblemOf("[]"), "r.json:1: is not an object; it begins with {");
  EXPECT_EQ(ProblemOf(" // nothing\n"),
            "r.json:1: is empty; the least is {\"route\": \"NullRoute\"}");
  EXPECT_THAT(ProblemOf("5"), StartsWith("r.json:1: is not JSON"));
}

TEST(ConfigFileTest, IsNoDeeperThanItsLimit) {
  const auto nested = [](std::size_t lists) {
    return absl::StrCat("{\"a\":\n", std::string(lists, '['), std::string(lists, ']'), "}");
  };
  EXPECT_EQ(ProblemOf(nested(kMaxConfigDepth - 1)), "none");
  EXPECT_EQ(ProblemOf(nested(kMaxConfigDepth)),
            "r.json:2: is nested deeper than 64; name parts of it in \"named_handles\"");
  // Without an end in sight.
  EXPECT_THAT(ProblemOf(std::string(1000000, '[')), HasSubstr("nested deeper"));
  // What is in strings does not count.
  EXPECT_EQ(ProblemOf(absl::StrCat("{\"a\": \"", std::string(1000, '['), "\"}")), "none");
}

TEST(ConfigFileTest, HasNoMoreValuesThanItsLimit) {
  const auto list_of = [](std::size_t values) {
    std::string text = "{\"a\": [1";
    for (std::size_t i = 1; i < values; ++i) text += ",1";
    return text + "]}";
  };
  // The object and the list count, too, as does one more.
  EXPECT_EQ(ProblemOf(list_of(kMaxConfigValues - 2)), "none");
  EXPECT_EQ(ProblemOf(list_of(kMaxConfigValues - 1)), "r.json:1: has more than 1048576 values");
}

TEST(ConfigFileTest, HasNoMoreBytesThanItsLimit) {
  std::string text = "{}";
  text.resize(kMaxConfigBytes, ' ');
  EXPECT_EQ(ProblemOf(text), "none");
  EXPECT_EQ(ProblemOf(text + " "), "r.json:1: has 16777217 bytes; at most 16777216 are read");
}

TEST(ConfigFileTest, KnowsTheDigestOfItsText) {
  EXPECT_EQ(ConfigFile::Parse("r.json", "{}").value()->md5(), "99914b932bd37a50b983c5e7c90ae93b");
}

TEST(ConfigFileTest, IsReadFromAFile) {
  const std::string path = absl::StrCat(testing::TempDir(), "/router.", getpid(), ".json");
  std::ofstream(path) << "{\"a\": \"b\"}";
  const auto file = ConfigFile::Read(path);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ((*file)->root().GetString("a", "").value(), "b");
  EXPECT_EQ((*file)->name(), path);
  std::ofstream(path) << "{]";
  EXPECT_THAT(Complaint(ConfigFile::Read(path)), StartsWith(path + ":1: is not JSON"));
  unlink(path.c_str());
  EXPECT_THAT(Complaint(ConfigFile::Read(path)), HasSubstr("cannot open " + path));
  EXPECT_THAT(Complaint(ConfigFile::Read("/")), HasSubstr("is not a file"));
}

TEST(ConfigFileTest, AFileThatIsTooLongIsNotReadToItsEnd) {
  const std::string path = absl::StrCat(testing::TempDir(), "/long.", getpid(), ".json");
  std::ofstream(path) << "{}" << std::string(kMaxConfigBytes + 100000, ' ');
  EXPECT_THAT(Complaint(ConfigFile::Read(path)), HasSubstr("bytes; at most 16777216"));
  unlink(path.c_str());
}

}  // namespace
}  // namespace ringcache::router

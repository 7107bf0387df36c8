#include "router/config/router_config.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::router {
namespace {

using ::testing::_;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

absl::StatusOr<std::shared_ptr<const RouterConfig>> Read(const std::string& text) {
  const auto file = ConfigFile::Parse("r.json", text);
  if (!file.ok()) return file.status();
  return RouterConfig::Read(*file);
}

std::string Problem(const std::string& text) {
  const auto config = Read(text);
  return config.ok() ? "none" : std::string(config.status().message());
}

TEST(RouterConfigTest, OneRouteIsForKeysWithoutAPrefix) {
  const auto config = Read(R"({"pools": {"A": {"servers": ["a:1"]}}, "route": "PoolRoute|A"})");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_THAT((*config)->pools(), ElementsAre(Pair("A", _)));
  ASSERT_EQ((*config)->routes().size(), 1u);
  EXPECT_THAT((*config)->routes()[0].prefixes, IsEmpty());
  EXPECT_EQ((*config)->routes()[0].route.AsString().value(), "PoolRoute|A");
  EXPECT_EQ((*config)->file().name(), "r.json");
}

TEST(RouterConfigTest, RoutesHavePrefixes) {
  const auto list = Read(R"({"routes": [{"aliases": ["/a/b/", "/c/d/"], "route": "x"},
                                        {"aliases": ["/e/f/"], "route": "y"}]})");
  ASSERT_TRUE(list.ok()) << list.status();
  ASSERT_EQ((*list)->routes().size(), 2u);
  EXPECT_THAT((*list)->routes()[0].prefixes, ElementsAre("/a/b/", "/c/d/"));
  EXPECT_EQ((*list)->routes()[1].route.AsString().value(), "y");
  const auto object = Read(R"({"routes": {"/e/f/": "y", "/a/b/": "x"}})");
  ASSERT_TRUE(object.ok()) << object.status();
  ASSERT_EQ((*object)->routes().size(), 2u);
  EXPECT_THAT((*object)->routes()[0].prefixes, ElementsAre("/a/b/"));
}

TEST(RouterConfigTest, SaysWhatIsWrongWithRoutes) {
  EXPECT_EQ(Problem("{}"), "r.json:1: has no \"route\"; write \"route\": \"PoolRoute|A\"");
  EXPECT_EQ(Problem("{\"route\": \"x\", \"routes\": []}"),
            "r.json:1: has both \"route\" and \"routes\"; write one of them");
  EXPECT_EQ(Problem("{\n\"routes\": []}"), "r.json:2: routes: is empty; it has at least one route");
  EXPECT_EQ(Problem("{\"routes\": \"x\"}"),
            "r.json:1: routes: is neither a list of {\"aliases\", \"route\"} nor an object by "
            "prefix");
  EXPECT_EQ(Problem("{\"routes\": [\n{\"aliases\": [\"/a/b\"], \"route\": \"x\"}]}"),
            "r.json:2: routes[0].aliases[0]: \"/a/b\" is not a routing prefix; write "
            "/region/cluster/, each of letters, digits, _, - and .");
  EXPECT_EQ(Problem("{\"routes\": [{\"aliases\": [], \"route\": \"x\"}]}"),
            "r.json:1: routes[0].aliases: is empty; write \"/region/cluster/\"");
  EXPECT_EQ(Problem("{\"routes\": [{\"route\": \"x\"}]}"),
            "r.json:1: routes[0]: has no \"aliases\"");
  EXPECT_EQ(Problem("{\"routes\": [{\"aliases\": [\"/a/b/\"]}]}"),
            "r.json:1: routes[0]: has no \"route\"");
  EXPECT_THAT(Problem("{\"routes\": {\"a\": \"x\"}}"),
              HasSubstr("r.json:1: routes.a: \"a\" is not a routing prefix"));
  EXPECT_EQ(Problem("{\"routes\": [{\"aliases\": [\"/a/b/\",\n \"/a/b/\"], \"route\": \"x\"}]}"),
            "r.json:2: routes[0].aliases[1]: the prefix /a/b/ is in line 1 already");
}

TEST(RouterConfigTest, BoundsThePrefixes) {
  const auto routes = [](std::size_t prefixes) {
    std::string text = "{\"routes\": [{\"route\": \"x\", \"aliases\": [";
    for (std::size_t i = 0; i < prefixes; ++i) absl::StrAppend(&text, "\"/a/", i, "/\",");
    return text + "]}]}";
  };
  EXPECT_EQ(Problem(routes(RouterConfig::kMaxPrefixes)), "none");
  EXPECT_THAT(Problem(routes(RouterConfig::kMaxPrefixes + 1)),
              HasSubstr("there are more than 10000 prefixes"));
}

TEST(RouterConfigTest, HandlesHaveNames) {
  const auto list =
      Read(R"({"route": "a", "named_handles": [{"type": "NullRoute", "name": "a"}]})");
  ASSERT_TRUE(list.ok()) << list.status();
  EXPECT_THAT((*list)->named_handles(), ElementsAre(Pair("a", _)));
  const auto object = Read(R"({"route": "a", "named_handles": {"a": "NullRoute", "b": "a"}})");
  ASSERT_TRUE(object.ok()) << object.status();
  EXPECT_THAT((*object)->named_handles(), ElementsAre(Pair("a", _), Pair("b", _)));
  EXPECT_EQ(Problem("{\"route\": \"a\", \"named_handles\": [{\"name\": \"a\"},\n{\"name\": "
                    "\"a\"}]}"),
            "r.json:2: named_handles[1]: the named handle \"a\" is in line 1 already");
  EXPECT_EQ(Problem("{\"route\": \"a\", \"named_handles\": [{}]}"),
            "r.json:1: named_handles[0]: has no \"name\"");
  EXPECT_EQ(Problem("{\"route\": \"a\", \"named_handles\": [5]}"),
            "r.json:1: named_handles[0]: is 5, and should be an object");
  EXPECT_EQ(Problem("{\"route\": \"a\", \"named_handles\": 5}"),
            "r.json:1: named_handles: is neither a list nor an object of routes by name");
  EXPECT_THAT(Problem("{\"route\": \"a\", \"named_handles\": {\"\": {}}}"),
              HasSubstr("has an empty name"));
}

TEST(RouterConfigTest, MacrosAreRefused) {
  EXPECT_EQ(Problem("{\"route\": \"a\",\n\"macros\": {\"m\": \"x\"}}"),
            "r.json:2: macros: macros are not expanded here; write what they stand for, which "
            "mcrouter shows on `get __mcrouter__.preprocessed_config`");
  EXPECT_EQ(Problem("{\"route\": \"a\", \"macros\": {}}"), "none");
  EXPECT_EQ(Problem("{\"route\": \"a\", \"macros\": []}"), "none");
}

TEST(RouterConfigTest, NamesTheKeyThatWasMeant) {
  EXPECT_EQ(Problem("{\n\"rout\": \"a\"}"),
            "r.json:2: rout: there is no key \"rout\" here; did you mean \"route\"?");
}

TEST(RouterConfigTest, NotesWhatHasNoEffect) {
  const auto config = Read(R"({"route": "a", "routing_options": {"x": 1},
                               "pools": {"A": {"servers": ["a:1"], "qos": {}}}})");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_THAT((*config)->notes(),
              ElementsAre("r.json:1: routing_options: has no effect here: routes have their own",
                          "r.json:2: pools.A.qos: has no effect here: packets are not marked"));
}

}  // namespace
}  // namespace ringcache::router

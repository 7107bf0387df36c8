#include "router/route/tree_builder.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/epoll_event_loop.h"
#include "router/backend/backend_pools.h"
#include "router/config/router_config.h"
#include "router/route/pool_route.h"
#include "router/route/route.h"
#include "router/route/route_builder.h"
#include "router/route/route_type.h"

namespace ringcache::router {
namespace {

using ::testing::_;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

// Shows what it was made of: "all(pool|A,leaf)".
class ShownRoute final : public Route {
 public:
  ShownRoute(std::string name, std::vector<Route*> children)
      : name_(std::move(name)), children_(std::move(children)) {}

  Task<Reply> Send(Call&, const RouteRequest&) override { co_return Reply(); }
  std::string name() const override {
    if (children_.empty()) return name_;
    const auto append_name = [](std::string* out, const Route* child) { *out += child->name(); };
    return absl::StrCat(name_, "(", absl::StrJoin(children_, ",", append_name), ")");
  }
  void Visit(const RouteRequest&, RouteVisitor*, int) const override {}

 private:
  const std::string name_;
  const std::vector<Route*> children_;
};

absl::StatusOr<Route*> MakeLeaf(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status = node.AllowOnly({}); !status.ok()) return status;
  return builder->Own(std::make_unique<ShownRoute>("leaf", std::vector<Route*>()));
}

absl::StatusOr<Route*> MakeAll(const ConfigNode& node, RouteBuilder* builder) {
  if (absl::Status status = node.AllowOnly({"children"}); !status.ok()) return status;
  const absl::StatusOr<ConfigNode> children = node.Get("children");
  if (!children.ok()) return children.status();
  absl::StatusOr<std::vector<Route*>> routes = builder->BuildList(*children);
  if (!routes.ok()) return routes.status();
  return builder->Own(std::make_unique<ShownRoute>("all", *std::move(routes)));
}

absl::StatusOr<Route*> MakeOne(const ConfigNode& node, RouteBuilder* builder) {
  const absl::StatusOr<Route*> target = builder->Build(*node.Get("target"));
  if (!target.ok()) return target;
  return builder->Own(std::make_unique<ShownRoute>("one", std::vector<Route*>{*target}));
}

const RouteType kTypes[] = {
    {"LeafRoute", MakeLeaf},
    {"AllRoute", MakeAll, "children"},
    {"OneRoute", MakeOne, "target"},
    {"PoolRoute", MakePoolRoute, "pool"},
};

constexpr char kPools[] = R"("pools": {"A": {"servers": ["a:1", "b:1", "c:1"]},
                                       "solo": {"servers": ["a:1"]},
                                       "found": {"discovery": "k8s+cache"}})";

// The loop never runs: nobody is talked to.
class TreeBuilderTest : public ::testing::Test {
 protected:
  TreeBuilderTest() { options_.types = kTypes; }
  void TearDown() override {
    tree_.reset();
    EXPECT_EQ(pools_.size(), 0u) << "a pool was not given back";
  }

  absl::Status BuildText(const std::string& text) {
    const auto file = ConfigFile::Parse("r.json", text);
    if (!file.ok()) return file.status();
    const auto config = RouterConfig::Read(*file);
    if (!config.ok()) return config.status();
    auto tree = BuildRouteTree(**config, settings_, options_, &pools_);
    if (!tree.ok()) return tree.status();
    // The old one goes when the new one is there.
    tree_ = *std::move(tree);
    return absl::OkStatus();
  }
  // These keys, which follow the pools from line 3 on.
  absl::Status Build(const std::string& keys) {
    return BuildText(absl::StrCat("{", kPools, ",\n", keys, "}"));
  }
  std::string Problem(const std::string& keys) { return std::string(Build(keys).message()); }
  // What `key` takes, and what is left of it: "pool|A key".
  std::string RouteOf(absl::string_view key) {
    absl::string_view rest;
    const Route* const route = tree_->For(key, &rest);
    return route == nullptr ? "none" : absl::StrCat(route->name(), " ", rest);
  }
  std::string Shown(const std::string& route) {
    const absl::Status status = Build(absl::StrCat("\"route\": ", route));
    EXPECT_TRUE(status.ok()) << status;
    absl::string_view rest;
    return status.ok() ? tree_->For("k", &rest)->name() : "";
  }

  const std::unique_ptr<net::EventLoop> loop_ = net::EpollEventLoop::Create().value();
  client::ConnectionResources resources_{loop_.get()};
  BackendPools pools_{&resources_, {}};
  RouteSettings settings_;
  RouteTreeOptions options_;
  std::unique_ptr<RouteTree> tree_;
};

TEST_F(TreeBuilderTest, BuildsObjects) {
  EXPECT_EQ(Shown(R"({"type": "PoolRoute", "pool": "A"})"), "pool|A");
  EXPECT_EQ(Shown(R"({"type": "AllRoute", "children": [{"type": "LeafRoute"}, "PoolRoute|A"]})"),
            "all(leaf,pool|A)");
  EXPECT_EQ(Shown(R"({"type": "AllRoute", "children": "LeafRoute"})"), "all(leaf)");
}

TEST_F(TreeBuilderTest, BuildsShortForms) {
  EXPECT_EQ(Shown("\"PoolRoute|A\""), "pool|A");
  EXPECT_EQ(Shown("\"LeafRoute\""), "leaf");
  EXPECT_EQ(Shown("\"AllRoute|LeafRoute\""), "all(leaf)");
  EXPECT_EQ(Shown("\"OneRoute|OneRoute|PoolRoute|A\""), "one(one(pool|A))");
}

TEST_F(TreeBuilderTest, BuildsARouteForEachServerOfAPool) {
  const std::string servers = "all(member|A|0,member|A|1,member|A|2)";
  EXPECT_EQ(Shown("\"AllRoute|Pool|A\""), servers);
  EXPECT_EQ(Shown(R"({"type": "AllRoute", "children": "Pool|A"})"), servers);
  EXPECT_EQ(Shown(R"({"type": "AllRoute", "children": ["Pool|solo", "LeafRoute", "Pool|solo"]})"),
            "all(member|solo|0,leaf,member|solo|0)");
  EXPECT_EQ(Shown("\"Pool|solo\""), "member|solo|0");
  EXPECT_EQ(Problem("\"route\": \"Pool|A\""),
            "r.json:4: route: is a list of 3 servers, and one route is wanted; write "
            "\"PoolRoute|A\"");
  EXPECT_EQ(Problem("\"route\": \"AllRoute|Pool|found\""),
            "r.json:4: route.children: the servers of the pool found are found by \"discovery\", "
            "and their number may change; name them in \"servers\"");
  EXPECT_EQ(Problem("\"route\": \"AllRoute|Pool|B\""),
            "r.json:4: route.children.pool: there is no pool \"B\"; describe it in \"pools\"");
}

TEST_F(TreeBuilderTest, PutsWhatOptionsSayAboveTheRouteOfEachPrefix) {
  options_.big_value_split_bytes = 2000;
  ASSERT_TRUE(Build(R"("routes": {"/a/b/": "LeafRoute"})").ok());
  EXPECT_EQ(RouteOf("/a/b/k"), "big-value k");
  EXPECT_EQ(Shown("\"LeafRoute\""), "big-value");
  options_.logs_requests = true;
  EXPECT_EQ(Shown("\"LeafRoute\""), "logging");
  options_.big_value_split_bytes = 0;
  EXPECT_EQ(Shown("\"LeafRoute\""), "logging");
  options_.logs_requests = false;
  EXPECT_EQ(Shown("\"LeafRoute\""), "leaf");
}

TEST_F(TreeBuilderTest, NamesHandlesBeforeAndAfterTheyAreDescribed) {
  EXPECT_TRUE(Build(R"("route": "first", "named_handles": [
      {"type": "AllRoute", "name": "first", "children": ["last", "last"]},
      {"type": "OneRoute", "name": "last", "target": "PoolRoute|A"}])")
                  .ok());
  EXPECT_EQ(RouteOf("k"), "all(one(pool|A),one(pool|A)) k");
  // By the name of a type, too, and in the short form.
  EXPECT_TRUE(Build(R"("route": "OneRoute|a|b", "named_handles": {"a|b": "LeafRoute"})").ok());
  EXPECT_EQ(RouteOf("k"), "one(leaf) k");
}

TEST_F(TreeBuilderTest, NamedHandlesAreBuiltOnce) {
  // Else there were 2^60 routes.
  std::string handles = "\"h0\": \"LeafRoute\"";
  for (int i = 1; i < 60; ++i) {
    absl::StrAppend(&handles, ", \"h", i, "\": {\"type\": \"AllRoute\", \"children\": [\"h", i - 1,
                    "\", \"h", i - 1, "\"]}");
  }
  EXPECT_TRUE(Build(absl::StrCat("\"route\": \"h59\", \"named_handles\": {", handles, "}")).ok());
}

TEST_F(TreeBuilderTest, NamedHandlesDoNotLeadBackToThemselves) {
  EXPECT_EQ(Problem(R"("route": "x", "named_handles": {
"x": "OneRoute|a", "a": "OneRoute|b",
"b": {"type": "AllRoute", "children": ["LeafRoute",
      "a"]}})"),
            "r.json:7: named_handles.b.children[1]: named handles lead back to themselves: a -> b "
            "-> a");
  EXPECT_THAT(Problem(R"("route": "a", "named_handles": {"a": "a"})"),
              HasSubstr("named handles lead back to themselves: a -> a"));
}

TEST_F(TreeBuilderTest, HandlesThatNobodyNamesAreRightAsWell) {
  EXPECT_EQ(Problem("\"route\": \"LeafRoute\", \"named_handles\": {\"a\": \"PoolRoute|slo\"}"),
            "r.json:4: named_handles.a.pool: there is no pool \"slo\"; did you mean \"solo\"?");
}

TEST_F(TreeBuilderTest, SaysWhichRoutesThereAre) {
  EXPECT_EQ(Problem("\"route\": {\"type\": \"LaefRoute\"}"),
            "r.json:4: route.type: there is neither a named handle nor a route type "
            "\"LaefRoute\"; did you mean \"LeafRoute\"?");
  EXPECT_EQ(Problem("\"route\": \"xyz\""),
            "r.json:4: route: there is neither a named handle nor a route type \"xyz\"");
  EXPECT_EQ(Problem("\"route\": \"hndle\", \"named_handles\": {\"handle\": \"LeafRoute\"}"),
            "r.json:4: route: there is neither a named handle nor a route type \"hndle\"; did you "
            "mean \"handle\"?");
  EXPECT_EQ(Problem("\"route\": \"A\""),
            "r.json:4: route: \"A\" is a pool; write \"PoolRoute|A\" for a route to it");
  EXPECT_EQ(Problem("\"route\": \"LoadBalancerRoute|A\""),
            "r.json:4: route: mcrouter's LoadBalancerRoute is not supported: memcached does not "
            "tell its load");
  EXPECT_THAT(Problem("\"route\": {\"type\": \"Pool\", \"name\": \"x\"}"),
              HasSubstr("pools are described in \"pools\""));
  EXPECT_EQ(Problem("\"route\": \"@if(a, b, c)\""),
            "r.json:4: route: macros are not expanded here; write what this one stands for");
}

TEST_F(TreeBuilderTest, SaysWhatIsNoRoute) {
  EXPECT_EQ(Problem("\"route\": 5"),
            "r.json:4: route: is not a route; write an object with a \"type\", or a string such "
            "as \"PoolRoute|A\"");
  EXPECT_EQ(Problem("\"route\": {}"), "r.json:4: route: has no \"type\"");
  EXPECT_EQ(Problem("\"route\": {\"type\": 5}"),
            "r.json:4: route.type: is 5, and should be a string");
  EXPECT_EQ(Problem("\"route\": \"LeafRoute|A\""),
            "r.json:4: route: nothing can follow LeafRoute; write \"LeafRoute\"");
  EXPECT_EQ(Problem("\"route\": \"PoolRoute\""), "r.json:4: route: has no \"pool\"");
  EXPECT_EQ(Problem("\"route\": {\"type\": \"AllRoute\",\n\"children\": [\"LeafRoute\",\n[]]}"),
            "r.json:6: route.children[1]: is not a route; write an object with a \"type\", or a "
            "string such as \"PoolRoute|A\"");
}

TEST_F(TreeBuilderTest, RoutesLieInEachOtherToALimit) {
  const auto nested = [](std::size_t depth) {
    std::string text = "\"route\": \"";
    for (std::size_t i = 1; i < depth; ++i) text += "OneRoute|";
    return text + "LeafRoute\"";
  };
  EXPECT_TRUE(Build(nested(kMaxRouteDepth)).ok());
  EXPECT_THAT(Problem(nested(kMaxRouteDepth + 1)), HasSubstr("route.target.target.target"));
  EXPECT_THAT(Problem(nested(kMaxRouteDepth + 1)),
              HasSubstr(": routes lie in each other more than 64 deep"));
}

TEST_F(TreeBuilderTest, HandlesThatWereBuiltBeforeCountAsDeepAsTheyAre) {
  const auto chain = [](std::size_t depth, absl::string_view route) {
    std::string handles = "\"h1001\": \"LeafRoute\"";
    for (std::size_t i = 2; i <= depth; ++i) {
      absl::StrAppend(&handles, ", \"h", 1000 + i, "\": \"OneRoute|h", 999 + i, "\"");
    }
    return absl::StrCat("\"route\": \"", route, "\", \"named_handles\": {", handles, "}");
  };
  // In the order of names each finds the one before it built.
  EXPECT_TRUE(Build(chain(kMaxRouteDepth, "LeafRoute")).ok());
  EXPECT_THAT(Problem(chain(kMaxRouteDepth + 1, "LeafRoute")), HasSubstr("more than 64 deep"));
  // From the other end they are built in each other.
  EXPECT_TRUE(Build(chain(kMaxRouteDepth, "h1064")).ok());
  EXPECT_THAT(Problem(chain(kMaxRouteDepth + 1, "h1065")), HasSubstr("more than 64 deep"));
}

TEST_F(TreeBuilderTest, NamesOfNamesAreFollowedToALimit) {
  const auto chain = [](std::size_t names) {
    std::string handles = "\"h1001\": \"LeafRoute\"";
    for (std::size_t i = 2; i <= names; ++i) {
      absl::StrAppend(&handles, ", \"h", 1000 + i, "\": \"h", 999 + i, "\"");
    }
    return absl::StrCat("\"route\": \"h", 1000 + names, "\", \"named_handles\": {", handles, "}");
  };
  EXPECT_TRUE(Build(chain(kMaxRouteDepth)).ok());
  EXPECT_THAT(Problem(chain(kMaxRouteDepth + 1)),
              HasSubstr("named handles name others more than 64 deep"));
}

TEST_F(TreeBuilderTest, ATreeHasNoMoreRoutesThanItsLimit) {
  const auto leaves = [](std::size_t count) {
    std::string text = "\"route\": {\"type\": \"AllRoute\", \"children\": [";
    for (std::size_t i = 0; i < count; ++i) text += "\"LeafRoute\",";
    return text + "]}";
  };
  EXPECT_TRUE(Build(leaves(kMaxRoutes - 1)).ok());
  EXPECT_THAT(Problem(leaves(kMaxRoutes)), HasSubstr("there are more than 100000 routes"));
  std::string servers = "\"route\": {\"type\": \"AllRoute\", \"children\": [";
  for (std::size_t i = 0; i <= kMaxRoutes / 3; ++i) servers += "\"Pool|A\",";
  EXPECT_THAT(Problem(servers + "]}"), HasSubstr("there are more than 100000 routes"));
}

TEST_F(TreeBuilderTest, PoolsMayBeDescribedWhereTheyAreUsed) {
  EXPECT_TRUE(Build(R"("route": {"type": "AllRoute", "children": [
      {"type": "PoolRoute", "pool": {"name": "here", "servers": ["x:1"]}},
      {"type": "PoolRoute", "pool": {"name": "here", "servers": ["x:1"]}},
      {"type": "PoolRoute", "pool": {"name": "base", "inherit": "A", "server_timeout": 5}},
      "PoolRoute|here"]})")
                  .ok());
  EXPECT_EQ(RouteOf("k"), "all(pool|here,pool|here,pool|base,pool|here) k");
  EXPECT_THAT(tree_->pools(), ElementsAre(Pair("base", _), Pair("here", _)));
  EXPECT_EQ(tree_->pools().at("base").timeout, absl::Milliseconds(5));
  EXPECT_EQ(
      Problem(R"("route": {"type": "PoolRoute", "pool": {"name": "A", "servers": ["x:1"]}})"),
      "r.json:4: route.pool: there is another pool \"A\"; write \"pool\": \"A\" for that one");
  EXPECT_EQ(Problem(R"("route": {"type": "PoolRoute", "pool": {"servers": ["x:1"]}})"),
            "r.json:4: route.pool: has no \"name\"");
  EXPECT_EQ(Problem(R"("route": {"type": "PoolRoute", "pool": {"name": "x", "servrs": []}})"),
            "r.json:4: route.pool.servrs: there is no key \"servrs\" here; did you mean "
            "\"servers\"?");
}

TEST_F(TreeBuilderTest, KnowsThePoolsThatAreUsed) {
  EXPECT_TRUE(Build("\"route\": \"PoolRoute|A\"").ok());
  EXPECT_THAT(tree_->pools(), ElementsAre(Pair("A", _)));
  EXPECT_EQ(pools_.size(), 1u);
}

TEST_F(TreeBuilderTest, ANewTreeTakesOverPoolsThatHaveNotChanged) {
  const auto address_of_pool = [this] {
    const BackendPool* found = nullptr;
    pools_.ForEach([&found](const BackendPool& pool) { found = &pool; });
    return found;
  };
  EXPECT_TRUE(Build("\"route\": \"PoolRoute|A\"").ok());
  const BackendPool* const before = address_of_pool();
  EXPECT_TRUE(Build("\"route\": \"OneRoute|PoolRoute|A\"").ok());
  EXPECT_EQ(address_of_pool(), before);
  EXPECT_TRUE(Build("\"route\": \"LeafRoute\"").ok());
  EXPECT_EQ(pools_.size(), 0u);
}

TEST_F(TreeBuilderTest, WhatIsWrongWithAPoolsUseHasItsPlace) {
  EXPECT_EQ(Problem(R"("route": {"type": "PoolRoute",
"pool": "A", "hash": {"hash_func": "WeightedCh3", "weights": [1]}})"),
            "r.json:5: route.pool: there are 1 weights for the 3 \"servers\" of pool A; write one "
            "for each");
}

TEST_F(TreeBuilderTest, KeysTakeTheRouteOfTheirPrefix) {
  options_.default_prefix = "/a/a/";
  ASSERT_TRUE(Build(R"("routes": [{"aliases": ["/a/a/", "/a/b/"], "route": "LeafRoute"},
                                  {"aliases": ["/c/d/"], "route": "PoolRoute|A"}])")
                  .ok());
  EXPECT_THAT(tree_->notes(), IsEmpty());
  EXPECT_EQ(RouteOf("key"), "leaf key");
  EXPECT_EQ(RouteOf("/a/a/key"), "leaf key");
  EXPECT_EQ(RouteOf("/a/b/key"), "leaf key");
  EXPECT_EQ(RouteOf("/c/d/key"), "pool|A key");
  EXPECT_EQ(RouteOf("/c/d/key/more"), "pool|A key/more");
  // No prefix, but a key that looks like one.
  EXPECT_EQ(RouteOf("/c/d"), "leaf /c/d");
  EXPECT_EQ(RouteOf("/"), "leaf /");
  EXPECT_EQ(RouteOf(""), "leaf ");
  EXPECT_EQ(RouteOf("/c/d/"), "none");
  EXPECT_EQ(RouteOf("/x/y/key"), "none");
  EXPECT_EQ(RouteOf("/*/*/key"), "none");
}

TEST_F(TreeBuilderTest, KeysOfUnknownPrefixesMayTakeTheDefault) {
  options_.send_invalid_route_to_default = true;
  ASSERT_TRUE(Build("\"route\": \"LeafRoute\"").ok());
  EXPECT_EQ(RouteOf("/x/y/key"), "leaf key");
  EXPECT_EQ(RouteOf("/././key"), "leaf key");
}

TEST_F(TreeBuilderTest, OneRouteIsForTheDefaultPrefix) {
  ASSERT_TRUE(Build("\"route\": \"LeafRoute\"").ok());
  EXPECT_EQ(RouteOf("/././key"), "leaf key");
  EXPECT_EQ(RouteOf("/a/b/key"), "none");
}

TEST_F(TreeBuilderTest, WithoutPrefixesKeysAreTakenWhole) {
  options_.routing_prefixes = false;
  ASSERT_TRUE(Build("\"route\": \"LeafRoute\"").ok());
  EXPECT_EQ(RouteOf("/a/b/key"), "leaf /a/b/key");
}

TEST_F(TreeBuilderTest, ADefaultPrefixWithoutARouteIsNoted) {
  ASSERT_TRUE(Build("\"routes\": {\"/a/b/\": \"LeafRoute\"}").ok());
  EXPECT_EQ(RouteOf("key"), "none");
  EXPECT_THAT(tree_->notes(),
              ElementsAre("r.json: no route is for the prefix /././, so that keys without a prefix "
                          "have none"));
  options_.default_prefix = "a/b";
  EXPECT_THAT(Problem("\"route\": \"LeafRoute\""), HasSubstr("\"a/b\" is not a routing prefix"));
}

}  // namespace
}  // namespace ringcache::router

#include "router/route/rewriting/modify_key_route.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

class ModifyKeyRouteTest : public RouteFixture {
 protected:
  std::string Sent(const std::string& changes, const std::string& text) {
    Route* const route =
        Make(MakeModifyKeyRoute, absl::StrCat(R"({"target": "a", )", changes, "}"));
    Ask(route, text);
    return Asked("a")[0];
  }
};

TEST_F(ModifyKeyRouteTest, APrefixIsEnsured) {
  const std::string changes = R"("ensure_key_prefix": "p:")";
  EXPECT_EQ(Sent(changes, "get key"), "get p:key");
  EXPECT_EQ(Sent(changes, "get p:key"), "get p:key");
  EXPECT_EQ(Sent(changes, "set key 5 60 1 = a"), "set p:key 5 60 1 = a");
  EXPECT_EQ(Sent(changes, "mg key v t"), "mg p:key v t");
}

TEST_F(ModifyKeyRouteTest, APrefixIsReplaced) {
  const std::string changes = R"("ensure_key_prefix": "p:", "replace_key_prefix": "q:")";
  EXPECT_EQ(Sent(changes, "get p:key"), "get q:key");
  EXPECT_EQ(Sent(changes, "get key"), "get p:key");
}

TEST_F(ModifyKeyRouteTest, ASuffixIsAppended) {
  EXPECT_EQ(Sent(R"("set_key_suffix": ":s")", "delete key"), "delete key:s");
}

TEST_F(ModifyKeyRouteTest, ABinaryKeyIsSpelledAnew) {
  // "key" and "p:key"
  EXPECT_EQ(Sent(R"("ensure_key_prefix": "p:")", "mg a2V5 v b"), "mg cDprZXk= v b");
}

TEST_F(ModifyKeyRouteTest, AKeyThatBecomesTooLongIsAnError) {
  Route* const route = Make(MakeModifyKeyRoute, R"({"target": "a", "ensure_key_prefix": "p:"})");
  EXPECT_EQ(Ask(route, absl::StrCat("get ", std::string(248, 'x'))), "VALUE 0 a");
  EXPECT_EQ(Ask(route, absl::StrCat("get ", std::string(249, 'x'))), ModifyKeyRoute::kTooLong);
}

TEST_F(ModifyKeyRouteTest, APrefixIsAPartOfAKey) {
  EXPECT_NE(Complaint(MakeModifyKeyRoute, R"({"target": "a", "ensure_key_prefix": "a b"})"), "");
  Route* const route = Make(MakeModifyKeyRoute, R"({"target": "a", "ensure_key_prefix": "p:"})");
  EXPECT_EQ(Shown(*route, "get key"), "modify-key|p:|| .a");
}

}  // namespace
}  // namespace ringcache::router

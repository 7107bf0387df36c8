#include "router/route/rewriting/big_value_route.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "router/route/route_fixture.h"

namespace ringcache::router {
namespace {

class BigValueRouteTest : public RouteFixture {
 protected:
  // The target remembers values.
  BigValueRouteTest() {
    child("a").set_answer([this](const std::string& request) {
      const std::vector<std::string> words = absl::StrSplit(request, ' ');
      if (absl::StrContains(request, " = ")) {
        items_[words[1]] = request.substr(request.find(" = ") + 3);
        return std::string(words[0] == "ms" ? "HD" : "STORED");
      }
      const bool is_meta = words[0] == "mg";
      const auto item = items_.find(words[words[0] == "gat" ? 2 : 1]);
      if (item == items_.end()) return std::string(is_meta ? "EN" : "END");
      return is_meta ? absl::StrCat("VA ", item->second, " s", item->second.size())
                     : absl::StrCat("VALUE 5 ", item->second);
    });
  }
  static std::string Value(std::size_t bytes) {
    std::string value(bytes, ' ');
    for (std::size_t i = 0; i < bytes; ++i) value[i] = static_cast<char>('a' + i * i % 23);
    return value;
  }
  Route* MakeWith(const std::string& more) {
    return Make(MakeBigValueRoute, absl::StrCat(R"({"target": "a")", more, "}"));
  }
  std::string Set(Route* route, const std::string& value) {
    return Ask(route, absl::StrCat("set key 5 60 0 = ", value));
  }

  std::map<std::string, std::string> items_;
  Route* const route_ = MakeWith(R"(, "split_threshold": 1024)");
};

TEST_F(BigValueRouteTest, AShortValueIsStoredAsItIs) {
  EXPECT_EQ(Set(route_, Value(1024)), "STORED");
  EXPECT_EQ(items_.size(), 1u);
  EXPECT_TRUE(Ask(route_, "get key") == absl::StrCat("VALUE 5 ", Value(1024)));
}

TEST_F(BigValueRouteTest, ALongValueLiesInChunksAndIsReadWhole) {
  for (const std::size_t bytes : {1025u, 2048u, 2049u, 100'000u}) {
    items_.clear();
    EXPECT_EQ(Set(route_, Value(bytes)), "STORED");
    EXPECT_EQ(items_.size(), 1 + (bytes + 1023) / 1024);
    EXPECT_TRUE(Ask(route_, "get key") == absl::StrCat("VALUE 5 ", Value(bytes))) << bytes;
  }
}

// Else chunks of one value could be taken for those of another.
TEST_F(BigValueRouteTest, NoRouterWorkerOrTimeBeginsWithTheIdsOfAnother) {
  std::set<std::string> first_ids;
  const auto store_by = [&](Route* route) {
    items_.clear();
    EXPECT_EQ(Set(route, Value(2000)), "STORED");
    for (const auto& [key, value] : items_) {
      if (absl::StartsWith(key, "key:0:")) first_ids.insert(key);
    }
  };
  const auto store = [&](std::uint32_t host_id, std::uint64_t worker) {
    builder_.mutable_settings().host_id = host_id;
    builder_.mutable_settings().seed = worker;
    store_by(MakeWith(R"(, "split_threshold": 1024)"));
  };
  store(1, 1);
  store(1, 2);
  store(2, 1);
  EXPECT_EQ(first_ids.size(), 3u);
  loop_.RunFor(absl::Microseconds(1));
  store(1, 1);
  EXPECT_EQ(first_ids.size(), 4u);
  store_by(route_);
  store_by(route_);
  EXPECT_EQ(first_ids.size(), 6u);
}

TEST_F(BigValueRouteTest, TheKeyItselfIsStoredLastAndAsTheClientStoresIt) {
  EXPECT_EQ(Ask(route_, absl::StrCat("cas key 5 60 0 7 = ", Value(2000))), "STORED");
  const Lines lines = Asked("a");
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_TRUE(absl::StartsWith(lines[0], "set key:0:")) << lines[0];
  EXPECT_TRUE(absl::StrContains(lines[0], " 0 60 1024 = ")) << lines[0];
  EXPECT_TRUE(absl::StartsWith(lines[1], "set key:1:")) << lines[1];
  EXPECT_TRUE(absl::StrContains(lines[1], " 0 60 976 = ")) << lines[1];
  EXPECT_TRUE(absl::StartsWith(lines[2], "cas key 5 60 ")) << lines[2];
  EXPECT_TRUE(absl::StrContains(lines[2], absl::StrCat(" = ", BigValueRoute::kMark))) << lines[2];
}

TEST_F(BigValueRouteTest, IfAChunkIsGoneAllIs) {
  Set(route_, Value(3000));
  for (auto item = items_.begin(); item != items_.end(); ++item) {
    if (!absl::StartsWith(item->first, "key:1:")) continue;
    items_.erase(item);
    break;
  }
  EXPECT_EQ(Ask(route_, "get key"), "END");
  EXPECT_EQ(Ask(route_, "mg key v s"), "EN");
}

TEST_F(BigValueRouteTest, AnotherValuesChunksAreNotTakenForIts) {
  Set(route_, Value(3000));
  const std::map<std::string, std::string> before = items_;
  Set(route_, Value(3000));
  EXPECT_EQ(items_.size(), 7u);
  items_["key"] = before.at("key");
  EXPECT_TRUE(Ask(route_, "get key") == absl::StrCat("VALUE 5 ", Value(3000)));
  items_["key"] = absl::StrCat(items_["key"], "junk");
  EXPECT_EQ(Ask(route_, "get key"), "END");
}

TEST_F(BigValueRouteTest, AChunkThatFailsFailsAll) {
  child("a").SaysOnce("STORED");
  child("a").SaysOnce("!timed out");
  EXPECT_EQ(Set(route_, Value(3000)), "!timed out");
  EXPECT_EQ(items_.count("key"), 0u);
  child("a").SaysOnce("NOT_STORED");
  EXPECT_EQ(Set(route_, Value(3000)), BigValueRoute::kNotStored);
  Set(route_, Value(3000));
  child("a").SaysOnce(absl::StrCat("VALUE 5 ", items_["key"]));
  child("a").SaysOnce("!timed out");
  EXPECT_EQ(Ask(route_, "get key"), "!timed out");
}

TEST_F(BigValueRouteTest, OnlyABatchIsUnderWay) {
  Route* const route = MakeWith(R"(, "split_threshold": 1024, "batch_size": 3)");
  child("a").set_latency(absl::Seconds(1));
  Pending* const pending = Begin(route, absl::StrCat("set key 5 60 0 = ", Value(10'000)));
  EXPECT_EQ(child("a").pending(), 3);
  loop_.RunFor(absl::Seconds(1));
  EXPECT_EQ(child("a").pending(), 3);
  LetAllEnd();
  EXPECT_EQ(pending->text(), "STORED");
}

TEST_F(BigValueRouteTest, MetaCommandsHaveTheSizeOfTheWhole) {
  EXPECT_EQ(Ask(route_, absl::StrCat("ms key 0 F5 T60 = ", Value(3000))), "HD");
  EXPECT_TRUE(Ask(route_, "mg key v s") == absl::StrCat("VA ", Value(3000), " s3000"));
}

TEST_F(BigValueRouteTest, GatTouchesTheChunks) {
  Set(route_, Value(2000));
  Asked("a");
  EXPECT_TRUE(Ask(route_, "gat 90 key") == absl::StrCat("VALUE 5 ", Value(2000)));
  const Lines lines = Asked("a");
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_TRUE(absl::StartsWith(lines[1], "gat 90 key:0:")) << lines[1];
}

TEST_F(BigValueRouteTest, AValueThatCannotBeHeldIsRefused) {
  builder_.mutable_settings().max_held_value_bytes = 10'000;
  Route* const route = MakeWith(R"(, "split_threshold": 1024)");
  EXPECT_EQ(Set(route, Value(10'000)), "STORED");
  EXPECT_EQ(Set(route, Value(10'001)), BigValueRoute::kTooLarge);
  items_["key"] = absl::StrCat(BigValueRoute::kMark, "1:1:10001");
  EXPECT_EQ(Ask(route, "get key"), "END");
  EXPECT_EQ(Ask(route, absl::StrCat("set ", std::string(245, 'k'), " 0 0 0 = ", Value(3000))),
            BigValueRoute::kTooLarge);
}

TEST_F(BigValueRouteTest, WhatCannotBeBigTakesTheShortWay) {
  child("a").set_first(ShortWay());
  EXPECT_FALSE(HasShortWay(route_, "get key"));
  EXPECT_FALSE(HasShortWay(route_, absl::StrCat("set key 5 60 0 = ", Value(3000))));
  EXPECT_TRUE(HasShortWay(route_, "set key 5 60 0 = a"));
  EXPECT_TRUE(HasShortWay(route_, absl::StrCat("append key 5 60 0 = ", Value(3000))));
  EXPECT_TRUE(HasShortWay(route_, "delete key"));
  EXPECT_EQ(Shown(*route_, "get key"), "big-value .a");
}

TEST_F(BigValueRouteTest, LimitsAreNamed) {
  for (const char* more : {R"("split_threshold": 1023)", R"("split_threshold": 1048577)",
                           R"("batch_size": 0)", R"("batch_size": 129)"}) {
    EXPECT_NE(Complaint(MakeBigValueRoute, absl::StrCat(R"({"target": "a", )", more, "}")), "")
        << more;
  }
}

}  // namespace
}  // namespace ringcache::router

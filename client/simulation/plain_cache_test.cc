#include "client/simulation/plain_cache.h"

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "protocol/parse_result.h"
#include "protocol/request.h"
#include "protocol/request_parser.h"

namespace ringcache::client {
namespace {

class PlainCacheTest : public testing::Test {
 protected:
  // The reply to `line`, and to the data block that follows it.
  std::string Ask(const std::string& line, absl::string_view value = "") {
    const std::string text = line + "\r\n";
    protocol::Request request;
    EXPECT_EQ(protocol::ParseRequest(text, &request).status, protocol::ParseStatus::kOk) << line;
    return cache_.Execute(request, value, now_);
  }

  PlainCache cache_;
  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
};

TEST_F(PlainCacheTest, StoresAndRetrieves) {
  EXPECT_EQ(Ask("get a b"), "END\r\n");
  EXPECT_EQ(Ask("set a 7 0 3", "one"), "STORED\r\n");
  EXPECT_EQ(Ask("set b 0 0 0", ""), "STORED\r\n");
  EXPECT_EQ(Ask("get a c b"), "VALUE a 7 3\r\none\r\nVALUE b 0 0\r\n\r\nEND\r\n");
  EXPECT_EQ(Ask("gets a"), "VALUE a 7 3 1\r\none\r\nEND\r\n");
  EXPECT_EQ(cache_.size(), 2u);
}

TEST_F(PlainCacheTest, StoresOnlyWhatItsConditionAllows) {
  EXPECT_EQ(Ask("replace a 0 0 1", "1"), "NOT_STORED\r\n");
  EXPECT_EQ(Ask("append a 0 0 1", "1"), "NOT_STORED\r\n");
  EXPECT_EQ(Ask("cas a 0 0 1 1", "1"), "NOT_FOUND\r\n");
  EXPECT_EQ(Ask("add a 0 0 1", "1"), "STORED\r\n");
  EXPECT_EQ(Ask("add a 0 0 1", "2"), "NOT_STORED\r\n");
  EXPECT_EQ(Ask("append a 0 0 1", ">"), "STORED\r\n");
  EXPECT_EQ(Ask("prepend a 0 0 1", "<"), "STORED\r\n");
  EXPECT_EQ(Ask("gets a"), "VALUE a 0 3 3\r\n<1>\r\nEND\r\n");
  EXPECT_EQ(Ask("cas a 0 0 1 2", "2"), "EXISTS\r\n");
  EXPECT_EQ(Ask("cas a 0 0 1 3", "2"), "STORED\r\n");
  EXPECT_EQ(Ask("replace a 0 0 1", "3"), "STORED\r\n");
  EXPECT_EQ(cache_.Find("a", now_)->value, "3");
}

TEST_F(PlainCacheTest, DeletesCountsAndTouches) {
  EXPECT_EQ(Ask("delete n"), "NOT_FOUND\r\n");
  EXPECT_EQ(Ask("incr n 1"), "NOT_FOUND\r\n");
  EXPECT_EQ(Ask("touch n 1"), "NOT_FOUND\r\n");
  Ask("set n 0 0 2", "10");
  EXPECT_EQ(Ask("decr n 1"), "9\r\n");
  EXPECT_EQ(Ask("get n"), "VALUE n 0 2\r\n9 \r\nEND\r\n");
  EXPECT_EQ(Ask("incr n 5"), "14\r\n");
  EXPECT_EQ(Ask("decr n 100"), "0\r\n");
  EXPECT_EQ(Ask("touch n 10"), "TOUCHED\r\n");
  Ask("set t 0 0 4", "text");
  EXPECT_EQ(Ask("incr t 1"), "CLIENT_ERROR cannot increment or decrement non-numeric value\r\n");
  EXPECT_EQ(Ask("delete n"), "DELETED\r\n");
  EXPECT_EQ(Ask("get n"), "END\r\n");
}

TEST_F(PlainCacheTest, ItemsExpireWithTheTimeThatTheyAreGiven) {
  Ask("set relative 0 10 1", "x");
  Ask("set absolute 0 1700000020 1", "x");
  Ask("set gone 0 -1 1", "x");
  Ask("set touched 0 10 1", "x");
  EXPECT_EQ(Ask("get gone"), "END\r\n");
  EXPECT_EQ(Ask("delete gone"), "NOT_FOUND\r\n");
  EXPECT_EQ(Ask("gat 100 touched"), "VALUE touched 0 1\r\nx\r\nEND\r\n");
  now_ += absl::Milliseconds(9999);
  EXPECT_EQ(Ask("get relative"), "VALUE relative 0 1\r\nx\r\nEND\r\n");
  now_ += absl::Milliseconds(1);
  EXPECT_EQ(Ask("get relative"), "END\r\n");
  now_ += absl::Seconds(10);
  EXPECT_EQ(Ask("get absolute"), "END\r\n");
  EXPECT_EQ(Ask("get touched"), "VALUE touched 0 1\r\nx\r\nEND\r\n");
}

TEST_F(PlainCacheTest, QuietRequestsAreHiddenAsTheProtocolSays) {
  EXPECT_EQ(Ask("set a 0 0 1 noreply", "x"), "");
  EXPECT_EQ(Ask("incr a 1 noreply"), "");
  EXPECT_EQ(Ask("mg a v q"), "VA 1\r\nx\r\n");
  EXPECT_EQ(Ask("mg b v q"), "");
  EXPECT_EQ(Ask("ms a 1 q", "y"), "");
  EXPECT_EQ(Ask("ms c 1 MR q", "y"), "NS\r\n");
  EXPECT_EQ(Ask("md b q"), "NF\r\n");
  EXPECT_EQ(Ask("mn"), "MN\r\n");
}

TEST_F(PlainCacheTest, MetaCommandsAnswerTheirFlagsInOrder) {
  EXPECT_EQ(Ask("mg a v"), "EN\r\n");
  EXPECT_EQ(Ask("ms a 2 T60 F5 c k Oxy", "ab"), "HD c1 ka Oxy\r\n");
  now_ += absl::Seconds(10);
  EXPECT_EQ(Ask("mg a t s f v k O9 c h l"), "VA 2 t50 s2 f5 ka O9 c1 h0 l10\r\nab\r\n");
  EXPECT_EQ(Ask("mg a h l"), "HD h1 l0\r\n");
  EXPECT_EQ(Ask("ms a 1 MA C9", "c"), "EX\r\n");
  EXPECT_EQ(Ask("ms a 1 MA E77 c", "c"), "HD c77\r\n");
  EXPECT_EQ(Ask("md a C1"), "EX\r\n");
  EXPECT_EQ(Ask("md a C77 Oz"), "HD Oz\r\n");
  EXPECT_EQ(Ask("ms YQ== 1 b k", "v"), "HD kYQ== b\r\n");
  EXPECT_EQ(cache_.Find("a", now_)->value, "v");
}

TEST_F(PlainCacheTest, OneClientWinsWhatIsMissingOrStale) {
  EXPECT_EQ(Ask("mg a v N30"), "VA 0 W\r\n\r\n");
  EXPECT_EQ(Ask("mg a v N30"), "VA 0 Z\r\n\r\n");
  EXPECT_EQ(Ask("ms a 1 T60", "1"), "HD\r\n");
  EXPECT_EQ(Ask("mg a v R30"), "VA 1\r\n1\r\n");
  EXPECT_EQ(Ask("mg a v R90"), "VA 1 W\r\n1\r\n");
  EXPECT_EQ(Ask("mg a v R90"), "VA 1 Z\r\n1\r\n");
  EXPECT_EQ(Ask("md a I T30"), "HD\r\n");
  EXPECT_EQ(Ask("mg a v t"), "VA 1 t30 X W\r\n1\r\n");
  EXPECT_EQ(Ask("mg a v"), "VA 1 Z X\r\n1\r\n");
  EXPECT_EQ(Ask("ms a 1 I C1", "2"), "HD\r\n") << "an older id stores a stale value";
  EXPECT_EQ(Ask("mg a v"), "VA 1 X W\r\n2\r\n");
}

TEST_F(PlainCacheTest, MetaArithmeticCreatesAndCounts) {
  EXPECT_EQ(Ask("ma n"), "NF\r\n");
  EXPECT_EQ(Ask("ma n N60 J13 v t"), "VA 2 t60\r\n13\r\n");
  EXPECT_EQ(Ask("ma n D7 v"), "VA 2\r\n20\r\n");
  EXPECT_EQ(Ask("ma n MD D100 v"), "VA 1\r\n0\r\n");
  EXPECT_EQ(Ask("ma n"), "HD\r\n");
}

TEST_F(PlainCacheTest, ServerCommandsAreAnswered) {
  Ask("set a 0 0 1", "x");
  EXPECT_EQ(Ask("stats"), "STAT version 1.6.0-simulated\r\nSTAT curr_items 1\r\nEND\r\n");
  EXPECT_EQ(Ask("version"), "VERSION 1.6.0-simulated\r\n");
  EXPECT_EQ(Ask("flush_all"), "OK\r\n");
  EXPECT_EQ(cache_.size(), 0u);
}

}  // namespace
}  // namespace ringcache::client

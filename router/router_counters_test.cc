#include "router/router_counters.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/call_failure.h"
#include "gtest/gtest.h"
#include "protocol/operation.h"
#include "router/streaming/streaming_fixture.h"

namespace ringcache::router {
namespace {

using client::CallFailure;
using protocol::Operation;

class RouterCountersTest : public StreamingFixture {
 protected:
  // `request` to the first member, which answers `reply`.
  void Exchange(absl::string_view request, absl::string_view reply) {
    Client* const client = Connect();
    client->peer.Say(request);
    Settle();
    member(0).Say(reply);
    Settle();
  }
  std::uint64_t Of(RouterCounter counter) const { return worker_->counters[counter].value(); }
  std::uint64_t Of(Operation operation) const { return worker_->operations[operation].value(); }
  std::uint64_t Of(CallFailure failure) const { return worker_->failures[failure].value(); }
};

TEST_F(RouterCountersTest, RetrievalsHitOrMiss) {
  Start();
  const std::string key = KeyOf(0);
  Exchange(absl::StrCat("get ", key, "\r\n"), Found(key, "1") + "END\r\n");
  EXPECT_EQ(Of(RouterCounter::kHits), 1u);
  Exchange(absl::StrCat("get ", key, "\r\n"), "END\r\n");
  EXPECT_EQ(Of(RouterCounter::kMisses), 1u);
  Exchange(absl::StrCat("mg ", key, " v\r\n"), "VA 1\r\n1\r\n");
  Exchange(absl::StrCat("mg ", key, "\r\n"), "HD\r\n");
  EXPECT_EQ(Of(RouterCounter::kHits), 3u);
  Exchange(absl::StrCat("mg ", key, " v\r\n"), "EN\r\n");
  EXPECT_EQ(Of(RouterCounter::kMisses), 2u);
  EXPECT_EQ(Of(Operation::kGet), 2u);
  EXPECT_EQ(Of(Operation::kMetaGet), 3u);
}

TEST_F(RouterCountersTest, WhatStoresAndCountsIsNoHit) {
  Start();
  const std::string key = KeyOf(0);
  Exchange(absl::StrCat("set ", key, " 0 0 1\r\n1\r\n"), "STORED\r\n");
  Exchange(absl::StrCat("ms ", key, " 1\r\n1\r\n"), "HD\r\n");
  Exchange(absl::StrCat("ma ", key, " v\r\n"), "VA 1\r\n1\r\n");
  Exchange(absl::StrCat("incr ", key, " 1\r\n"), "2\r\n");
  EXPECT_EQ(Of(RouterCounter::kHits), 0u);
  EXPECT_EQ(Of(RouterCounter::kMisses), 0u);
  EXPECT_EQ(Of(Operation::kSet), 1u);
  EXPECT_EQ(Of(Operation::kMetaArithmetic), 1u);
}

TEST_F(RouterCountersTest, EachKeyOfARetrievalCounts) {
  Start();
  const std::string a = KeyOf(0);
  const std::string b = KeyOf(0, 1);
  const std::string c = KeyOf(0, 2);
  Exchange(absl::StrCat("get ", a, " ", b, " ", c, "\r\n"), Found(b, "1") + "END\r\n");
  EXPECT_EQ(Of(Operation::kGet), 3u);
  EXPECT_EQ(Of(RouterCounter::kHits), 1u);
  EXPECT_EQ(Of(RouterCounter::kMisses), 2u);
}

TEST_F(RouterCountersTest, ALongValueIsAHit) {
  Start();
  const std::string a = KeyOf(0);
  const std::string b = KeyOf(0, 1);
  const std::string value = Value(kLargeBytes);
  Exchange(absl::StrCat("get ", a, "\r\n"), Found(a, value) + "END\r\n");
  EXPECT_EQ(Of(RouterCounter::kHits), 1u);
  Exchange(absl::StrCat("get ", a, " ", b, "\r\n"), Found(a, value) + "END\r\n");
  EXPECT_EQ(Of(RouterCounter::kHits), 2u);
  EXPECT_EQ(Of(RouterCounter::kMisses), 1u);
}

TEST_F(RouterCountersTest, FailuresAreCountedByTheirReason) {
  options_.miss_on_get_errors = true;
  Start();
  Client* const client = Connect();
  client->peer.Say(absl::StrCat("get ", KeyOf(0), "\r\n"));
  client->peer.Say(absl::StrCat("get ", KeyOf(0), " ", KeyOf(0, 1), "\r\n"));
  loop_.RunFor(2 * kTimeout);
  EXPECT_EQ(client->received(), "END\r\nEND\r\n");
  EXPECT_EQ(Of(CallFailure::kTimedOut), 2u) << "one for each member that was asked";
  EXPECT_EQ(Of(RouterCounter::kErrors), 2u);
  EXPECT_EQ(Of(RouterCounter::kMisses), 0u) << "an error is none, whatever the client is told";
}

TEST_F(RouterCountersTest, WhatIsNoRequestIsCounted) {
  Start();
  Exchange("nonsense\r\n", "");
  EXPECT_EQ(Of(RouterCounter::kInvalid), 1u);
}

}  // namespace
}  // namespace ringcache::router

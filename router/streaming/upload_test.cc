// Values past the bound of what is held whole, on their way from a client to a member.

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/member_client.h"
#include "client/stream/value_upload.h"
#include "gtest/gtest.h"
#include "net/simulated_network.h"
#include "router/route/route.h"
#include "router/streaming/streaming_fixture.h"

namespace ringcache::router {
namespace {

constexpr char kTooLarge[] = "SERVER_ERROR object too large for cache\r\n";

class UploadTest : public StreamingFixture {
 protected:
  // The request that sets `key`.
  static std::string Set(absl::string_view key, absl::string_view value,
                         absl::string_view after = "") {
    return absl::StrCat("set ", key, " 5 0 ", value.size(), after, "\r\n", value, "\r\n");
  }
  // What the member has of it; empty for nothing.
  std::string Stored(std::size_t index, absl::string_view key) {
    const auto* const item = cache(index).cache().Find(key, loop_.WallNow());
    return item == nullptr ? "" : item->value;
  }
  std::size_t unsent_bytes() const {
    return worker_->resources.receive_buffers.buffers_in_use() *
           worker_->resources.receive_buffers.buffer_bytes();
  }

  const std::string large_ = Value(kLargeBytes);
};

TEST_F(UploadTest, ALongValueGoesThroughAtEveryFragmentSize) {
  Start(Members::kCaches);
  const std::string value = large_.substr(0, kHeldBytes + 10'000);
  for (const std::size_t fragment_bytes :
       {std::size_t{1}, std::size_t{2}, std::size_t{5}, std::size_t{1448}, std::size_t{0}}) {
    net::LinkOptions link;
    link.fragment_bytes = fragment_bytes;
    Client* const client = Connect(link);
    const std::string key = KeyOf(0, static_cast<int>(fragment_bytes % 7));
    client->peer.Say(absl::StrCat("get ", key, "\r\n", Set(key, value), "get ", key, "\r\n"));
    Settle();
    EXPECT_TRUE(absl::StartsWith(client->received(), "END\r\nSTORED\r\n")) << fragment_bytes;
    EXPECT_TRUE(Stored(0, key) == value);
    EXPECT_TRUE(absl::StrContains(cache(0).seen_lines().back(), key));
  }
}

TEST_F(UploadTest, RepliesKeepTheOrderOfTheirRequests) {
  Start(Members::kCaches);
  Client* const client = Connect();
  const std::string a = KeyOf(0), b = KeyOf(1);
  cache(1).SetLatencyOf(protocol::Operation::kSet, kTimeout / 2);
  client->peer.Say(absl::StrCat(Set(b, large_), "ms ", a, " ", large_.size(), " O7 c\r\n", large_,
                                "\r\nmg ", a, " s\r\nincr ", a, " 1\r\n"));
  Settle();
  EXPECT_EQ(client->received(), "");
  EXPECT_TRUE(Stored(0, a) == large_);
  loop_.RunFor(kTimeout / 2);
  EXPECT_TRUE(absl::StartsWith(client->received(), "STORED\r\nHD O7 c")) << client->received();
  EXPECT_TRUE(Stored(1, b) == large_);
}

TEST_F(UploadTest, AQuietSetSaysNothing) {
  Start(Members::kCaches);
  Client* const client = Connect();
  const std::string key = KeyOf(0);
  client->peer.Say(absl::StrCat(Set(key, large_, " noreply"), "ms ", key, " ", large_.size(),
                                " q\r\n", large_, "\r\nmn\r\n"));
  Settle();
  EXPECT_EQ(client->received(), "MN\r\n");
  EXPECT_TRUE(Stored(0, key) == large_);
}

TEST_F(UploadTest, AMemberThatDoesNotReadHoldsUpTheClientWithinTheBound) {
  Start(Members::kCaches);
  const std::string key = KeyOf(0);
  cache(0).StopReading();
  Client* const client = Connect();
  Client* const other = Connect();
  const std::string value = Value(8 * kLargeBytes);
  client->peer.Say(Set(key, value));
  Settle();
  EXPECT_EQ(unsent_bytes(), client::ValueUpload::kMaxUnsentBytes);
  // Others are served meanwhile.
  other->peer.Say(absl::StrCat("get ", KeyOf(1), "\r\n"));
  Settle();
  EXPECT_EQ(other->received(), "END\r\n");
  cache(0).ResumeReading();
  Settle();
  EXPECT_EQ(client->received(), "STORED\r\n");
  EXPECT_TRUE(Stored(0, key) == value);
  EXPECT_EQ(unsent_bytes(), 0u);
}

TEST_F(UploadTest, AClientThatSendsSlowlyHoldsUpNobody) {
  Start(Members::kCaches);
  const std::string key = KeyOf(0);
  Client* const slow = Connect();
  Client* const other = Connect();
  const std::string request = Set(key, large_);
  for (std::size_t at = 0; at < request.size(); at += 100'000) {
    slow->peer.Say(request.substr(at, 100'000));
    loop_.RunFor(options_.max_upload_pause * 0.9);
    other->peer.ForgetReceived();
    other->peer.Say(absl::StrCat("get ", key, "\r\n"));
    Settle();
    EXPECT_TRUE(absl::EndsWith(other->received(), "END\r\n"));
  }
  EXPECT_EQ(slow->received(), "STORED\r\n");
  EXPECT_TRUE(Stored(0, key) == large_);
}

TEST_F(UploadTest, OfAClientThatStallsNothingIsStored) {
  Start(Members::kCaches);
  const std::string key = KeyOf(0);
  Client* const client = Connect();
  const std::string request = Set(key, large_);
  client->peer.Say(request.substr(0, 500'000));
  Settle();
  EXPECT_EQ(cache(0).open_connections(), 1u);
  loop_.RunFor(options_.max_upload_pause + kTimeout);
  EXPECT_EQ(client->received(), "SERVER_ERROR timeout\r\n");
  EXPECT_EQ(cache(0).open_connections(), 0u);
  // The rest is taken for what it is, should it come.
  client->peer.Say(absl::StrCat(request.substr(500'000), "get ", key, "\r\n"));
  Settle();
  EXPECT_EQ(client->received(), "SERVER_ERROR timeout\r\nEND\r\n");
}

TEST_F(UploadTest, OfAClientThatLeavesNothingIsStored) {
  Start(Members::kCaches);
  const std::string key = KeyOf(0);
  Client* const client = Connect();
  Client* const half_closed = Connect();
  client->peer.Say(Set(key, large_).substr(0, 500'000));
  half_closed->peer.Say(Set(key, large_).substr(0, 400'000));
  Settle();
  EXPECT_EQ(cache(0).open_connections(), 2u);
  client->connection->Close(net::CloseReason::kPeerError);
  half_closed->peer.HangUp();
  Settle();
  EXPECT_EQ(cache(0).open_connections(), 0u);
  EXPECT_EQ(Stored(0, key), "");
  EXPECT_EQ(worker_->uploads.in_use(), 0u);
}

TEST_F(UploadTest, WhatWasReadWholeIsStoredThoughTheClientLeft) {
  Start(Members::kCaches);
  const std::string key = KeyOf(0);
  Client* const client = Connect();
  cache(0).SetLatencyOf(protocol::Operation::kSet, kTimeout / 2);
  client->peer.Say(Set(key, large_));
  Settle();
  client->connection->Close(net::CloseReason::kPeerError);
  loop_.RunFor(kTimeout);
  EXPECT_TRUE(Stored(0, key) == large_);
  EXPECT_EQ(worker_->uploads.in_use(), 0u);
}

TEST_F(UploadTest, ADeadMemberIsAnErrorAndTheRestIsSwallowed) {
  Start(Members::kCaches);
  const std::string key = KeyOf(0);
  Client* const client = Connect();
  const std::string request = Set(key, large_);
  client->peer.Say(request.substr(0, 500'000));
  Settle();
  cache(0).Die();
  Settle();
  EXPECT_EQ(client->received(), "SERVER_ERROR remote error\r\n");
  client->peer.Say(
      absl::StrCat(request.substr(500'000), Set(key, large_), "get ", KeyOf(1), "\r\n"));
  Settle();
  EXPECT_EQ(client->received(),
            "SERVER_ERROR remote error\r\nSERVER_ERROR connection error\r\nEND\r\n");
}

TEST_F(UploadTest, ADrainedRouterEndsWhatIsNotComplete) {
  Start(Members::kCaches);
  Client* const client = Connect();
  client->peer.Say(Set(KeyOf(0), large_).substr(0, 500'000));
  Settle();
  client->session->Drain();
  Settle();
  EXPECT_EQ(client->received(), "SERVER_ERROR aborted\r\n");
  EXPECT_EQ(cache(0).open_connections(), 0u);
}

TEST_F(UploadTest, AMemberTakesSoManyUploadsAtATime) {
  Start(Members::kCaches);
  const std::string key = KeyOf(0);
  const std::size_t most = client::MemberOptions().max_uploads;
  std::vector<Client*> clients;
  for (std::size_t i = 0; i < most; ++i) {
    clients.push_back(Connect());
    clients.back()->peer.Say(Set(key, large_).substr(0, 500'000));
    Settle();
  }
  Client* const next = Connect();
  next->peer.Say(absl::StrCat(Set(key, large_), "get ", key, "\r\n"));
  Settle();
  EXPECT_EQ(next->received(), "SERVER_ERROR 307 busy\r\nEND\r\n");
  clients[0]->peer.Say(Set(key, large_).substr(500'000));
  Settle();
  EXPECT_EQ(clients[0]->received(), "STORED\r\n");
  next->peer.Say(Set(key, large_));
  Settle();
  EXPECT_TRUE(absl::EndsWith(next->received(), "END\r\nSTORED\r\n"));
}

TEST_F(UploadTest, AClientThatMayAwaitOneReplyMayUpload) {
  options_.max_client_outstanding = 1;
  Start(Members::kCaches);
  Client* const client = Connect();
  client->peer.Say(absl::StrCat(Set(KeyOf(0), large_), Set(KeyOf(1), large_)));
  Settle();
  EXPECT_EQ(client->received(), "STORED\r\nSTORED\r\n");
}

TEST_F(UploadTest, AValueWithoutItsNewlineIsRefusedByTheMember) {
  Start(Members::kCaches);
  Client* const client = Connect();
  const std::string key = KeyOf(0);
  std::string request = Set(key, large_);
  request[request.size() - 2] = 'x';
  client->peer.Say(absl::StrCat(request, "get ", key, "\r\n"));
  Settle();
  EXPECT_EQ(client->received(), "CLIENT_ERROR bad data chunk\r\nEND\r\n");
}

TEST_F(UploadTest, AnEarlyReplyIsPassedOnAndTheRestSwallowed) {
  Start();  // peers
  Client* const client = Connect();
  const std::string request = Set(KeyOf(0), large_);
  client->peer.Say(request.substr(0, 500'000));
  Settle();
  EXPECT_TRUE(member(0).received() == request.substr(0, 500'000));
  member(0).Say(kTooLarge);
  Settle();
  EXPECT_EQ(client->received(), kTooLarge);
  EXPECT_TRUE(member(0).was_left());
  client->peer.Say(absl::StrCat(request.substr(500'000), "mn\r\n"));
  Settle();
  EXPECT_EQ(client->received(), absl::StrCat(kTooLarge, "MN\r\n"));
}

// A route that has to see values whole.
class WholeRoute final : public Route {
 public:
  Task<Reply> Send(Call&, const RouteRequest& request) override {
    co_return DefaultReply(request.operation());
  }
  std::string name() const override { return "whole"; }
  void Visit(const RouteRequest&, RouteVisitor*, int) const override {}
};

TEST_F(UploadTest, RoutesThatNeedAValueWholeAnswerWithAnError) {
  Start(Members::kCaches);
  UseRoute(std::make_unique<WholeRoute>());
  Client* const client = Connect();
  const std::string held = Value(kHeldBytes);
  client->peer.Say(absl::StrCat(Set("key", held), Set("key", absl::StrCat(held, "!")),
                                Set("key", large_, " noreply"), "mn\r\n"));
  Settle();
  EXPECT_EQ(client->received(), absl::StrCat("NOT_STORED\r\n", kTooLarge, "MN\r\n"));
}

}  // namespace
}  // namespace ringcache::router

// What clients of a router read while members are away and after they are back, with everything but
// the disk in simulated time.

#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "client/endpoint.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "process/log_sink.h"
#include "router/replay/replay_options.h"
#include "router/replay/replayer.h"
#include "router/replay/spool_gates.h"
#include "router/router_fixture.h"
#include "router/spool/spool.h"
#include "router/spool/spool_options.h"

namespace ringcache::router {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kMiss[] = "END\r\n";

class StaleValueTest : public RouterFixture {
 protected:
  StaleValueTest() : folder_(absl::StrCat(::testing::TempDir(), "/stale_value_XXXXXX")) {
    EXPECT_NE(mkdtemp(folder_.data()), nullptr);
    spool_options_.folder = folder_;
  }
  ~StaleValueTest() override { std::filesystem::remove_all(folder_); }
  void TearDown() override {
    RouterFixture::TearDown();
    CloseSpool();
  }

  void OpenSpool() {
    spool_ = *Spool::Open(spool_options_);
    spool_->Start();
    spool_gates_ = std::make_unique<SpoolGates>(spool_.get(), [this](SpoolGate* gate) {
      loop_.Post([this, gate] {
        if (replayer_ != nullptr) replayer_->Wake(gate);
      });
    });
    replayer_ = std::make_unique<Replayer>(&loop_, &network_, spool_.get(), spool_gates_.get(),
                                           &log_, ReplayOptions());
    gates_ = spool_gates_.get();
  }
  void CloseSpool() {
    replayer_.reset();
    spool_gates_.reset();
    spool_.reset();
  }

  // Three members, and a route over them: replica-failover unless it is another one.
  void StartPool(const std::string& route = R"({"type": "ReplicaFailoverRoute", "pool": "A"})") {
    OpenSpool();
    StartWith(absl::StrCat(R"({"pools": {"A": )", PoolJson(3), R"(}, "route": )", route, "}"), 3);
    ShowMembers();
  }
  void ShowMembers() {
    Replayer::Endpoints endpoints;
    for (std::size_t i = 0; i < 3; ++i) {
      endpoints[absl::StrCat("10.0.0.", i + 1, ":11211")] = {AddressOf(i), "", ""};
    }
    replayer_->SetMembers(std::move(endpoints));
  }
  // Those who would replay do not know where members are.
  void HideMembers() { replayer_->SetMembers({}); }

  // Simulated time passes, and the disk keeps up with it.
  void PassOnDisk(absl::Duration time) {
    for (absl::Duration passed; passed < time; passed += kStep) {
      spool_->Flush();
      Pass(kStep);
    }
  }
  // A process that hangs, with all that it has been sent.
  void Stop(std::size_t index) { member(index).StopReading(); }
  void Continue(std::size_t index) {
    member(index).ResumeReading();
    PassOnDisk(absl::Seconds(2));
  }
  // What a request leads to that may wait for a member's time to run out.
  std::string AskPatiently(Client& client, absl::string_view text) {
    client.peer.Say(text);
    PassOnDisk(2 * kTimeout);
    return Heard(client);
  }
  std::string Get(Client& client, const std::string& key) {
    return AskPatiently(client, absl::StrCat("get ", key, "\r\n"));
  }
  // Who takes the place of `owner` for `key`.
  std::size_t StandInOf(const std::string& key, std::size_t owner) {
    for (std::size_t i = 0; i < 3; ++i) {
      if (i != owner && Count(i, key) > 0) return i;
    }
    ADD_FAILURE() << "nobody else was asked for " << key;
    return owner;
  }
  std::size_t Count(std::size_t index, const std::string& text) {
    std::size_t count = 0;
    for (const std::string& line : LinesTo(index)) count += line.find(text) != std::string::npos;
    return count;
  }
  SpoolGate& gate(std::size_t index) {
    return *spool_gates_->Find(absl::StrCat("10.0.0.", index + 1, ":11211"));
  }

  static constexpr absl::Duration kStep = absl::Milliseconds(5);

  std::string folder_;
  SpoolOptions spool_options_;
  process::NoLog log_;
  std::unique_ptr<Spool> spool_;
  std::unique_ptr<SpoolGates> spool_gates_;
  std::unique_ptr<Replayer> replayer_;
};

TEST_F(StaleValueTest, AWriteThatFailedOverIsNotFollowedByTheOldValue) {
  StartPool();
  Client& client = Connect();
  const std::string key = KeyOf(0);
  EXPECT_EQ(Ask(client, Set(key, "old")), "STORED\r\n");
  Stop(0);
  EXPECT_EQ(AskPatiently(client, Set(key, "new")), "STORED\r\n");
  EXPECT_EQ(Get(client, key), Found(key, "new") + kMiss) << "while the member is away";
  Continue(0);
  EXPECT_EQ(Get(client, key), kMiss);
  EXPECT_THAT(LinesTo(0), Contains(absl::StrCat("delete ", key)));
  EXPECT_EQ(Ask(client, Set(key, "next")), "STORED\r\n");
  EXPECT_EQ(Ask(client, absl::StrCat("get ", key, "\r\n")), Found(key, "next") + kMiss);
}

TEST_F(StaleValueTest, WhatAMemberTookBeforeItHungComesBeforeTheDelete) {
  StartPool();
  Client& client = Connect();
  const std::string key = KeyOf(0);
  EXPECT_EQ(Ask(client, Set(key, "old")), "STORED\r\n");
  Stop(0);
  EXPECT_EQ(AskPatiently(client, Set(key, "late")), "STORED\r\n");
  EXPECT_EQ(AskPatiently(client, Set(key, "last")), "STORED\r\n");
  Continue(0);
  std::vector<std::string> about_key;
  for (const std::string& line : LinesTo(0)) {
    if (line.find(key) != std::string::npos) about_key.push_back(line.substr(0, line.find(' ')));
  }
  ASSERT_FALSE(about_key.empty());
  EXPECT_EQ(about_key.back(), "delete");
  EXPECT_EQ(member(0).cache().size(), 0u);
}

TEST_F(StaleValueTest, ACopyAtAStandInIsGoneBeforeItCanBeOldAgain) {
  StartPool();
  Client& client = Connect();
  const std::string key = KeyOf(0);
  Stop(0);
  EXPECT_EQ(AskPatiently(client, Set(key, "first")), "STORED\r\n");
  const std::size_t stand_in = StandInOf(key, 0);
  Continue(0);
  EXPECT_THAT(LinesTo(stand_in), Contains(absl::StrCat("delete ", key)));
  EXPECT_EQ(replayer_->counters().copies.load(), 1u);
  EXPECT_EQ(Ask(client, Set(key, "second")), "STORED\r\n");
  member(0).Die();
  EXPECT_EQ(Get(client, key), kMiss) << "the stand-in has the first value still";
}

TEST_F(StaleValueTest, ACopyAtAStandInThatIsAwayItselfIsKeptForIt) {
  StartPool();
  Client& client = Connect();
  const std::string key = KeyOf(0);
  Stop(0);
  EXPECT_EQ(AskPatiently(client, Set(key, "first")), "STORED\r\n");
  const std::size_t stand_in = StandInOf(key, 0);
  Stop(stand_in);
  Continue(0);
  EXPECT_EQ(Ask(client, Set(key, "second")), "STORED\r\n");
  EXPECT_TRUE(gate(stand_in).Bars(key));
  Continue(stand_in);
  EXPECT_FALSE(gate(stand_in).Bars(key));
  EXPECT_EQ(member(stand_in).cache().size(), 0u);
}

TEST_F(StaleValueTest, ADeleteForAMemberThatIsAwayIsDoneWhenItIsBack) {
  StartPool(R"("PoolRoute|A")");
  Client& client = Connect();
  const std::string key = KeyOf(0);
  EXPECT_EQ(Ask(client, Set(key, "old")), "STORED\r\n");
  network_.Partition(AddressOf(0));
  EXPECT_EQ(AskPatiently(client, absl::StrCat("delete ", key, "\r\n")), "NOT_FOUND\r\n");
  EXPECT_EQ(AskPatiently(client, absl::StrCat("md ", key, " q\r\nmn\r\n")), "NF\r\nMN\r\n");
  EXPECT_EQ(AskPatiently(client, absl::StrCat("delete ", key, " noreply\r\n")), "");
  EXPECT_EQ(AskPatiently(client, absl::StrCat("md ", key, "\r\n")), "NF\r\n");
  EXPECT_TRUE(gate(0).Bars(key));
  network_.Heal(AddressOf(0));
  PassOnDisk(absl::Seconds(2));
  EXPECT_FALSE(gate(0).Bars(key));
  EXPECT_EQ(Get(client, key), kMiss);
  EXPECT_EQ(member(0).cache().size(), 0u);
}

TEST_F(StaleValueTest, OtherWritesThatFailForGoodAreTheClientsToRepeat) {
  StartPool(R"("PoolRoute|A")");
  Client& client = Connect();
  const std::string key = KeyOf(0);
  Stop(0);
  EXPECT_THAT(AskPatiently(client, Set(key, "new")), HasSubstr("SERVER_ERROR"));
  EXPECT_THAT(AskPatiently(client, absl::StrCat("incr ", key, " 1\r\n")),
              HasSubstr("SERVER_ERROR"));
  EXPECT_FALSE(gate(0).Bars(key));
  EXPECT_EQ(spool_->stats().appended, 0u);
  Continue(0);
}

TEST_F(StaleValueTest, WhileADeleteIsPendingOnlyItsKeyIsBarred) {
  StartPool();
  HideMembers();
  Client& client = Connect();
  const std::string key = KeyOf(0);
  const std::string other = KeyOf(0, 1);
  const std::string third = KeyOf(1);
  for (const std::string& stored : {key, other, third}) {
    EXPECT_EQ(Ask(client, Set(stored, "old")), "STORED\r\n");
  }
  network_.Partition(AddressOf(0));
  EXPECT_EQ(AskPatiently(client, absl::StrCat("delete ", key, "\r\n")), "NOT_FOUND\r\n");
  network_.Heal(AddressOf(0));
  PassOnDisk(absl::Seconds(2));
  member(0).ForgetSeen();
  EXPECT_EQ(Get(client, key), kMiss);
  EXPECT_EQ(Get(client, other), Found(other, "old") + kMiss);
  EXPECT_EQ(AskPatiently(client, absl::StrCat("get ", third, " ", key, " ", other, "\r\n")),
            Found(third, "old") + Found(other, "old") + kMiss);
  EXPECT_EQ(Count(0, key), 0u) << absl::StrJoin(LinesTo(0), "; ");
  ShowMembers();
  PassOnDisk(absl::Seconds(1));
  EXPECT_THAT(LinesTo(0), Contains(absl::StrCat("delete ", key)));
  EXPECT_EQ(Get(client, key), kMiss);
  EXPECT_THAT(LinesTo(0), Contains(absl::StrCat("get ", key)));
}

TEST_F(StaleValueTest, AnotherRunOfTheRouterReplaysWhatTheFirstOneKept) {
  StartPool(R"("PoolRoute|A")");
  Client& client = Connect();
  const std::string key = KeyOf(0);
  EXPECT_EQ(Ask(client, Set(key, "old")), "STORED\r\n");
  network_.Partition(AddressOf(0));
  EXPECT_EQ(AskPatiently(client, absl::StrCat("delete ", key, "\r\n")), "NOT_FOUND\r\n");
  client.peer.HangUp();
  PassOnDisk(absl::Seconds(1));
  worker_.reset();
  CloseSpool();
  members_.clear();

  StartPool(R"("PoolRoute|A")");
  Store(KeyOf(1), "new");
  Client& later = Connect();
  EXPECT_THAT(AskPatiently(later, absl::StrCat("touch ", KeyOf(0, 1), " 0\r\n")),
              HasSubstr("SERVER_ERROR"))
      << "no key of the member is safe before the replay";
  network_.Heal(AddressOf(0));
  PassOnDisk(absl::Seconds(1));
  EXPECT_THAT(LinesTo(0), Contains(absl::StrCat("delete ", key)));
  EXPECT_EQ(Get(later, key), kMiss);
  EXPECT_EQ(AskPatiently(later, absl::StrCat("touch ", KeyOf(0, 1), " 0\r\n")), "NOT_FOUND\r\n");
}

TEST_F(StaleValueTest, AMemberWhoseDeletesWereLostIsFlushedBeforeItIsReadAgain) {
  spool_options_.segment_bytes = spool_options_.max_member_bytes = SpoolOptions::kMinSegmentBytes;
  StartPool(R"("PoolRoute|A")");
  Client& client = Connect();
  const std::string key = KeyOf(0, 50);
  EXPECT_EQ(Ask(client, Set(key, "old")), "STORED\r\n");
  network_.Partition(AddressOf(0));
  for (int i = 0; i < 50; ++i) client.peer.Say(absl::StrCat("delete ", KeyOf(0, i), "\r\n"));
  PassOnDisk(2 * kTimeout);
  (void)Heard(client);
  EXPECT_EQ(gate(0).access(), client::MemberAccess::kNone);
  network_.Heal(AddressOf(0));
  PassOnDisk(absl::Seconds(2));
  EXPECT_THAT(LinesTo(0), Contains("flush_all"));
  EXPECT_EQ(gate(0).access(), client::MemberAccess::kAll);
  EXPECT_EQ(Get(client, key), kMiss);
  EXPECT_EQ(replayer_->counters().flushes.load(), 1u);
}

TEST_F(StaleValueTest, AReplayThatIsRefusedIsTriedAgain) {
  StartPool(R"("PoolRoute|A")");
  Client& client = Connect();
  const std::string key = KeyOf(0);
  EXPECT_EQ(Ask(client, Set(key, "old")), "STORED\r\n");
  network_.Partition(AddressOf(0));
  EXPECT_EQ(AskPatiently(client, absl::StrCat("delete ", key, "\r\n")), "NOT_FOUND\r\n");
  member(0).AnswerNext(20, "SERVER_ERROR busy\r\n");
  network_.Heal(AddressOf(0));
  PassOnDisk(absl::Milliseconds(200));
  EXPECT_TRUE(gate(0).Bars(key));
  PassOnDisk(absl::Seconds(20));
  EXPECT_FALSE(gate(0).Bars(key));
  EXPECT_GT(replayer_->counters().failures.load(), 0u);
  EXPECT_EQ(member(0).cache().size(), 0u);
}

TEST_F(StaleValueTest, KeysThatAreNotTextAreReplayedInBase64) {
  StartPool(R"("PoolRoute|A")");
  Client& client = Connect();
  for (std::size_t i = 0; i < 3; ++i) network_.Partition(AddressOf(i));
  // "a b"
  EXPECT_EQ(AskPatiently(client, "md YSBi b\r\n"), "NF\r\n");
  for (std::size_t i = 0; i < 3; ++i) network_.Heal(AddressOf(i));
  PassOnDisk(absl::Seconds(2));
  std::size_t replayed = 0;
  for (std::size_t i = 0; i < 3; ++i) replayed += Count(i, "md YSBi b");
  EXPECT_GE(replayed, 1u);
  EXPECT_EQ(replayer_->counters().deletes.load(), 1u);
}

TEST_F(StaleValueTest, AWriteThatTheRoutesGaveToAnotherPoolIsKeptToo) {
  StartPool(R"({"type": "FailoverRoute", "children": [
      {"type": "PoolRoute", "pool": "A", "hash": {"salt": "a"}},
      {"type": "PoolRoute", "pool": "A", "hash": {"salt": "bcd"}}]})");
  Client& client = Connect();
  std::vector<std::string> kept;
  network_.Partition(AddressOf(0));
  for (int i = 0; i < 20; ++i) {
    const std::string key = absl::StrCat("key", i);
    if (AskPatiently(client, Set(key, "new")) == "STORED\r\n" && gate(0).Bars(key)) {
      kept.push_back(key);
    }
  }
  EXPECT_THAT(kept, Not(IsEmpty()));
  network_.Heal(AddressOf(0));
  PassOnDisk(absl::Seconds(2));
  for (const std::string& key : kept) EXPECT_FALSE(gate(0).Bars(key)) << key;
}

TEST_F(StaleValueTest, AsynclogFalseKeepsNothing) {
  StartPool(R"({"type": "PoolRoute", "pool": "A", "asynclog": false})");
  Client& client = Connect();
  network_.Partition(AddressOf(0));
  EXPECT_THAT(AskPatiently(client, absl::StrCat("delete ", KeyOf(0), "\r\n")),
              HasSubstr("SERVER_ERROR"));
  EXPECT_EQ(spool_->stats().appended, 0u);
}

TEST_F(StaleValueTest, AMemberThatMovesIsReplayedAtItsNewAddress) {
  StartPool(R"("PoolRoute|A")");
  Client& client = Connect();
  const std::string key = KeyOf(0);
  member(0).Die();
  EXPECT_EQ(AskPatiently(client, absl::StrCat("delete ", key, "\r\n")), "NOT_FOUND\r\n");
  PassOnDisk(absl::Seconds(2));
  const auto elsewhere = net::SocketAddress::Parse("10.0.9.9:11211", 0).value();
  member(0).ComeBackAt(elsewhere);
  replayer_->SetMembers({{"10.0.0.1:11211", client::Endpoint{elsewhere, "", ""}}});
  PassOnDisk(absl::Seconds(1));
  EXPECT_THAT(LinesTo(0), Contains(absl::StrCat("delete ", key)));
  EXPECT_FALSE(gate(0).Bars(key));
}

}  // namespace
}  // namespace ringcache::router

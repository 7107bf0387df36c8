#include "router/replay/spool_gate.h"

#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "router/spool/spool.h"
#include "router/spool/spool_options.h"

namespace ringcache::router {
namespace {

using client::MemberAccess;

constexpr char kMember[] = "mycache-0.mycache:11211";

class SpoolGateTest : public ::testing::Test {
 protected:
  SpoolGateTest() : folder_(absl::StrCat(::testing::TempDir(), "/spool_gate_XXXXXX")) {
    EXPECT_NE(mkdtemp(folder_.data()), nullptr);
    options_.folder = folder_;
  }
  ~SpoolGateTest() override {
    gate_.reset();
    spool_.reset();
    std::filesystem::remove_all(folder_);
  }

  // As a process that ends and another one that begins.
  void Open() {
    gate_.reset();
    spool_.reset();
    spool_ = *Spool::Open(options_);
    spool_->Start();
    gate_ = std::make_unique<SpoolGate>(spool_.get(), kMember, [this](SpoolGate*) { ++told_; });
  }
  void Keep(const std::string& key) { gate_->Keep(key, false, nullptr); }
  // Replays at most that many; returns their number.
  std::size_t Replay(std::size_t deletes = 1000) {
    spool_->Flush();
    const absl::StatusOr<SpoolBatch> batch = spool_->Read(gate_->id(), position_, deletes);
    EXPECT_TRUE(batch.ok()) << batch.status();
    spool_->Acknowledge(gate_->id(), batch->end);
    position_ = batch->end;
    gate_->Refresh(batch->deletes);
    return batch->deletes.size();
  }

  std::string folder_;
  SpoolOptions options_;
  std::unique_ptr<Spool> spool_;
  std::atomic<int> told_{0};
  std::unique_ptr<SpoolGate> gate_;
  SpoolPosition position_;
};

TEST_F(SpoolGateTest, AKeyIsBarredUntilItsLastDeleteWasReplayed) {
  Open();
  EXPECT_EQ(gate_->access(), MemberAccess::kAll);
  for (const char* key : {"a", "b", "a"}) Keep(key);
  EXPECT_EQ(gate_->access(), MemberAccess::kSomeKeys);
  EXPECT_TRUE(gate_->Bars("a"));
  EXPECT_FALSE(gate_->Bars("c"));
  EXPECT_EQ(Replay(1), 1u);
  EXPECT_FALSE(gate_->Bars("a")) << "the second one was no other";
  EXPECT_TRUE(gate_->Bars("b"));
  Keep("a");
  EXPECT_EQ(Replay(1), 1u);
  EXPECT_FALSE(gate_->Bars("b"));
  EXPECT_TRUE(gate_->Bars("a"));
  EXPECT_EQ(Replay(1), 1u);
  EXPECT_EQ(gate_->access(), MemberAccess::kAll);
}

TEST_F(SpoolGateTest, ADeleteThatWasReadBeforeAKeyWasKeptAgainIsNotEnough) {
  Open();
  Keep("a");
  spool_->Flush();
  const absl::StatusOr<SpoolBatch> batch = spool_->Read(gate_->id(), position_, 10);
  ASSERT_TRUE(batch.ok());
  Keep("a");
  spool_->Acknowledge(gate_->id(), batch->end);
  gate_->Refresh(batch->deletes);
  EXPECT_TRUE(gate_->Bars("a"));
}

TEST_F(SpoolGateTest, TheReplayerIsToldOnceUntilItLooks) {
  Open();
  Keep("a");
  Keep("b");
  EXPECT_EQ(told_.load(), 1);
  gate_->Refresh();
  Keep("c");
  EXPECT_EQ(told_.load(), 2);
}

TEST_F(SpoolGateTest, WhetherACauseMayStillBeCarriedOutIsToldOnce) {
  Open();
  EXPECT_TRUE(gate_->TakeMaybeSent()) << "of an earlier process";
  Keep("a");
  EXPECT_FALSE(gate_->TakeMaybeSent());
  gate_->Keep("b", true, nullptr);
  Keep("c");
  EXPECT_TRUE(gate_->TakeMaybeSent());
  EXPECT_FALSE(gate_->TakeMaybeSent());
}

TEST_F(SpoolGateTest, MoreKeysThanCanBeBarredShutIt) {
  Open();
  for (std::size_t i = 0; i < SpoolGate::kMaxBarredKeys; ++i) Keep(absl::StrCat("key", i));
  EXPECT_EQ(gate_->access(), MemberAccess::kSomeKeys);
  Keep("one more");
  EXPECT_EQ(gate_->access(), MemberAccess::kNone);
  EXPECT_EQ(gate_->barred_keys(), SpoolGate::kMaxBarredKeys);
  for (std::size_t i = 0; i < SpoolGate::kMaxBarredKeys; i += 1024) Replay(1024);
  EXPECT_EQ(gate_->access(), MemberAccess::kNone) << "one more is left";
  // What is kept meanwhile is barred one by one, and so does not keep it shut.
  Keep("another");
  EXPECT_EQ(Replay(1), 1u);
  EXPECT_EQ(gate_->access(), MemberAccess::kSomeKeys);
  EXPECT_TRUE(gate_->Bars("another"));
}

TEST_F(SpoolGateTest, WhatAnEarlierProcessKeptShutsItUntilThatIsReplayed) {
  Open();
  Keep("a");
  Keep("b");
  Open();
  EXPECT_EQ(gate_->access(), MemberAccess::kNone);
  Keep("c");
  EXPECT_EQ(Replay(2), 2u);
  EXPECT_EQ(gate_->access(), MemberAccess::kSomeKeys);
  EXPECT_EQ(Replay(1), 1u);
  EXPECT_EQ(gate_->access(), MemberAccess::kAll);
}

TEST_F(SpoolGateTest, LostDeletesShutItUntilTheMemberIsFlushed) {
  options_.segment_bytes = options_.max_member_bytes = SpoolOptions::kMinSegmentBytes;
  Open();
  for (int i = 0; i < 100; ++i) Keep(absl::StrCat("key", i));
  EXPECT_EQ(gate_->access(), MemberAccess::kNone);
  EXPECT_TRUE(gate_->Refresh().must_flush);
  const std::uint64_t begun = spool_->BeginFlush(gate_->id());
  Keep("meanwhile");
  spool_->EndFlush(gate_->id(), begun);
  EXPECT_FALSE(gate_->RefreshAll().must_flush);
  EXPECT_EQ(gate_->access(), MemberAccess::kSomeKeys);
  EXPECT_EQ(gate_->barred_keys(), 1u);
  EXPECT_TRUE(gate_->Bars("meanwhile"));
  EXPECT_EQ(Replay(), 1u);
  EXPECT_EQ(gate_->access(), MemberAccess::kAll);
}

TEST_F(SpoolGateTest, TheCopyOfAKeyIsKnownWhileTheKeyIsBarred) {
  Open();
  SpoolGate one(spool_.get(), "one:1", [](SpoolGate*) {});
  SpoolGate other(spool_.get(), "other:1", [](SpoolGate*) {});
  gate_->Keep("a", false, &one);
  EXPECT_EQ(gate_->StandInOf("a"), &one);
  gate_->Keep("a", false, nullptr);
  EXPECT_EQ(gate_->StandInOf("a"), &one);
  gate_->Keep("a", false, &other);
  EXPECT_EQ(gate_->StandInOf("a"), &other);
  EXPECT_TRUE(one.Bars("a")) << "nobody will remember that it has a copy";
  Replay();
  EXPECT_EQ(gate_->StandInOf("a"), nullptr);
}

TEST_F(SpoolGateTest, FromManyThreadsEveryKeyIsBarredAndFreedInTheEnd) {
  Open();
  std::atomic<int> running{4};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([this, thread, &running] {
      for (int i = 0; i < 2000; ++i) {
        // Some keys are one thread's, some are everybody's.
        const int owner = i % 2 == 0 ? thread : 9;
        gate_->Keep(absl::StrCat(owner, "-", i % 50), i % 3 == 0, nullptr);
      }
      --running;
    });
  }
  while (running.load() > 0) Replay(64);
  for (std::thread& thread : threads) thread.join();
  while (Replay() > 0) continue;
  EXPECT_EQ(gate_->access(), MemberAccess::kAll);
  EXPECT_EQ(gate_->barred_keys(), 0u);
  EXPECT_EQ(spool_->StateOf(gate_->id()).pending, 0u);
}

}  // namespace
}  // namespace ringcache::router

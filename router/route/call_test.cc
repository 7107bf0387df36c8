// Calls, and the tasks that run in them.

#include "router/route/call.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "net/simulated_loop.h"
#include "protocol/operation.h"
#include "protocol/request.h"
#include "router/route/reply.h"
#include "router/route/task.h"
#include "router/route/transcript.h"

namespace ringcache::router {
namespace {

// Says so when it goes.
class Witness {
 public:
  explicit Witness(int* gone) : gone_(gone) {}
  Witness(Witness&& other) noexcept : gone_(std::exchange(other.gone_, nullptr)) {}
  ~Witness() {
    if (gone_ != nullptr) ++*gone_;
  }

 private:
  int* gone_;
};

Task<Reply> Say(Call& call, const char* text) {
  (void)call;
  co_return ReplyOf(text);
}
Task<Reply> SayLater(Call& call, absl::Duration when, const char* text, int* gone) {
  const Witness witness(gone);
  co_await call.Sleep(when);
  co_return ReplyOf(text);
}
Task<Reply> Spawner(Call& call, absl::Duration when, int* gone) {
  EXPECT_TRUE(call.Spawn(SayLater(call, when, "HD", gone)));
  co_return ReplyOf("STORED");
}
// A task awaits another in each of its frames.
Task<Reply> Nested(Call& call, int depth) {
  if (depth == 0) co_return ReplyOf("1");
  Reply inner = co_await Nested(call, depth - 1);
  ++inner.number;
  co_return inner;
}
Task<Reply> Fill(Call& call, std::size_t* spawned, int* gone) {
  while (call.Spawn(SayLater(call, absl::Seconds(1), "HD", gone))) ++*spawned;
  co_return ReplyOf("STORED");
}

class CallTest : public testing::Test, public CallObserver {
 protected:
  void OnCallDone(Call*, Reply reply) override { replies_.push_back(TextOf(reply)); }
  using Lines = std::vector<std::string>;

  net::SimulatedLoop loop_;
  CallPool calls_{&loop_};
  Lines replies_;
  int gone_ = 0;
};

TEST_F(CallTest, AReplyThatIsThereAtOnceIsToldFromWithinRun) {
  Call* const call = calls_.Take(7);
  EXPECT_EQ(call->client_id(), 7u);
  EXPECT_EQ(calls_.running(), 1u);
  call->Run(Say(*call, "STORED"), this);
  EXPECT_EQ(replies_, Lines{"STORED"});
  EXPECT_EQ(calls_.running(), 0u);
}

TEST_F(CallTest, ATaskThatSleepsGoesOnAfterItsTime) {
  Call* const call = calls_.Take(0);
  call->Run(SayLater(*call, absl::Seconds(1), "STORED", &gone_), this);
  loop_.RunFor(absl::Milliseconds(999));
  EXPECT_EQ(replies_, Lines{});
  loop_.RunFor(absl::Milliseconds(1));
  EXPECT_EQ(replies_, Lines{"STORED"});
  EXPECT_EQ(gone_, 1);
}

TEST_F(CallTest, TasksAwaitTasks) {
  Call* const call = calls_.Take(0);
  call->Run(Nested(*call, 1000), this);
  EXPECT_EQ(replies_, Lines{"1001"});
}

TEST_F(CallTest, WhatWasSpawnedOutlivesTheReply) {
  Call* const call = calls_.Take(0);
  call->Run(Spawner(*call, absl::Seconds(1), &gone_), this);
  EXPECT_EQ(replies_, Lines{"STORED"});
  EXPECT_EQ(calls_.running(), 1u);
  EXPECT_EQ(gone_, 0);
  loop_.RunFor(absl::Seconds(1));
  EXPECT_EQ(calls_.running(), 0u);
  EXPECT_EQ(gone_, 1);
}

TEST_F(CallTest, WhatWasSpawnedMayEndBeforeTheReply) {
  Call* const call = calls_.Take(0);
  call->Run(Spawner(*call, absl::ZeroDuration(), &gone_), this);
  EXPECT_EQ(replies_, Lines{"STORED"});
  EXPECT_EQ(gone_, 1);
  EXPECT_EQ(calls_.running(), 0u);
}

TEST_F(CallTest, SleepersAreWokenWhenThePoolCloses) {
  Call* const call = calls_.Take(0);
  call->Run(SayLater(*call, absl::Hours(1), "STORED", &gone_), this);
  calls_.Close();
  EXPECT_EQ(replies_, Lines{"STORED"});
  EXPECT_EQ(calls_.running(), 0u);
}

TEST_F(CallTest, TasksPastTheBoundAreDropped) {
  Call* const call = calls_.Take(0);
  std::size_t spawned = 0;
  call->Run(Fill(*call, &spawned, &gone_), this);
  EXPECT_EQ(spawned, Call::kMaxSpawned);
  EXPECT_EQ(gone_, 0);
  loop_.RunFor(absl::Seconds(1));
  EXPECT_EQ(gone_, static_cast<int>(Call::kMaxSpawned));
  EXPECT_EQ(calls_.running(), 0u);
}

TEST_F(CallTest, ATaskThatIsNeverAwaitedGoesWithWhatItWasGiven) {
  Call* const call = calls_.Take(0);
  const absl::Duration start = loop_.MonotonicNow();
  { const Task<Reply> task = SayLater(*call, absl::Seconds(1), "HD", &gone_); }
  EXPECT_EQ(gone_, 0);
  call->Run(Say(*call, "STORED"), this);
  loop_.Run();
  EXPECT_EQ(loop_.MonotonicNow(), start);
}

TEST_F(CallTest, ACopiedRequestOwnsItsTexts) {
  Call* const call = calls_.Take(0);
  std::string text = "ms key 5 T60 Oabc = value";
  RouteRequest parsed = RequestOf(text);
  const std::string borrowed = "value";
  parsed.value = client::OutgoingValue::Borrowed(borrowed);
  const RouteRequest& request = call->Copy(parsed.request, parsed.value);
  text.assign(text.size(), 'x');
  EXPECT_EQ(TextOf(request), "ms key 5 T60 Oabc = value");
  EXPECT_EQ(request.request.meta.opaque, "abc");
  EXPECT_NE(request.value.bytes.data(), borrowed.data());
  call->Run(Say(*call, "STORED"), this);
}

// A request is parsed into the one before it, whose texts may be gone.
TEST_F(CallTest, ACopyHasNothingOfTheRequestBefore) {
  Call* const call = calls_.Take(0);
  protocol::Request request;
  request.operation = protocol::Operation::kGet;
  request.key = "k";
  request.arguments = "of stats";
  request.meta.text = "v O1";
  request.meta.opaque = "1";
  request.meta.has.Add('O');
  const RouteRequest& of_get = call->Copy(request, {});
  EXPECT_EQ(of_get.request.arguments, "");
  EXPECT_EQ(of_get.request.meta.text, "");
  EXPECT_EQ(of_get.request.meta.opaque, "");
  EXPECT_TRUE(of_get.request.meta.has.empty());
  request.operation = protocol::Operation::kMetaGet;
  request.meta.text = "v";
  request.meta.has = {};
  const RouteRequest& of_meta_get = call->Copy(request, {});
  EXPECT_EQ(of_meta_get.request.meta.text, "v");
  EXPECT_EQ(of_meta_get.request.meta.opaque, "");
  call->Run(Say(*call, "END"), this);
}

TEST_F(CallTest, AnOwnedValueIsSharedNotCopied) {
  Call* const call = calls_.Take(0);
  const RouteRequest parsed = RequestOf("set key 0 0 5 = value");
  const RouteRequest& request = call->Copy(parsed.request, parsed.value);
  EXPECT_EQ(request.value.bytes.data(), parsed.value.bytes.data());
  call->Run(Say(*call, "STORED"), this);
}

TEST_F(CallTest, RequestsStayWhereTheyAreWhileOthersAreMade) {
  Call* const call = calls_.Take(0);
  const RouteRequest& first = call->Make(RequestOf("get first"));
  for (int i = 0; i < 1000; ++i) call->Make(RequestOf("get another"));
  EXPECT_EQ(TextOf(first), "get first");
  call->Run(Say(*call, "STORED"), this);
}

TEST_F(CallTest, CallsAreUsedAgainUpToABound) {
  std::vector<Call*> taken;
  for (std::size_t i = 0; i < CallPool::kMaxFree + 10; ++i) taken.push_back(calls_.Take(0));
  for (Call* call : taken) call->Run(Say(*call, "STORED"), this);
  EXPECT_EQ(calls_.running(), 0u);
  EXPECT_EQ(replies_.size(), CallPool::kMaxFree + 10);
  Call* const again = calls_.Take(0);
  EXPECT_EQ(again, taken[CallPool::kMaxFree - 1]);
  again->Run(Say(*again, "STORED"), this);
}

}  // namespace
}  // namespace ringcache::router

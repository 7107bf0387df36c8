// The cluster client in simulated time, before servers that fail in every way: what it makes of
// timeouts, refusals, partitions and fragments, to the millisecond.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/call_failure.h"
#include "client/cluster_client.h"
#include "client/cluster_options.h"
#include "client/connection_resources.h"
#include "client/manual_watcher.h"
#include "client/member_client.h"
#include "client/outgoing_value.h"
#include "client/result.h"
#include "client/simulation/simulated_backend.h"
#include "discovery/member.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/simulated_loop.h"
#include "net/simulated_network.h"
#include "net/socket_address.h"

namespace ringcache::client {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr absl::Duration kMs = absl::Milliseconds(1);
constexpr absl::Duration kTimeout = absl::Milliseconds(100);

// A client of one server, so that each call's fate is that server's.
class SimulatedClientTest : public testing::Test {
 protected:
  void Open(const net::LinkOptions& link = {.delay_there = kMs, .delay_back = kMs}) {
    network_.SetLink(address_, link);
    auto watcher = std::make_unique<ManualWatcher>();
    watcher_ = watcher.get();
    ClusterOptions options;
    options.timeout = kTimeout;
    client_ = ClusterClient::Create(&loop_, std::move(watcher), options, &network_).value();
    Publish(address_);
  }
  void Publish(const net::SocketAddress& address) {
    discovery::Member member;
    member.name = "cache-0";
    member.port = 11211;
    member.address = address;
    watcher_->Publish({member});
  }

  struct Told {
    Result result;
    absl::Duration after;  // the call
  };
  Told Get(const std::string& key) {
    std::optional<Told> told;
    const absl::Duration start = loop_.MonotonicNow();
    client_->Get(key, [&](Result result) {
      told = {std::move(result), loop_.MonotonicNow() - start};
    });
    EXPECT_TRUE(loop_.RunUntil([&] { return told.has_value(); }, absl::Minutes(1)));
    return told.value_or(Told());
  }
  std::optional<CallFailure> Failure(const std::string& key) { return Get(key).result.failure; }
  void Store(const std::string& key, const std::string& value) {
    bool stored = false;
    client_->Set(key, OutgoingValue::Borrowed(value), {},
                 [&](Result result) { stored = result.ok(); });
    EXPECT_TRUE(loop_.RunUntil([&] { return stored; }, absl::Minutes(1)));
  }
  const MemberClient& member() const { return client_->pool().member(0); }
  bool IsUp() const { return member().stats().up; }
  // When the server was dialed, within `time`, since its beginning.
  std::vector<absl::Duration> DialsWithin(absl::Duration time) {
    std::vector<absl::Duration> dials;
    const absl::Duration start = loop_.MonotonicNow();
    const absl::Duration end = start + time;
    while (loop_.MonotonicNow() < end) {
      const std::uint64_t before = network_.dials(address_);
      const auto dialed = [&] { return network_.dials(address_) > before; };
      if (!loop_.RunUntil(dialed, end - loop_.MonotonicNow())) break;
      dials.push_back(loop_.MonotonicNow() - start);
    }
    return dials;
  }

  net::SimulatedLoop loop_;
  net::SimulatedNetwork network_{&loop_};
  const net::SocketAddress address_ = net::SocketAddress::Parse("10.0.0.1:11211", 0).value();
  SimulatedBackend backend_{&loop_, &network_, address_};
  std::unique_ptr<ClusterClient> client_;
  ManualWatcher* watcher_ = nullptr;
};

TEST_F(SimulatedClientTest, ACallTakesTheHandshakeAndARoundTripAndThenARoundTrip) {
  Open();
  backend_.set_latency(5 * kMs);
  EXPECT_EQ(Get("k").after, (2 + 2 + 5) * kMs);
  EXPECT_EQ(Get("k").after, (2 + 5) * kMs);
}

TEST_F(SimulatedClientTest, ThreeTimeoutsInARowMarkAMemberDown) {
  Open();
  EXPECT_EQ(Get("k").result.outcome, Outcome::kMiss);
  backend_.set_silent(true);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(IsUp()) << i;
    const Told told = Get("k");
    EXPECT_EQ(told.result.failure, CallFailure::kTimedOut);
    EXPECT_EQ(told.after, kTimeout);
  }
  EXPECT_FALSE(IsUp());
  EXPECT_EQ(member().stats().times_down, 1u);
  const Told told = Get("k");
  EXPECT_EQ(told.result.failure, CallFailure::kMemberDown);
  EXPECT_EQ(told.after, absl::ZeroDuration());
  backend_.set_silent(false);
  loop_.RunFor(absl::Seconds(1));
  EXPECT_EQ(Get("k").result.outcome, Outcome::kMiss);
}

TEST_F(SimulatedClientTest, AReplyBetweenTimeoutsKeepsAMemberUp) {
  Open();
  for (int i = 0; i < 10; ++i) {
    backend_.set_silent(true);
    EXPECT_EQ(Failure("k"), CallFailure::kTimedOut);
    EXPECT_EQ(Failure("k"), CallFailure::kTimedOut);
    // The connection still owes two replies: only a new one is in step.
    backend_.Die();
    backend_.ComeBack();
    backend_.set_silent(false);
    loop_.RunFor(absl::Seconds(1));
    EXPECT_EQ(Get("k").result.outcome, Outcome::kMiss);
  }
  EXPECT_EQ(member().stats().times_down, 0u);
  EXPECT_EQ(member().stats().timeouts, 20u);
}

TEST_F(SimulatedClientTest, ARefusalMarksAMemberDownAtOnce) {
  Open();
  backend_.Die();
  const Told told = Get("k");
  EXPECT_EQ(told.result.failure, CallFailure::kNotConnected);
  EXPECT_EQ(told.after, 2 * kMs);
  EXPECT_FALSE(IsUp());
  EXPECT_EQ(Failure("k"), CallFailure::kMemberDown);
}

TEST_F(SimulatedClientTest, AMemberWithoutRouteIsDownWithoutWaiting) {
  Open();
  network_.SetUnreachable(address_, true);
  const Told told = Get("k");
  EXPECT_EQ(told.result.failure, CallFailure::kNotConnected);
  EXPECT_EQ(told.after, absl::ZeroDuration());
  EXPECT_FALSE(IsUp());
}

TEST_F(SimulatedClientTest, AHandshakeThatNobodyCompletesIsGivenUp) {
  Open();
  network_.SetDeaf(address_, true);
  EXPECT_EQ(Failure("k"), CallFailure::kTimedOut);
  EXPECT_TRUE(IsUp());
  loop_.RunFor(ConnectionOptions().connect_timeout - kTimeout);
  EXPECT_FALSE(IsUp());
  EXPECT_THAT(member().stats().last_problem, HasSubstr("did not accept within 500ms"));
}

TEST_F(SimulatedClientTest, ProbesWithGrowingPausesBringAMemberBack) {
  Open({});  // without delays, so that a pause is all that passes between two probes
  backend_.Die();
  EXPECT_EQ(Failure("k"), CallFailure::kNotConnected);
  const std::vector<absl::Duration> dials = DialsWithin(absl::Seconds(4));
  ASSERT_GE(dials.size(), 8u);
  absl::Duration nominal = ConnectionOptions().first_backoff;
  absl::Duration last = absl::ZeroDuration();
  for (const absl::Duration dial : dials) {
    EXPECT_GE(dial - last, 0.75 * nominal);
    EXPECT_LE(dial - last, nominal);
    nominal = std::min(2 * nominal, ConnectionOptions().max_backoff);
    last = dial;
  }
  EXPECT_FALSE(IsUp());
  backend_.ComeBack();
  EXPECT_TRUE(loop_.RunUntil([&] { return IsUp(); }, ConnectionOptions().max_backoff));
  EXPECT_THAT(backend_.seen_lines(), ElementsAre("version"));
  EXPECT_EQ(Get("k").result.outcome, Outcome::kMiss);
}

TEST_F(SimulatedClientTest, WhatIsLeftToChanceIsTheSameWhenTheSimulationIsRepeated) {
  net::SimulatedLoop same, later;
  later.RunFor(absl::Nanoseconds(1));
  ConnectionResources resources(&loop_), again(&same), elsewhere(&later);
  for (int i = 0; i < 3; ++i) {
    const std::uint64_t seed = resources.NextSeed();
    EXPECT_EQ(seed, again.NextSeed());
    EXPECT_NE(seed, elsewhere.NextSeed());
  }
  EXPECT_NE(resources.NextSeed(), resources.NextSeed());
}

TEST_F(SimulatedClientTest, AnUnansweredProbeIsFollowedByAnother) {
  Open();
  backend_.Die();
  EXPECT_EQ(Failure("k"), CallFailure::kNotConnected);
  backend_.ComeBack();
  backend_.set_silent(true);
  loop_.RunFor(absl::Seconds(10));
  EXPECT_FALSE(IsUp());
  EXPECT_GE(backend_.seen().size(), 10u);
  EXPECT_LE(backend_.open_connections(), 1u) << "each probe that was given up is closed";
  backend_.set_silent(false);
  loop_.RunFor(absl::Seconds(1));
  EXPECT_TRUE(IsUp());
}

TEST_F(SimulatedClientTest, WhatIsNoReplyMarksAMemberDownAtOnce) {
  Open();
  backend_.AnswerNext(1, "HTTP/1.1 400 Bad Request\r\n");
  EXPECT_EQ(Failure("k"), CallFailure::kProtocolError);
  EXPECT_EQ(member().stats().times_down, 1u);
}

TEST_F(SimulatedClientTest, AnErrorLineIsAnAnswer) {
  Open();
  backend_.AnswerNext(5, "SERVER_ERROR out of memory\r\n");
  for (int i = 0; i < 5; ++i) {
    const Result result = Get("k").result;
    EXPECT_EQ(result.outcome, Outcome::kRefused);
    EXPECT_EQ(result.text, "SERVER_ERROR out of memory");
  }
  EXPECT_TRUE(IsUp());
}

TEST_F(SimulatedClientTest, AReplyThatIsCutFailsItsCallAndThoseBehindItAndTheNextOneConnects) {
  Open();
  Store("k", "a value");
  backend_.DropAfter(16);
  std::vector<std::string> told;
  for (int i = 0; i < 2; ++i) {
    client_->Get("k", [&](Result result) {
      EXPECT_EQ(result.failure, CallFailure::kConnectionLost);
      told.push_back(result.text);
    });
  }
  loop_.RunFor(kTimeout);
  EXPECT_THAT(told, ElementsAre("", ""));
  EXPECT_TRUE(IsUp());
  EXPECT_EQ(Get("k").result.text, "a value");
  EXPECT_EQ(backend_.connections(), 2u);
}

TEST_F(SimulatedClientTest, RepliesMatchTheirCallsAtEveryFragmentSize) {
  constexpr int kCalls = 30;
  for (const std::size_t fragment : {1, 2, 5, 10, 100}) {
    backend_.Die();
    backend_.ComeBack();
    Open({.delay_there = kMs, .delay_back = kMs, .fragment_bytes = fragment});
    std::vector<std::string> told;
    for (int i = 0; i < kCalls; ++i) {
      const std::string key = absl::StrCat("key", i);
      // Values with what looks like the end of a reply.
      client_->Set(key, OutgoingValue::Owned(absl::StrCat("END\r\n", i)), {},
                   [&](Result result) { told.push_back(Describe(result)); });
      client_->Get(key, [&](Result result) { told.push_back(std::move(result.text)); });
      client_->Get("absent", [&](Result result) { told.push_back(Describe(result)); });
    }
    loop_.RunFor(kTimeout);
    ASSERT_EQ(told.size(), 3u * kCalls) << fragment;
    for (int i = 0; i < kCalls; ++i) {
      EXPECT_EQ(told[static_cast<std::size_t>(3 * i)], "done");
      EXPECT_EQ(told[static_cast<std::size_t>(3 * i + 1)], absl::StrCat("END\r\n", i));
      EXPECT_EQ(told[static_cast<std::size_t>(3 * i + 2)], "no such key");
    }
    EXPECT_EQ(member().stats().lost_connections, 0u);
  }
}

TEST_F(SimulatedClientTest, AServerThatStopsReadingTimesCallsOutAndNothingIsLostForTheNextOnes) {
  Open({.delay_there = kMs, .delay_back = kMs, .window_bytes = 64});
  Store("k", "value");
  backend_.StopReading();
  const std::string large(1000, 'x');
  int timeouts = 0;
  for (int i = 0; i < 2; ++i) {
    client_->Set("large", OutgoingValue::Borrowed(large), {}, [&](Result result) {
      timeouts += result.failure == CallFailure::kTimedOut ? 1 : 0;
    });
  }
  loop_.RunFor(kTimeout);
  EXPECT_EQ(timeouts, 2);
  EXPECT_GT(member().stats().queued_bytes, 0u);
  backend_.ResumeReading();
  loop_.RunFor(kTimeout);
  EXPECT_EQ(member().stats().queued_bytes, 0u);
  EXPECT_EQ(Get("k").result.text, "value");
  EXPECT_EQ(Get("large").result.text, large) << "a call that was given up may still be executed";
  EXPECT_EQ(backend_.connections(), 1u);
}

TEST_F(SimulatedClientTest, RepliesThatComeAfterAPartitionAnswerNobodyElse) {
  Open();
  Store("k", "old");
  Store("other", "another");
  network_.Partition(address_);
  EXPECT_EQ(Failure("k"), CallFailure::kTimedOut);
  EXPECT_EQ(Failure("k"), CallFailure::kTimedOut);
  std::vector<std::string> told;
  client_->Get("other", [&](Result result) { told.push_back(result.text); });
  loop_.RunFor(10 * kMs);
  network_.Heal(address_);
  loop_.RunFor(10 * kMs);
  EXPECT_THAT(told, ElementsAre("another"));
  EXPECT_EQ(Get("k").result.text, "old");
  EXPECT_TRUE(IsUp());
}

TEST_F(SimulatedClientTest, APartitionedMemberIsProbedUntilItHeals) {
  Open();
  Store("k", "value");
  network_.Partition(address_);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Failure("k"), CallFailure::kTimedOut);
  EXPECT_FALSE(IsUp());
  loop_.RunFor(absl::Minutes(1));
  EXPECT_FALSE(IsUp());
  network_.Heal(address_);
  EXPECT_TRUE(loop_.RunUntil([&] { return IsUp(); }, absl::Seconds(2)));
  EXPECT_EQ(Get("k").result.text, "value");
}

TEST_F(SimulatedClientTest, AMemberThatComesBackElsewhereIsCalledThereAtOnce) {
  Open();
  backend_.Die();
  EXPECT_EQ(Failure("k"), CallFailure::kNotConnected);
  const auto elsewhere = net::SocketAddress::Parse("10.0.0.2:11211", 0).value();
  backend_.ComeBackAt(elsewhere);
  Publish(elsewhere);
  loop_.RunFor(kMs);
  EXPECT_TRUE(IsUp());
  EXPECT_EQ(Get("k").result.outcome, Outcome::kMiss);
}

// For an hour a server dies, hangs and comes back as chance has it, while it is called.
TEST_F(SimulatedClientTest, AMemberThatFlapsCostsNoCallMoreThanItsTimeAndIsBackInTheEnd) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::minstd_rand random(seed);
  Open();
  bool dead = false;
  bool over = false;
  std::size_t begun = 0;
  std::size_t told = 0;
  std::size_t answered = 0;
  std::function<void()> flap = [&] {
    if (over) return;
    switch (random() % 4) {
      case 0:
        if (!dead) backend_.Die();
        dead = true;
        break;
      case 1:
        network_.Partition(address_);
        break;
      case 2:
        backend_.set_silent(random() % 2 == 0);
        break;
      default:
        network_.Heal(address_);
        backend_.set_silent(false);
        if (std::exchange(dead, false)) backend_.ComeBack();
        break;
    }
    loop_.RunAfter(absl::Milliseconds(random() % 2000), flap);
  };
  std::function<void()> call = [&] {
    if (over) return;
    ++begun;
    const absl::Duration start = loop_.MonotonicNow();
    client_->Get("k", [&, start](Result result) {
      ++told;
      EXPECT_LE(loop_.MonotonicNow() - start, kTimeout);
      answered += result.outcome == Outcome::kMiss ? 1u : 0u;
    });
    loop_.RunAfter(absl::Milliseconds(1 + random() % 50), call);
  };
  flap();
  call();
  loop_.RunFor(absl::Hours(1));
  over = true;
  network_.Heal(address_);
  backend_.set_silent(false);
  if (dead) backend_.ComeBack();
  loop_.RunFor(absl::Seconds(3));
  EXPECT_EQ(told, begun);
  EXPECT_GT(answered, begun / 10);
  EXPECT_LT(answered, begun);
  EXPECT_TRUE(IsUp());
  EXPECT_GT(member().stats().times_down, 10u);
  EXPECT_EQ(Get("k").result.outcome, Outcome::kMiss);
  EXPECT_EQ(member().stats().pending_calls, 0u);
}

}  // namespace
}  // namespace ringcache::client

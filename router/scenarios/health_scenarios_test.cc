// When a member is taken for down, what that spares its clients, and how it comes back.

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "router/scenarios/scenario_fixture.h"

namespace ringcache::router {
namespace {

using testing::Each;

constexpr char kTimedOut[] = "SERVER_ERROR timeout\r\n";
constexpr char kRefused[] = "SERVER_ERROR connection error\r\n";
constexpr char kDown[] = "SERVER_ERROR unavailable\r\n";
constexpr char kStored[] = "STORED\r\n";

class HealthScenarios : public ScenarioFixture {
 protected:
  HealthScenarios() {
    options_.cluster.member.first_probe_pause = kSecond;
    options_.cluster.member.max_probe_pause = absl::Seconds(8);
  }

  void ServePool(const std::string& fields = "") {
    Serve(Config({{"A", List({0, 1, 2}, fields)}}, R"("PoolRoute|A")"));
  }
  // Of what a server was asked since the beginning.
  std::vector<absl::Duration> TimesOf(std::size_t server, const std::string& line) {
    std::vector<absl::Duration> times;
    for (const auto& seen : member(server).seen()) {
      if (seen.line == line) times.push_back(seen.time);
    }
    return times;
  }
  // A get of a key of each server, in order.
  std::vector<Told> AskEach(Client& client) {
    std::vector<Told> told;
    for (const std::size_t server : {0, 1, 2}) told.push_back(Await(client, Get(KeyOf(server))));
    return told;
  }
};

TEST_F(HealthScenarios, ASilentMemberCostsThreeTimeoutsThenNothingUntilAProbeIsAnswered) {
  ServePool();
  Client& client = Connect();
  member(0).set_silent(true);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Await(client, Get(KeyOf(0))), (Told{kTimedOut, kTimeout}));
  const Told at_once{kDown, absl::ZeroDuration()};
  EXPECT_EQ(Await(client, Get(KeyOf(0))), at_once);
  member(0).set_silent(false);
  Pass(kSecond * 0.7);
  EXPECT_EQ(Await(client, Get(KeyOf(0))), at_once) << "well, but not probed yet";
  Pass(kSecond * 0.3);
  EXPECT_EQ(Await(client, Get(KeyOf(0))), (Told{kMiss, absl::ZeroDuration()}));
}

TEST_F(HealthScenarios, ARefusedConnectionMarksAMemberDownAtOnceAndForAllClients) {
  ServePool();
  Client& client = Connect();
  Client& other = Connect();
  Store(KeyOf(1), "x");
  member(0).Die();
  EXPECT_EQ(Ask(client, Get(KeyOf(0))), kRefused);
  EXPECT_EQ(Ask(other, Get(KeyOf(0)) + Get(KeyOf(1))), kDown + Hit(KeyOf(1), "x"));
  member(0).ComeBack();
  Pass(kSecond);
  EXPECT_EQ(Ask(other, Set(KeyOf(0), "y")), kStored);
}

TEST_F(HealthScenarios, AHandshakeThatNobodyCompletesMarksAMemberDown) {
  options_.cluster.member.connection.connect_timeout = 40 * kMs;
  ServePool();
  network_.SetDeaf(AddressOf(0), true);
  Client& client = Connect();
  EXPECT_EQ(Await(client, Get(KeyOf(0))), (Told{kRefused, 40 * kMs}));
  EXPECT_EQ(Await(client, Get(KeyOf(0))), (Told{kDown, absl::ZeroDuration()}));
  network_.SetDeaf(AddressOf(0), false);
  Pass(kSecond);
  EXPECT_EQ(Await(client, Get(KeyOf(0))).reply, kMiss);
}

TEST_F(HealthScenarios, ADeadMemberIsProbedWithGrowingPausesAndNotByRequests) {
  ServePool();
  Client& client = Connect();
  member(0).set_silent(true);
  for (int i = 0; i < 3; ++i) Await(client, Get(KeyOf(0)));
  const absl::Duration down = loop_.MonotonicNow();
  ForgetLines();
  for (int i = 0; i < 400; ++i) {
    EXPECT_EQ(Await(client, Get(KeyOf(0))).reply, kDown);
    Pass(kMs * 100);
  }
  EXPECT_THAT(member(0).seen_lines(), Each(std::string("version")));
  absl::Duration last = down;
  absl::Duration nominal = kSecond;
  const std::vector<absl::Duration> probes = TimesOf(0, "version");
  EXPECT_GE(probes.size(), 6u);
  for (const absl::Duration probe : probes) {
    EXPECT_GE(probe - last, 0.75 * nominal);
    EXPECT_LE(probe - last, nominal + options_.cluster.member.probe_timeout);
    nominal = std::min(2 * nominal, absl::Seconds(8));
    last = probe;
  }
}

TEST_F(HealthScenarios, AReplyInBetweenKeepsASlowMemberUp) {
  ServePool();
  Client& client = Connect();
  for (int i = 0; i < 10; ++i) {
    for (const absl::Duration latency : {2 * kTimeout, 2 * kTimeout, absl::ZeroDuration()}) {
      member(0).set_latency(latency);
      EXPECT_EQ(Await(client, Get(KeyOf(0))).reply, latency > kTimeout ? kTimedOut : kMiss);
      Pass(2 * kTimeout);
    }
  }
  EXPECT_EQ(Count(0, "version"), 0u);
}

TEST_F(HealthScenarios, AFlappingMemberIsUsedWheneverItIsUpAndNoRequestWaitsForIt) {
  options_.cluster.member.max_probe_pause = kSecond;
  ServePool();
  Client& client = Connect();
  for (int flap = 0; flap < 20; ++flap) {
    EXPECT_EQ(Ask(client, Set(KeyOf(0), "x")), kStored);
    member(0).Die();
    EXPECT_EQ(Ask(client, Get(KeyOf(0))), kRefused);
    for (int i = 0; i < 5; ++i) {
      Pass(kMs * 300);
      EXPECT_EQ(Await(client, Get(KeyOf(0))), (Told{kDown, absl::ZeroDuration()}));
      EXPECT_EQ(Ask(client, Get(KeyOf(1))), kMiss) << "of another member";
    }
    member(0).ComeBack();
    Pass(kSecond);
  }
}

TEST_F(HealthScenarios, TheMarksCountNoMoreWhenMoreThanMaxDownAreDown) {
  options_.cluster.member.first_probe_pause = absl::Seconds(10);
  options_.cluster.member.max_probe_pause = absl::Seconds(10);
  ServePool(R"("max_down": 1)");
  Client& client = Connect();
  for (const std::size_t server : {0, 1}) {
    member(server).StopReading();
    for (int i = 0; i < 3; ++i) Await(client, Get(KeyOf(server)));
    Pass(kSecond);
    // One may be down. Two: the fault is likelier on this side, and they are asked again.
    EXPECT_EQ(Await(client, Get(KeyOf(server))).reply, server == 0 ? kDown : kTimedOut);
  }
  EXPECT_EQ(Await(client, Get(KeyOf(0))).reply, kTimedOut);
  member(1).ResumeReading();
  EXPECT_EQ(Await(client, Get(KeyOf(1))).reply, kMiss) << "not probed yet, but asked";
  Pass(absl::Seconds(20));
  EXPECT_EQ(Await(client, Get(KeyOf(0))), (Told{kDown, absl::ZeroDuration()}));
}

TEST_F(HealthScenarios, APartitionIsSurvivedAndNothingThatWasLateIsMistakenForAnAnswer) {
  ServePool();
  Client& client = Connect();
  for (const std::size_t server : {0, 1, 2}) Store(KeyOf(server), absl::StrCat("of ", server));
  network_.Partition(AddressOf(0));
  EXPECT_EQ(Await(client, Get(KeyOf(0)) + Get(KeyOf(0, 1)) + Get(KeyOf(1))),
            (Told{absl::StrCat(kTimedOut, kTimedOut, Hit(KeyOf(1), "of 1")), kTimeout}));
  EXPECT_EQ(Await(client, Set(KeyOf(0), "late")).reply, kTimedOut);
  EXPECT_EQ(Await(client, Get(KeyOf(0))).reply, kDown);
  Pass(absl::Minutes(1));
  network_.Heal(AddressOf(0));
  Pass(absl::Seconds(10));
  const std::string value = ValueAt(0, KeyOf(0));
  EXPECT_EQ(Await(client, Get(KeyOf(0, 1)) + Get(KeyOf(0)) + Get(KeyOf(2))).reply,
            kMiss + Hit(KeyOf(0), value) + Hit(KeyOf(2), "of 2"));
}

TEST_F(HealthScenarios, AMemberThatTalksNonsenseIsLeftAloneUntilItAnswersAProbe) {
  ServePool();
  Client& client = Connect();
  member(0).AnswerNext(2, "I am a mail server\r\n");
  EXPECT_EQ(Await(client, Get(KeyOf(0))).reply, "SERVER_ERROR remote error\r\n");
  EXPECT_EQ(Await(client, Get(KeyOf(0))).reply, kDown);
  Pass(kSecond);
  EXPECT_EQ(Count(0, "version"), 1u);
  EXPECT_EQ(Await(client, Get(KeyOf(0))).reply, kDown) << "the probe's answer was nonsense, too";
  Pass(absl::Seconds(3));
  EXPECT_EQ(Await(client, Get(KeyOf(0))).reply, kMiss);
}

TEST_F(HealthScenarios, AServersErrorIsItsAnswerAndNoReasonToDoubtIt) {
  ServePool();
  Client& client = Connect();
  for (int i = 0; i < 10; ++i) {
    member(0).AnswerNext(1, "SERVER_ERROR out of memory storing object\r\n");
    EXPECT_EQ(Await(client, Set(KeyOf(0), "x")).reply,
              "SERVER_ERROR out of memory storing object\r\n");
  }
  EXPECT_EQ(Await(client, Set(KeyOf(0), "x")).reply, kStored);
  EXPECT_EQ(member(0).connections(), 1u);
}

TEST_F(HealthScenarios, WithAllMembersDownTheRouterItselfStillAnswers) {
  ServePool();
  Client& client = Connect();
  for (const std::size_t server : {0, 1, 2}) member(server).Die();
  AskEach(client);
  EXPECT_THAT(AskEach(client), Each(Told{kDown, absl::ZeroDuration()}));
  EXPECT_EQ(Ask(client, "version\r\nget __mcrouter__.pools\r\nmn\r\n"),
            "VERSION test\r\n" + Hit("__mcrouter__.pools", "told of pools") + "MN\r\n");
  for (const std::size_t server : {0, 1, 2}) member(server).ComeBack();
  Pass(kSecond);
  EXPECT_THAT(AskEach(client), Each(Told{kMiss, absl::ZeroDuration()}));
}

TEST_F(HealthScenarios, TimeoutsNeverMarkAMemberDownIfThatIsSwitchedOff) {
  options_.cluster.member.timeouts_to_down = 0;
  ServePool();
  Client& client = Connect();
  member(0).StopReading();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Await(client, Get(KeyOf(0))), (Told{kTimedOut, kTimeout}));
  member(0).ResumeReading();
  EXPECT_EQ(Await(client, Get(KeyOf(0))).reply, kMiss);
}

}  // namespace
}  // namespace ringcache::router

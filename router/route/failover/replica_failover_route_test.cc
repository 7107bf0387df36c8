#include "router/route/failover/replica_failover_route.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "router/route/route_fixture.h"
#include "router/route/scripted_pool.h"

namespace ringcache::router {
namespace {

class ReplicaFailoverRouteTest : public RouteFixture {
 protected:
  // Member 0 owns key_; who owns it next.
  std::uint32_t Next() { return servers_.pool().OwnerOf(key_, 1); }
  std::string AskFor(absl::string_view command, absl::string_view rest = "") {
    return Ask(&route_, absl::StrCat(command, " ", key_, rest));
  }
  Lines AskedNext() { return servers_.TakeRequests(Next()); }
  std::string Line(absl::string_view command, absl::string_view rest = "") {
    return absl::StrCat(command, " ", key_, rest);
  }

  ScriptedPool servers_{&loop_, 3};
  ReplicaFailoverRoute route_{&servers_.pool(), {}};
  const std::string key_ = servers_.KeyOf(0);
};

TEST_F(ReplicaFailoverRouteTest, TheOwnerIsAsked) {
  EXPECT_EQ(AskFor("get"), "VALUE 0 0");
  EXPECT_EQ(AskFor("set", " 0 0 1 = a"), "STORED");
  EXPECT_EQ(servers_.TakeRequests(0), (Lines{Line("get"), Line("set", " 0 0 1 = a")}));
  EXPECT_EQ(AskedNext(), Lines{});
}

TEST_F(ReplicaFailoverRouteTest, WhileTheOwnerRefusesEverythingGoesToTheNextMember) {
  servers_.Refuses(0);
  EXPECT_EQ(AskFor("get"), absl::StrCat("VALUE 0 ", Next()));
  EXPECT_EQ(AskFor("incr", " 1"), "1");
  EXPECT_EQ(AskFor("delete"), "DELETED");
  EXPECT_EQ(AskedNext(), (Lines{Line("get"), Line("incr", " 1"), Line("delete")}));
}

TEST_F(ReplicaFailoverRouteTest, WhatAStandInStoresLivesBriefly) {
  servers_.Refuses(0);
  AskFor("set", " 0 0 1 = a");
  AskFor("set", " 0 30 1 = a");
  AskFor("ms", " 1 F5 = a");
  EXPECT_EQ(AskedNext(), (Lines{Line("set", " 0 60 1 = a"), Line("set", " 0 30 1 = a"),
                                Line("ms", " 1 F5 T60 = a")}));
}

TEST_F(ReplicaFailoverRouteTest, AfterATimeoutOnlyWhatIsSafeIsRepeated) {
  servers_.Says(0, "");
  EXPECT_EQ(AskFor("get"), absl::StrCat("VALUE 0 ", Next()));
  EXPECT_EQ(AskFor("incr", " 1"), "!timed out");
  EXPECT_EQ(AskedNext(), Lines{Line("get")});
}

TEST_F(ReplicaFailoverRouteTest, AnErrorLineIsAReply) {
  servers_.Says(0, "SERVER_ERROR out of memory storing object");
  EXPECT_EQ(AskFor("set", " 0 0 1 = a"), "SERVER_ERROR out of memory storing object");
  EXPECT_EQ(AskedNext(), Lines{});
}

TEST_F(ReplicaFailoverRouteTest, AMissIsAReply) {
  servers_.Says(0, "END");
  EXPECT_EQ(AskFor("get"), "END");
  EXPECT_EQ(AskedNext(), Lines{});
}

TEST_F(ReplicaFailoverRouteTest, OnlySoManyMembersAreAsked) {
  servers_.Refuses(0);
  servers_.Refuses(Next());
  EXPECT_EQ(AskFor("get"), "!cannot connect");
  ReplicaFailoverRoute two(&servers_.pool(), {.replicas = 2});
  EXPECT_EQ(Ask(&two, Line("get")), absl::StrCat("VALUE 0 ", 3 - Next()));
  ReplicaFailoverRoute all(&servers_.pool(), {.replicas = ReplicaFailoverOptions::kMaxReplicas});
  EXPECT_EQ(Ask(&all, Line("get")), absl::StrCat("VALUE 0 ", 3 - Next()));
}

TEST_F(ReplicaFailoverRouteTest, TheShortWayIsTheOwnersAndOnlyFailuresGoOn) {
  EXPECT_EQ(AskFirst(&route_, Line("get"), "END"), "END");
  EXPECT_EQ(AskFirst(&route_, Line("get"), "SERVER_ERROR busy"), "SERVER_ERROR busy");
  EXPECT_EQ(AskFirst(&route_, Line("get"), "!timed out"), absl::StrCat("VALUE 0 ", Next()));
  EXPECT_EQ(AskFirst(&route_, Line("incr", " 1"), "!timed out"), "!timed out");
  EXPECT_EQ(AskFirst(&route_, Line("incr", " 1"), "!marked down"), "1");
  EXPECT_EQ(servers_.TakeRequests(0), Lines{});
}

TEST_F(ReplicaFailoverRouteTest, NoMemberIsAFailure) {
  BackendPool none(&resources_, {});
  ReplicaFailoverRoute route(&none, {});
  EXPECT_EQ(Ask(&route, "get key"), "!no members found yet");
}

TEST_F(ReplicaFailoverRouteTest, WhatIsTheSameTwiceMayBeRepeated) {
  const auto may_repeat = [](const char* text, const char* failure) {
    return ReplicaFailoverRoute::MayRepeat(RequestOf(text).request, *ReplyOf(failure).failure);
  };
  for (const char* text : {"get k", "gets k", "set k 0 0 1 = a", "delete k", "mg k v", "mg k v T5",
                           "ms k 1 T5 = a", "ms k 1 MS = a", "md k"}) {
    EXPECT_TRUE(may_repeat(text, "!timed out")) << text;
    EXPECT_TRUE(may_repeat(text, "!connection lost")) << text;
    EXPECT_FALSE(may_repeat(text, "!the client was closed")) << text;
  }
  for (const char* text :
       {"incr k 1", "decr k 1", "append k 0 0 1 = a", "prepend k 0 0 1 = a", "add k 0 0 1 = a",
        "replace k 0 0 1 = a", "cas k 0 0 1 7 = a", "touch k 5", "gat 5 k", "ma k", "mg k v N5",
        "mg k v R5", "ms k 1 C5 = a", "ms k 1 E5 = a", "ms k 1 I = a", "ms k 1 ME = a",
        "ms k 1 MA = a", "md k C5", "md k I"}) {
    EXPECT_FALSE(may_repeat(text, "!timed out")) << text;
    EXPECT_TRUE(may_repeat(text, "!marked down")) << text;
    EXPECT_TRUE(may_repeat(text, "!cannot connect")) << text;
  }
}

TEST_F(ReplicaFailoverRouteTest, ItIsReadFromAConfiguration) {
  FakeBuilder builder(&servers_.pool());
  Route* const route =
      *builder.Make(MakeReplicaFailoverRoute,
                    R"({"pool": "A", "replicas": 2, "failover_exptime": 7, "hash": "Ch3"})");
  servers_.Refuses(0);
  EXPECT_EQ(Ask(route, Line("set", " 0 0 1 = a")), "STORED");
  EXPECT_EQ(AskedNext(), Lines{Line("set", " 0 7 1 = a")});
  EXPECT_EQ(Shown(*route, Line("get")),
            absl::StrCat("replica-failover|scripted .cache-0:11211 .cache-", Next(),
                         ":11211 .cache-", 3 - Next(), ":11211"));
  EXPECT_NE(Complaint(MakeReplicaFailoverRoute, R"({"pool": "A", "replicas": 8})"), "");
  EXPECT_NE(Complaint(MakeReplicaFailoverRoute, R"({"pool": "A", "failover_exptime": 0})"), "");
  EXPECT_NE(Complaint(MakeReplicaFailoverRoute, R"({"replicas": 1})"), "");
}

}  // namespace
}  // namespace ringcache::router

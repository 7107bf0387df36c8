// The router's sessions in simulated time: what a client says and hears, in whatever pieces it
// comes and in whatever order members answer.

#include "router/client_session.h"

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "router/router_fixture.h"

namespace ringcache::router {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ClientSessionTest : public RouterFixture {
 protected:
  // Of every kind, to three members, and what is answered.
  struct Conversation {
    std::string said;
    std::string heard;
    void Add(absl::string_view request, absl::string_view reply) {
      absl::StrAppend(&said, request);
      absl::StrAppend(&heard, reply);
    }
  };
  Conversation LongConversation() const {
    Conversation c;
    for (std::size_t i = 0; i < 3; ++i) {
      const std::string key = KeyOf(i);
      const std::string value = absl::StrCat("END\r\n", Bytes(100 * i));
      c.Add(absl::StrCat("delete ", key, "\r\n"), "NOT_FOUND\r\n");
      c.Add(Set(key, value), "STORED\r\n");
      c.Add(absl::StrCat("get ", key, "\r\n"), Found(key, value) + "END\r\n");
      c.Add(absl::StrCat("gat 0  ", key, " \r\n"), Found(key, value) + "END\r\n");
      c.Add(
          absl::StrCat("mg ", key, " s v k\n"),
          absl::StrCat("VA ", value.size(), " s", value.size(), " k", key, "\r\n", value, "\r\n"));
      c.Add(absl::StrCat("append ", key, " 0 0 1 noreply\r\n!\r\n"), "");
      c.Add(absl::StrCat("mg ", key, " v\r\n"),
            absl::StrCat("VA ", value.size() + 1, "\r\n", value, "!\r\n"));
      c.Add(absl::StrCat("no such command\r\n"), "ERROR\r\n");
      c.Add(absl::StrCat("get ", KeyOf(0), " ", KeyOf(1), " ", KeyOf(2), " none\r\n"), "");
      for (std::size_t j = 0; j <= i; ++j) {
        c.heard += Found(KeyOf(j), absl::StrCat("END\r\n", Bytes(100 * j), "!"));
      }
      c.heard += "END\r\n";
      c.Add("version\r\nmn\r\n", "VERSION test\r\nMN\r\n");
    }
    return c;
  }
};

TEST_F(ClientSessionTest, AnswersAtEveryFragmentSize) {
  Start();
  for (const std::size_t fragment : {1u, 2u, 5u, 10u, 100u, 0u}) {
    for (std::size_t i = 0; i < 3; ++i) member(i).cache().Clear();
    const Conversation conversation = LongConversation();
    Client& client = Connect({.fragment_bytes = fragment});
    EXPECT_EQ(Ask(client, conversation.said), conversation.heard) << fragment;
  }
}

TEST_F(ClientSessionTest, RepliesThatComeInFragmentsArePassedOnWhole) {
  for (const std::size_t fragment : {1u, 2u, 5u, 10u, 100u}) {
    SCOPED_TRACE(fragment);
    for (std::size_t i = 0; i < 3; ++i) {
      network_.SetLink(AddressOf(i), {.fragment_bytes = fragment});
    }
    members_.clear();
    worker_.reset();
    Start();
    const Conversation conversation = LongConversation();
    Client& client = Connect();
    EXPECT_EQ(Ask(client, conversation.said), conversation.heard);
    client.peer.HangUp();
    Settle();
  }
}

TEST_F(ClientSessionTest, RepliesLeaveInTheOrderOfTheirRequests) {
  Start();
  for (std::size_t i = 0; i < 3; ++i) {
    Store(KeyOf(i), absl::StrCat("of ", i));
    // The first asked answers last.
    member(i).set_latency(static_cast<int>(3 - i) * 10 * kMs);
  }
  Client& client = Connect();
  for (std::size_t i = 0; i < 3; ++i) {
    client.peer.Say(absl::StrCat("get ", KeyOf(i), "\r\nmg ", KeyOf(i, 1), " v\r\nmn\r\n"));
  }
  Pass(29 * kMs);
  EXPECT_EQ(Heard(client), "") << "the first member has not answered";
  Pass(2 * kMs);
  std::string expected;
  for (std::size_t i = 0; i < 3; ++i) {
    absl::StrAppend(&expected, Found(KeyOf(i), absl::StrCat("of ", i)), "END\r\nEN\r\nMN\r\n");
  }
  EXPECT_EQ(Heard(client), expected);
}

TEST_F(ClientSessionTest, RequestsOfOneWakeUpLeaveInOneWriteAndSoDoTheirReplies) {
  Start();
  for (std::size_t i = 0; i < 3; ++i) Store(KeyOf(i), "value");
  Client& first = Connect();
  Client& second = Connect();
  std::string text;
  std::string reply;
  for (int n = 0; n < 20; ++n) {
    for (std::size_t i = 0; i < 3; ++i) {
      absl::StrAppend(&text, "get ", KeyOf(i), "\r\n");
      absl::StrAppend(&reply, Found(KeyOf(i), "value"), "END\r\n");
    }
  }
  const std::vector<int> before = {writes_to(0), writes_to(1), writes_to(2)};
  first.peer.Say(text);
  second.peer.Say(text);
  Settle();
  EXPECT_EQ(Heard(first), reply);
  EXPECT_EQ(Heard(second), reply);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(writes_to(i), before[i] + 1) << i;
  EXPECT_EQ(first.writes, 1);
  EXPECT_EQ(second.writes, 1);
}

TEST_F(ClientSessionTest, ClientsShareOneConnectionToEachMemberAndHearTheirOwnReplies) {
  Start(1);
  Client& first = Connect();
  Client& second = Connect();
  first.peer.Say(Set("a", "of the first"));
  second.peer.Say(Set("b", "of the second"));
  Settle();
  first.peer.Say("get a\r\n");
  second.peer.Say("get b\r\nget a\r\n");
  Settle();
  EXPECT_EQ(Heard(first), "STORED\r\n" + Found("a", "of the first") + "END\r\n");
  EXPECT_EQ(Heard(second), "STORED\r\n" + Found("b", "of the second") + "END\r\n" +
                               Found("a", "of the first") + "END\r\n");
  EXPECT_EQ(member(0).connections(), 1u);
}

TEST_F(ClientSessionTest, WhatAQuietClientDoesNotWantToHearIsLeftOutAndTheOrderStays) {
  Start();
  Client& client = Connect();
  const std::string a = KeyOf(0);
  const std::string b = KeyOf(1);
  member(0).set_latency(5 * kMs);
  client.peer.Say(absl::StrCat("set ", a, " 0 0 1 noreply\r\n1\r\n",  // hidden
                               "mg ", b, " v q k\r\n",                // a miss: hidden
                               "ms ", b, " 1 q\r\n2\r\n",             // stored: hidden
                               "mg ", b, " v q k\r\n",                // a hit
                               "ms ", a, " 1 ME q\r\n0\r\n",          // not stored: told
                               "mg ", a, " v q\r\n",                  // a hit
                               "md ", a, " q\r\n",                    // deleted: hidden
                               "md ", a, " q\r\n",                    // not there: told
                               "ma ", a, " q\r\n",                    // not there: told
                               "delete ", a, " noreply\r\nincr ", a, " 1 noreply\r\n", "touch ", a,
                               " 1 noreply\r\nmn\r\n"));
  Settle();
  EXPECT_EQ(Heard(client), "");
  Pass(10 * kMs);
  EXPECT_EQ(Heard(client),
            absl::StrCat("VA 1 k", b, "\r\n2\r\nNS\r\nVA 1\r\n1\r\nNF\r\nNF\r\nMN\r\n"));
}

TEST_F(ClientSessionTest, MembersAreNeverAskedQuietly) {
  Start(1);
  Client& client = Connect();
  EXPECT_EQ(Ask(client, "set k 0 0 1 noreply\r\nx\r\nmg k v q Oq\r\nmd k q\r\nmn\r\n"),
            "VA 1 Oq\r\nx\r\nMN\r\n");
  EXPECT_THAT(LinesTo(0), ElementsAre("set k 0 0 1", "mg k v Oq", "md k"));
}

TEST_F(ClientSessionTest, BadCommandsAreAnsweredInTheirPlace) {
  Start();
  Client& client = Connect();
  const std::string key = KeyOf(0);
  member(0).set_latency(kMs);
  const std::string long_key(251, 'k');
  client.peer.Say(absl::StrCat(Set(key, "1"), "wrong\r\n", "get ", key, "\r\n", "get ", long_key,
                               "\r\n", "incr ", key, " x\r\n", "set ", key, " 0 0 x\r\nget\r\nset ",
                               key, " 0 0 3\r\nlonger\r\n", "get ", key, "\r\nset ", long_key,
                               " 0 0 5\r\nget a\r\nmn\r\n"));
  Pass(2 * kMs);
  EXPECT_EQ(Heard(client),
            absl::StrCat("STORED\r\nERROR\r\n", Found(key, "1"), "END\r\n",
                         "CLIENT_ERROR bad command line format\r\n",
                         "CLIENT_ERROR invalid numeric delta argument\r\n",
                         "CLIENT_ERROR bad command line format\r\nERROR\r\n",
                         "CLIENT_ERROR bad data chunk\r\nERROR\r\n", Found(key, "1"), "END\r\n",
                         "CLIENT_ERROR bad command line format\r\nMN\r\n"));
}

TEST_F(ClientSessionTest, ABinaryClientAndABrowserAreClosedWithoutAWord) {
  Start();
  for (const absl::string_view said : {"\x80\x01", "GET / HTTP/1.1\r\n"}) {
    Client& client = Connect();
    EXPECT_EQ(Ask(client, said), "");
    EXPECT_TRUE(client.peer.was_left());
  }
}

TEST_F(ClientSessionTest, ValuesOfAnyLengthGoBothWays) {
  options_.max_held_value_bytes = 2u << 20;
  Start();
  Client& client = Connect();
  for (const std::size_t bytes :
       {0u, 1u, 2u, 4094u, 4095u, 4096u, 4097u, 16u << 10, 64u << 10, 65537u, 1u << 20}) {
    SCOPED_TRACE(bytes);
    const std::string value = Bytes(bytes);
    for (std::size_t i = 0; i < 3; ++i) {
      const std::string key = KeyOf(i);
      EXPECT_EQ(Ask(client, Set(key, value)), "STORED\r\n");
      EXPECT_EQ(member(i).cache().Find(key, loop_.WallNow())->value, value);
      EXPECT_EQ(Ask(client, absl::StrCat("get ", key, "\r\nmn\r\n")),
                Found(key, value) + "END\r\nMN\r\n");
      EXPECT_EQ(Ask(client, absl::StrCat("mg ", key, " v\r\nmn\r\n")),
                absl::StrCat("VA ", bytes, "\r\n", value, "\r\nMN\r\n"));
    }
    std::string line = "get";
    std::string reply;
    for (std::size_t i = 0; i < 3; ++i) {
      absl::StrAppend(&line, " ", KeyOf(i));
      reply += Found(KeyOf(i), value);
    }
    EXPECT_EQ(Ask(client, line + "\r\nmn\r\n"), reply + "END\r\nMN\r\n");
  }
}

TEST_F(ClientSessionTest, LongValuesGoBothWaysInFragments) {
  network_.SetLink(AddressOf(0), {.fragment_bytes = 100});
  Start(1);
  for (const std::size_t fragment : {1u, 2u, 5u, 10u, 100u}) {
    Client& client = Connect({.fragment_bytes = fragment});
    for (const std::size_t bytes : {4095u, 4096u, 4097u, 20'000u}) {
      const std::string value = Bytes(bytes, static_cast<unsigned>(fragment));
      EXPECT_EQ(Ask(client, Set("k", value) + "get k\r\n"),
                "STORED\r\n" + Found("k", value) + "END\r\n")
          << fragment << ", " << bytes;
    }
  }
}

TEST_F(ClientSessionTest, ALongValueThatEndsWronglyIsRefusedWhole) {
  Start(1);
  Client& client = Connect();
  const std::string value(20'000, 'x');
  EXPECT_EQ(Ask(client, absl::StrCat("set k 0 0 20000\r\n", value, "xymn\r\nset k 0 0 20000 ",
                                     "noreply\r\n", value, "xymn\r\n")),
            "CLIENT_ERROR bad data chunk\r\nMN\r\nMN\r\n");
  EXPECT_THAT(LinesTo(0), IsEmpty());
}

TEST_F(ClientSessionTest, ErrorsOfMetaRequestsAreToldAlsoToQuietClients) {
  Start(1);
  Client& client = Connect();
  EXPECT_EQ(Ask(client, "ms k 3 q\r\nlonger\r\nmn\r\n"),
            "CLIENT_ERROR bad data chunk\r\nERROR\r\nMN\r\n");
  const std::string value(20'000, 'x');
  EXPECT_EQ(Ask(client, absl::StrCat("ms k 20000 q\r\n", value, "xymn\r\n")),
            "CLIENT_ERROR bad data chunk\r\nMN\r\n");
}

TEST_F(ClientSessionTest, AKeyWithoutARouteIsToldUnlessTheClientIsQuiet) {
  Start(1);
  Client& client = Connect();
  constexpr absl::string_view kNoRoute = "SERVER_ERROR RootRoute: No rh found\r\n";
  EXPECT_EQ(Ask(client, "get /no/where/k\r\n"), kNoRoute);
  EXPECT_EQ(Ask(client, "set /no/where/k 0 0 1\r\nx\r\n"), kNoRoute);
  EXPECT_EQ(Ask(client, "set /no/where/k 0 0 1 noreply\r\nx\r\nmn\r\n"), "MN\r\n");
  EXPECT_EQ(Ask(client, "ms /no/where/k 1 q\r\nx\r\nmn\r\n"), absl::StrCat(kNoRoute, "MN\r\n"));
  EXPECT_THAT(LinesTo(0), IsEmpty());
}

TEST_F(ClientSessionTest, KeysWithARoutingPrefixAreSentWithoutItAndToldWithIt) {
  const std::string pools = absl::StrCat(R"({"pools": {"A": )", PoolJson(1), "}, ");
  StartWith(absl::StrCat(pools, R"("routes": [{"aliases": ["/a/a/", "/b/b/"],
                                                "route": "PoolRoute|A"}]})"),
            1);
  Client& client = Connect();
  EXPECT_EQ(Ask(client, Set("/a/a/k", "x")), "STORED\r\n");
  EXPECT_EQ(Ask(client, "get /b/b/k\r\n"), Found("/b/b/k", "x") + "END\r\n");
  EXPECT_EQ(Ask(client, "get /b/b/k none /a/a/k k /a/a/none\r\n"),
            Found("/b/b/k", "x") + Found("/a/a/k", "x") + "END\r\n");
  EXPECT_EQ(Ask(client, "mg /a/a/k k v Oo\r\n"), "VA 1 k/a/a/k Oo\r\nx\r\n");
  EXPECT_EQ(Ask(client, "gets /a/a/k\r\n"), "VALUE /a/a/k 0 1 1\r\nx\r\nEND\r\n");
  EXPECT_EQ(Ask(client, "delete /a/a/k noreply\r\nget /b/b/k\r\n"), "END\r\n");
  EXPECT_THAT(LinesTo(0).front(), "set k 0 0 1");
}

TEST_F(ClientSessionTest, ManyRequestsOfOneClientLetOthersHaveTheirTurn) {
  options_.max_requests_per_event = 10;
  Start(1);
  Client& first = Connect();
  Client& second = Connect();
  std::string text;
  std::string reply;
  for (int i = 0; i < 1000; ++i) {
    text += "mn\r\n";
    reply += "MN\r\n";
  }
  first.peer.Say(text);
  second.peer.Say("mn\r\n");
  ASSERT_TRUE(loop_.RunUntil([&] { return !second.peer.received().empty(); }, kMs));
  EXPECT_LT(first.peer.received().size(), reply.size() / 2);
  Settle();
  EXPECT_EQ(Heard(first), reply);
  EXPECT_GE(worker_->counters()[RouterCounter::kYields].value(), 99u);
}

}  // namespace
}  // namespace ringcache::router

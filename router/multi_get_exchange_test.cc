// Retrieval by several keys through the router: split among members, merged in the order of the
// keys, whatever fails meanwhile.

#include "router/multi_get_exchange.h"

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "router/route/fake_route.h"
#include "router/router_fixture.h"

namespace ringcache::router {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

class MultiGetExchangeTest : public RouterFixture {
 protected:
  // Three of each member, of which the second is not stored.
  void StartWithItems() {
    Start();
    for (std::size_t i = 0; i < 3; ++i) {
      for (const int number : {0, 2}) Store(KeyOf(i, number), ValueOf(i, number));
    }
    for (const auto& member : members_) member->ForgetSeen();
  }
  static std::string ValueOf(std::size_t member, int number) {
    return absl::StrCat("value ", number, " of ", member);
  }
  std::string FoundOf(std::size_t member, int number) const {
    return Found(KeyOf(member, number), ValueOf(member, number));
  }
  // Member by member in turn, and what is found of it in members other than `lost`.
  std::string AllKeys() const {
    std::string keys;
    for (const int number : {0, 1, 2}) {
      for (std::size_t i = 0; i < 3; ++i) absl::StrAppend(&keys, " ", KeyOf(i, number));
    }
    return keys;
  }
  std::string AllFound(std::size_t lost = 99) const {
    std::string found;
    for (const int number : {0, 2}) {
      for (std::size_t i = 0; i < 3; ++i) {
        if (i != lost) found += FoundOf(i, number);
      }
    }
    return found;
  }
};

TEST_F(MultiGetExchangeTest, IsSplitIntoOneLineForEachMemberAndMergedInTheOrderOfTheKeys) {
  StartWithItems();
  Client& client = Connect();
  EXPECT_EQ(Ask(client, absl::StrCat("get", AllKeys(), "\r\n")), AllFound() + "END\r\n");
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_THAT(LinesTo(i),
                ElementsAre(absl::StrCat("get ", KeyOf(i, 0), " ", KeyOf(i, 1), " ", KeyOf(i, 2))));
  }
}

TEST_F(MultiGetExchangeTest, TheOrderOfTheMembersRepliesDoesNotMatter) {
  StartWithItems();
  const std::vector<std::vector<int>> orders = {{0, 1, 2}, {2, 1, 0}, {1, 0, 2}, {2, 0, 1}};
  for (const std::vector<int>& order : orders) {
    for (std::size_t i = 0; i < 3; ++i) member(i).set_latency(order[i] * kMs);
    Client& client = Connect();
    client.peer.Say(absl::StrCat("get", AllKeys(), "\r\nmn\r\nget", AllKeys(), "\r\n"));
    Pass(10 * kMs);
    EXPECT_EQ(Heard(client), AllFound() + "END\r\nMN\r\n" + AllFound() + "END\r\n");
  }
}

TEST_F(MultiGetExchangeTest, AKeyThatIsAskedForTwiceIsToldTwice) {
  StartWithItems();
  Client& client = Connect();
  const std::string a = KeyOf(0);
  const std::string b = KeyOf(1);
  const std::string none = KeyOf(0, 1);
  EXPECT_EQ(
      Ask(client,
          absl::StrCat("get ", a, " ", a, " ", none, " ", b, " ", a, " ", none, " ", b, "\r\n")),
      FoundOf(0, 0) + FoundOf(0, 0) + FoundOf(1, 0) + FoundOf(0, 0) + FoundOf(1, 0) + "END\r\n");
}

TEST_F(MultiGetExchangeTest, MissesOnlyAreAnEnd) {
  StartWithItems();
  Client& client = Connect();
  EXPECT_EQ(Ask(client, absl::StrCat("get ", KeyOf(0, 1), " ", KeyOf(1, 1), "\r\n")), "END\r\n");
  EXPECT_EQ(Ask(client, absl::StrCat("get ", KeyOf(0, 1), " ", KeyOf(0, 1), "\r\n")), "END\r\n");
}

TEST_F(MultiGetExchangeTest, EveryKindOfRetrievalIsSplitAsItIs) {
  StartWithItems();
  Client& client = Connect();
  const std::string keys = absl::StrCat(" ", KeyOf(0), "  ", KeyOf(1), " ");
  EXPECT_EQ(Ask(client, absl::StrCat("gat 0 ", keys, "\r\n")),
            FoundOf(0, 0) + FoundOf(1, 0) + "END\r\n");
  EXPECT_EQ(Ask(client, absl::StrCat("gets", keys, "\r\n")),
            absl::StrCat("VALUE ", KeyOf(0), " 0 12 1\r\n", ValueOf(0, 0), "\r\nVALUE ", KeyOf(1),
                         " 0 12 1\r\n", ValueOf(1, 0), "\r\nEND\r\n"));
  EXPECT_THAT(LinesTo(0),
              ElementsAre(absl::StrCat("gat 0 ", KeyOf(0)), absl::StrCat("gets ", KeyOf(0))));
}

TEST_F(MultiGetExchangeTest, KeysOfAMemberThatIsLostInTheMidstOfItsReplyAreMisses) {
  StartWithItems();
  member(1).DropAfter(FoundOf(1, 0).size() + 5);
  Client& client = Connect();
  // The first of its keys had come.
  EXPECT_EQ(Ask(client, absl::StrCat("get", AllKeys(), "\r\nmn\r\n")),
            FoundOf(0, 0) + FoundOf(1, 0) + FoundOf(2, 0) + FoundOf(0, 2) + FoundOf(2, 2) +
                "END\r\nMN\r\n");
  EXPECT_EQ(Ask(client, absl::StrCat("get", AllKeys(), "\r\n")), AllFound() + "END\r\n");
}

TEST_F(MultiGetExchangeTest, AnErrorIsToldInPlaceOfTheEndIfItIsToBeTold) {
  options_.miss_on_get_errors = false;
  StartWithItems();
  Client& client = Connect();
  member(1).AnswerNext(1, "SERVER_ERROR out of memory\r\n");
  EXPECT_EQ(Ask(client, absl::StrCat("get", AllKeys(), "\r\nmn\r\n")),
            AllFound(1) + "SERVER_ERROR remote error\r\nMN\r\n");
  member(1).Die();
  EXPECT_EQ(Ask(client, absl::StrCat("get", AllKeys(), "\r\nmn\r\n")),
            AllFound(1) + "SERVER_ERROR remote error\r\nMN\r\n");
}

TEST_F(MultiGetExchangeTest, AMemberThatIsSilentCostsItsTimeAndItsKeys) {
  StartWithItems();
  member(2).set_silent(true);
  Client& client = Connect();
  client.peer.Say(absl::StrCat("get", AllKeys(), "\r\n"));
  Pass(kTimeout - kMs);
  EXPECT_EQ(Heard(client), "");
  Pass(kMs);
  EXPECT_EQ(Heard(client), AllFound(2) + "END\r\n");
}

TEST_F(MultiGetExchangeTest, AValueOfAnotherKeyIsNotBelievedNorIsWhatFollows) {
  StartWithItems();
  Client& client = Connect();
  for (const absl::string_view reply :
       {"VALUE another 0 1\r\nx\r\nEND\r\n", "VALUE @2 0 1\r\nx\r\nVALUE @0 0 1\r\ny\r\nEND\r\n",
        "VALUE @0 0 1\r\nx\r\nVALUE @0 0 1\r\ny\r\nEND\r\n"}) {
    SCOPED_TRACE(reply);
    member(1).AnswerNext(1, absl::StrReplaceAll(reply, {{"@0", KeyOf(1, 0)}, {"@2", KeyOf(1, 2)}}));
    const std::string heard = Ask(client, absl::StrCat("get", AllKeys(), "\r\nmn\r\n"));
    EXPECT_THAT(heard, testing::Not(testing::HasSubstr("another")));
    EXPECT_THAT(heard, testing::Not(testing::HasSubstr("\r\ny\r\n")));
    EXPECT_THAT(heard, testing::EndsWith("END\r\nMN\r\n"));
    EXPECT_EQ(member(1).open_connections(), 0u);
    Pass(absl::Seconds(1));
    EXPECT_EQ(Ask(client, absl::StrCat("get", AllKeys(), "\r\n")), AllFound() + "END\r\n");
  }
}

TEST_F(MultiGetExchangeTest, RepliesComeWholeAtEveryFragmentSize) {
  for (const std::size_t fragment : {1u, 2u, 5u, 10u, 100u}) {
    SCOPED_TRACE(fragment);
    for (std::size_t i = 0; i < 3; ++i) {
      network_.SetLink(AddressOf(i), {.fragment_bytes = fragment});
    }
    members_.clear();
    worker_.reset();
    StartWithItems();
    Client& client = Connect({.fragment_bytes = fragment});
    EXPECT_EQ(Ask(client, absl::StrCat("get", AllKeys(), "\r\nget", AllKeys(), "\r\nmn\r\n")),
              AllFound() + "END\r\n" + AllFound() + "END\r\nMN\r\n");
    client.peer.HangUp();
    Settle();
  }
}

TEST_F(MultiGetExchangeTest, KeysThatRoutesCarryOutComeInTheirPlace) {
  auto route = std::make_unique<FakeRoute>("r");
  int asked = 0;
  route->set_answer([&](const std::string& request) {
    return ++asked % 2 == 0 ? std::string("END") : absl::StrCat("VALUE 0 ", request.substr(4));
  });
  route->set_latency(kMs);
  StartWith(std::move(route));
  Client& client = Connect();
  client.peer.Say("get a b c d e\r\nmn\r\n");
  Pass(2 * kMs);
  EXPECT_EQ(Heard(client), Found("a", "a") + Found("c", "c") + Found("e", "e") + "END\r\nMN\r\n");
}

// Clients put all keys of a retrieval into one line, however many there are.
class LongLineTest : public MultiGetExchangeTest {
 protected:
  // "get" and `keys` keys, some of which are found.
  std::string LongLine(absl::string_view head, int keys, std::string* found) const {
    std::string line(head);
    for (int i = 0; i < keys; ++i) {
      const auto member = static_cast<std::size_t>(i) % 3;
      const bool is_found = i % 1000 < 3;
      absl::StrAppend(&line, " ", is_found ? KeyOf(member, 2) : "none");
      if (is_found) *found += FoundOf(member, 2);
    }
    absl::StrAppend(&line, " ", KeyOf(0));
    *found += FoundOf(0, 0);
    return line;
  }
};

TEST_F(LongLineTest, ALineOfAnyLengthIsOneRetrieval) {
  StartWithItems();
  for (const absl::string_view head : {"get", "  get ", "gat 0"}) {
    for (const int keys : {13'000, 40'000, 100'001}) {
      for (const std::size_t fragment : {0u, 1460u}) {
        SCOPED_TRACE(absl::StrCat(head, keys, " ", fragment));
        std::string found;
        const std::string line = LongLine(head, keys, &found);
        Client& client = Connect({.fragment_bytes = fragment});
        client.peer.Say(absl::StrCat(line, " \r\nget ", KeyOf(1), "\r\n"));
        Settle();
        ExpectHeard(client, found + "END\r\n" + FoundOf(1, 0) + "END\r\n");
        client.peer.HangUp();
        Settle();
      }
    }
  }
  for (const std::string& line : LinesTo(0)) EXPECT_LE(line.size() + 2, 65536u);
}

TEST_F(LongLineTest, TheLastOfItsKeysMayBeAPartByItself) {
  StartWithItems();
  std::string line = "get";
  while (line.size() + 5 < 65536 - 3) line += " none";
  line.resize(65536 - 3, 'n');
  for (const absl::string_view end : {" 1", " 12", " 123", " 1234"}) {
    Client& client = Connect();
    client.peer.Say(absl::StrCat(line, end));
    Settle();
    client.peer.Say(absl::StrCat("\r\nget ", KeyOf(0), "\r\n"));
    Settle();
    EXPECT_EQ(Heard(client), "END\r\n" + FoundOf(0, 0) + "END\r\n") << end;
  }
}

TEST_F(LongLineTest, AnErrorInAnyPartIsToldOnceAtItsEnd) {
  options_.miss_on_get_errors = false;
  StartWithItems();
  member(1).AnswerNext(1, "SERVER_ERROR out of memory\r\n");
  std::string found;
  const std::string line = LongLine("get", 40'000, &found);
  Client& client = Connect();
  const std::string heard = Ask(client, absl::StrCat(line, "\r\nget ", KeyOf(0), "\r\n"));
  const std::string end =
      absl::StrCat(FoundOf(0, 0), "SERVER_ERROR remote error\r\n", FoundOf(0, 0), "END\r\n");
  EXPECT_THAT(heard.substr(heard.size() - end.size()), end);
  EXPECT_EQ(heard.find("SERVER_ERROR"), heard.rfind("SERVER_ERROR"));
  EXPECT_EQ(heard.find("END"), heard.rfind("END"));
}

TEST_F(LongLineTest, ABadKeyInALaterPartIsRefusedAndTheNextRequestIsServed) {
  StartWithItems();
  std::string found;
  const std::string line = LongLine("get", 40'000, &found);
  Client& client = Connect();
  client.peer.Say(absl::StrCat(line, " ", std::string(251, 'k'), "\r\nget ", KeyOf(0), "\r\n"));
  Settle();
  EXPECT_THAT(Heard(client), testing::EndsWith("CLIENT_ERROR bad command line format\r\n" +
                                               FoundOf(0, 0) + "END\r\n"));
}

TEST_F(LongLineTest, ALongLineOfAnotherKindClosesTheConnection) {
  StartWithItems();
  for (const absl::string_view word : {"delete ", "mg ", "getnone"}) {
    Client& client = Connect();
    EXPECT_EQ(Ask(client, absl::StrCat(word, std::string(70'000, 'k'))), "");
    EXPECT_TRUE(client.peer.was_left()) << word;
  }
  Client& client = Connect();
  EXPECT_EQ(Ask(client, absl::StrCat("get ", std::string(70'000, 'k'))), "");
  EXPECT_TRUE(client.peer.was_left());
}

TEST_F(LongLineTest, ALineIsHeldUpByItsKeysAndGoesOn) {
  options_.max_client_outstanding = 100;
  StartWithItems();
  for (std::size_t i = 0; i < 3; ++i) member(i).set_latency(kMs);
  std::string found;
  const std::string line = LongLine("get", 100'000, &found);
  Client& client = Connect();
  client.peer.Say(absl::StrCat(line, "\r\n", line, "\r\nmn\r\n"));
  Settle();
  EXPECT_EQ(worker_->exchanges(), 1u) << "one part is more than may be outstanding";
  Pass(absl::Seconds(1));
  ExpectHeard(client, found + "END\r\n" + found + "END\r\nMN\r\n");
}

}  // namespace
}  // namespace ringcache::router

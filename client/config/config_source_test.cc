// The source of config+, on a server that says what the test tells it to, and names that resolve as
// the test says.

#include "client/config/config_source.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "client/scripted_server.h"
#include "discovery/discovery_address.h"
#include "discovery/dns_message.h"
#include "discovery/pool_source.h"
#include "discovery/scripted_resolver.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/listener.h"
#include "net/loop_fixture.h"
#include "net/socket_address.h"
#include "protocol/cluster_config.h"

namespace ringcache::client {
namespace {

using discovery::Candidate;
using discovery::DiscoveryAddress;
using discovery::DnsError;
using discovery::DnsType;
using discovery::PoolAnswer;
using discovery::PoolOutcome;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kConfigLine[] = "config get cluster";
constexpr char kOldLine[] = "get AmazonElastiCache:cluster";

std::string Reply(absl::string_view header, absl::string_view payload) {
  return absl::StrCat(header, " 0 ", payload.size(), "\r\n", payload, "\r\nEND\r\n");
}
std::string ConfigReply(absl::string_view payload) { return Reply("CONFIG cluster", payload); }

class ConfigSourceTest : public net::LoopFixture {
 protected:
  // `host` without a port: the server's is taken.
  void Use(const std::string& host) {
    const std::string address = absl::StrCat("config+", host, ":", server_.address().port());
    source_ = std::make_unique<ConfigSource>(loop_.get(), &resolver_,
                                             DiscoveryAddress::Parse(address).value());
  }
  // Every line is answered with this from now on.
  void Answer(const std::string& reply) {
    server_.AnswerLines([this, reply](absl::string_view line) {
      lines_.emplace_back(line);
      return reply;
    });
  }
  void SetAddress(const std::string& name, const std::string& address, int ttl_s = 5) {
    auto record = discovery::AddressRecord(name, address, ttl_s);
    const DnsType type = record.type;
    resolver_.Set(name, type, {std::move(record)});
  }

  PoolAnswer Ask() {
    std::optional<PoolAnswer> got;
    source_->Ask([&got](PoolAnswer answer) { got = std::move(answer); });
    EXPECT_FALSE(got.has_value()) << "called from within Ask";
    RunUntil([&got] { return got.has_value(); });
    return got.value_or(PoolAnswer{});
  }
  PoolAnswer AskFor(const std::string& payload) {
    Answer(ConfigReply(payload));
    return Ask();
  }

  // "a=10.0.0.1:11211 b=": name and addresses.
  static std::string Text(const PoolAnswer& answer) {
    return absl::StrJoin(answer.candidates, " ", [](std::string* out, const Candidate& candidate) {
      absl::StrAppend(out, candidate.name, "=");
      for (const auto& address : candidate.addresses) absl::StrAppend(out, address.ToString());
    });
  }

  ScriptedServer server_{loop_.get()};
  discovery::ScriptedResolver resolver_{loop_.get()};
  std::vector<std::string> lines_;
  std::unique_ptr<ConfigSource> source_;
};

TEST_F(ConfigSourceTest, TheServerTellsTheMembers) {
  Use("127.0.0.1");
  const PoolAnswer answer = AskFor("12\na.example|10.0.0.1|11211 b.example|10.0.0.2|11211\n");
  EXPECT_EQ(answer.outcome, PoolOutcome::kMembers);
  EXPECT_EQ(answer.problem, "");
  EXPECT_EQ(Text(answer), "a.example=10.0.0.1:11211 b.example=10.0.0.2:11211");
  EXPECT_EQ(answer.ttl, absl::InfiniteDuration());
  EXPECT_FALSE(answer.incomplete);
  EXPECT_THAT(lines_, ElementsAre(kConfigLine));
  EXPECT_THAT(resolver_.asked, IsEmpty());
}

TEST_F(ConfigSourceTest, WhatTheWriterOfTheProtocolWritesIsRead) {
  const std::vector<protocol::ClusterNode> nodes = {{"a.example", "10.0.0.1", 1},
                                                    {"10.0.0.2", "10.0.0.2", 2}};
  std::string payload(protocol::ClusterConfigBytes(3, nodes), '\0');
  protocol::WriteClusterConfig(payload.data(), 3, nodes);
  Use("127.0.0.1");
  EXPECT_EQ(Text(AskFor(payload)), "a.example=10.0.0.1:1 10.0.0.2=10.0.0.2:2");
}

TEST_F(ConfigSourceTest, ALaterVersionIsTaken) {
  Use("127.0.0.1");
  EXPECT_EQ(Text(AskFor("1\na|10.0.0.1|1\n")), "a=10.0.0.1:1");
  EXPECT_EQ(Text(AskFor("2\na|10.0.0.9|1 b|10.0.0.2|1\n")), "a=10.0.0.9:1 b=10.0.0.2:1");
  // Each question has a connection of its own, and leaves none behind.
  EXPECT_EQ(server_.connections(), 2u);
  RunUntil([this] { return !server_.IsOpen(0) && !server_.IsOpen(1); });
}

TEST_F(ConfigSourceTest, AnEarlierVersionIsIgnored) {
  Use("127.0.0.1");
  AskFor("12\na|10.0.0.1|1 b|10.0.0.2|1\n");
  const PoolAnswer answer = AskFor("11\na|10.0.0.1|1\n");
  EXPECT_EQ(answer.outcome, PoolOutcome::kMembers);
  EXPECT_EQ(Text(answer), "a=10.0.0.1:1 b=10.0.0.2:1");
  EXPECT_THAT(answer.problem, HasSubstr("ignored: its version is 11, and 12 was seen before"));
  EXPECT_EQ(AskFor("12\na|10.0.0.1|1\n").problem, "");
}

TEST_F(ConfigSourceTest, AnEarlierVersionThatStaysIsTakenAtLast) {
  Use("127.0.0.1");
  AskFor("12\na|10.0.0.1|1\n");
  for (int i = 1; i < ConfigSource::kMaxOlderAnswers; ++i) {
    EXPECT_EQ(Text(AskFor("1\nb|10.0.0.2|1\n")), "a=10.0.0.1:1") << i;
  }
  EXPECT_EQ(Text(AskFor("1\nb|10.0.0.2|1\n")), "b=10.0.0.2:1");
  EXPECT_EQ(Text(AskFor("2\nc|10.0.0.3|1\n")), "c=10.0.0.3:1");
  EXPECT_EQ(Text(AskFor("1\nb|10.0.0.2|1\n")), "c=10.0.0.3:1");
}

TEST_F(ConfigSourceTest, AServerThatDoesNotKnowTheCommandIsAskedAsInOlderTimes) {
  Use("127.0.0.1");
  server_.AnswerLines([this](absl::string_view line) {
    lines_.emplace_back(line);
    if (line == kConfigLine) return std::string("ERROR\r\n");
    return Reply("VALUE AmazonElastiCache:cluster", "7\na|10.0.0.1|1\n");
  });
  EXPECT_EQ(Text(Ask()), "a=10.0.0.1:1");
  EXPECT_THAT(lines_, ElementsAre(kConfigLine, kOldLine));
  EXPECT_EQ(server_.connections(), 1u);
}

TEST_F(ConfigSourceTest, AServerWithoutAConfigurationHasNoMembers) {
  Use("127.0.0.1");
  server_.AnswerLines([](absl::string_view line) {
    return std::string(line == kConfigLine ? "ERROR\r\n" : "END\r\n");
  });
  PoolAnswer answer = Ask();
  EXPECT_EQ(answer.outcome, PoolOutcome::kNotFound);
  EXPECT_THAT(answer.problem, HasSubstr("is not a server with auto discovery"));
  Answer("END\r\n");
  EXPECT_EQ(Ask().outcome, PoolOutcome::kNotFound);
}

TEST_F(ConfigSourceTest, OtherErrorsAreTrouble) {
  Use("127.0.0.1");
  Answer("SERVER_ERROR busy\r\n");
  const PoolAnswer answer = Ask();
  EXPECT_EQ(answer.outcome, PoolOutcome::kError);
  EXPECT_THAT(answer.problem, HasSubstr("answers SERVER_ERROR busy"));
  EXPECT_THAT(lines_, ElementsAre(kConfigLine));
}

TEST_F(ConfigSourceTest, AConfigurationWithoutNodesIsEmpty) {
  Use("127.0.0.1");
  EXPECT_EQ(AskFor("3\n\n").outcome, PoolOutcome::kEmpty);
}

TEST_F(ConfigSourceTest, WhatCannotBeReadIsTroubleAndNamed) {
  Use("127.0.0.1");
  PoolAnswer answer = AskFor("3\na|10.0.0.1|1 b|10.0.0.2\n");
  EXPECT_EQ(answer.outcome, PoolOutcome::kError);
  EXPECT_EQ(answer.problem, absl::StrCat("the configuration of ", server_.address().ToString(),
                                         ": a node is not host|ip|port: \"b|10.0.0.2\""));
  answer = AskFor("3\na|10.0.0.1|1 b|10.0");
  EXPECT_THAT(answer.problem, HasSubstr("does not end in a newline"));
  Answer("HTTP/1.1 400 Bad Request\r\n\r\n");
  answer = Ask();
  EXPECT_EQ(answer.outcome, PoolOutcome::kError);
  EXPECT_THAT(answer.problem, HasSubstr("HTTP/1.1 400"));
}

TEST_F(ConfigSourceTest, AnAnswerForAnotherKeyIsNone) {
  Use("127.0.0.1");
  Answer(Reply("CONFIG other", "1\na|10.0.0.1|1\n"));
  EXPECT_EQ(Ask().outcome, PoolOutcome::kNotFound);
}

TEST_F(ConfigSourceTest, ALongAnnouncementIsNotWaitedFor) {
  Use("127.0.0.1");
  Answer(absl::StrCat("CONFIG cluster 0 ", protocol::kMaxClusterConfigBytes + 1, "\r\n"));
  EXPECT_EQ(Ask().outcome, PoolOutcome::kError);
}

TEST_F(ConfigSourceTest, AnAnswerThatBreaksOffIsTrouble) {
  Use("127.0.0.1");
  const std::string whole = ConfigReply("1\na|10.0.0.1|1\n");
  // Without its END it is not whole either.
  for (const std::size_t bytes : {std::size_t{5}, whole.size() - 12, whole.size() - 5}) {
    std::optional<PoolAnswer> got;
    source_->Ask([&got](PoolAnswer answer) { got = std::move(answer); });
    const std::size_t connection = server_.connections();
    RunUntil([&] {
      return server_.connections() > connection && !server_.received(connection).empty();
    });
    server_.Say(connection, whole.substr(0, bytes));
    server_.HangUp(connection);
    RunUntil([&got] { return got.has_value(); });
    EXPECT_EQ(got->outcome, PoolOutcome::kError) << bytes;
    EXPECT_THAT(got->problem, HasSubstr("closed the connection")) << bytes;
  }
}

TEST_F(ConfigSourceTest, AServerThatIsGoneIsTroubleUntilItIsBack) {
  Use("127.0.0.1");
  Answer(ConfigReply("1\na|10.0.0.1|1\n"));
  server_.Stop();
  const PoolAnswer answer = Ask();
  EXPECT_EQ(answer.outcome, PoolOutcome::kError);
  EXPECT_THAT(answer.problem, HasSubstr(server_.address().ToString()));
  server_.Restart();
  EXPECT_EQ(Text(Ask()), "a=10.0.0.1:1");
}

TEST_F(ConfigSourceTest, MembersWithoutAnAddressAreLookedUp) {
  SetAddress("b.example", "10.0.0.2", 20);
  Use("127.0.0.1");
  const PoolAnswer answer = AskFor("1\na.example|10.0.0.1|1 b.example||2 c.example||3\n");
  EXPECT_EQ(answer.outcome, PoolOutcome::kMembers);
  EXPECT_EQ(Text(answer), "a.example=10.0.0.1:1 b.example=10.0.0.2:2 c.example=");
  EXPECT_EQ(answer.problem, "c.example is not found");
  EXPECT_EQ(answer.ttl, absl::Seconds(20));
}

TEST_F(ConfigSourceTest, MembersOfWhichNoneIsFoundAreTrouble) {
  Use("127.0.0.1");
  EXPECT_EQ(AskFor("1\na||1 b||2\n").outcome, PoolOutcome::kNotFound);
  resolver_.FailWith(DnsError::kTimeout);
  EXPECT_EQ(AskFor("1\na||1 b||2\n").outcome, PoolOutcome::kError);
}

TEST_F(ConfigSourceTest, TheServersNameIsLookedUpForEachQuestion) {
  Use("config.example");
  Answer(ConfigReply("1\na|10.0.0.1|1\n"));
  const PoolAnswer answer = Ask();
  EXPECT_EQ(answer.outcome, PoolOutcome::kNotFound);
  EXPECT_EQ(answer.problem, "config.example is not found");
  SetAddress("config.example", "127.0.0.1");
  EXPECT_EQ(Text(Ask()), "a=10.0.0.1:1");
}

TEST_F(ConfigSourceTest, AnotherAddressOfTheServerIsTriedAndKept) {
  // Who listens on the first hangs up.
  int refused = 0;
  const auto listener =
      net::Listener::Create(
          loop_.get(), net::SocketAddress::Parse("127.0.0.2", server_.address().port()).value(),
          net::ListenerOptions(), [&refused](net::Descriptor) { ++refused; })
          .value();
  resolver_.Set("config.example", DnsType::kA,
                {discovery::AddressRecord("config.example", "127.0.0.2"),
                 discovery::AddressRecord("config.example", "127.0.0.1")});
  Use("config.example");
  Answer(ConfigReply("1\na|10.0.0.1|1\n"));
  for (int i = 0; i < 3; ++i) {
    const PoolAnswer answer = Ask();
    EXPECT_EQ(Text(answer), "a=10.0.0.1:1");
    EXPECT_EQ(answer.problem, "");
  }
  EXPECT_EQ(lines_.size(), 3u);
  EXPECT_EQ(refused, 1);
}

TEST_F(ConfigSourceTest, ACancelledQuestionIsNotAnswered) {
  SetAddress("config.example", "127.0.0.1");
  SetAddress("a.example", "10.0.0.1");
  Use("config.example");
  // Wherever it is: at its own name, at the server, which says nothing, at the members' names.
  const auto cancelled_when = [this](const std::function<bool()>& reached) {
    bool called = false;
    source_->Ask([&called](const PoolAnswer&) { called = true; });
    RunUntil(reached);
    source_->Cancel();
    RunWakeUps(20);
    EXPECT_FALSE(called);
  };
  cancelled_when([this] { return !resolver_.asked.empty(); });
  cancelled_when([this] { return server_.receptions() > 0; });
  Answer(ConfigReply("1\na.example||1\n"));
  cancelled_when([this] { return resolver_.asked.back() == "a.example"; });
  EXPECT_EQ(Text(Ask()), "a.example=10.0.0.1:1");
}

TEST_F(ConfigSourceTest, ItMayBeDestroyedByItsAnswer) {
  Use("127.0.0.1");
  Answer(ConfigReply("1\na|10.0.0.1|1\n"));
  source_->Ask([this](const PoolAnswer&) { source_.reset(); });
  RunUntil([this] { return source_ == nullptr; });
  RunUntil([this] { return !server_.IsOpen(0); });
}

}  // namespace
}  // namespace ringcache::client

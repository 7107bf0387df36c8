#include "discovery/cares_resolver.h"

#include <cstdio>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "discovery/dns_message.h"
#include "discovery/fake_dns_server.h"
#include "discovery/hosts_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/loop_fixture.h"
#include "net/socket_folder.h"

namespace ringcache::discovery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using Manner = FakeDnsServer::Manner;

class CaresResolverTest : public net::LoopFixture {
 protected:
  CaresResolverTest() : server_(loop_.get()) {
    options_.servers = {server_.address()};
    options_.hosts_file = "";
    // Short, for what is to time out; what is to be answered is, within it, or the test says so.
    options_.timeout = absl::Seconds(20);
    options_.tries = 1;
    server_.Set("cache.example", DnsType::kA,
                {AddressRecord("cache.example", "10.0.0.1"),
                 AddressRecord("cache.example", "10.0.0.2", 7)});
  }

  void Create() {
    auto created = CaresResolver::Create(loop_.get(), options_);
    ASSERT_TRUE(created.ok()) << created.status();
    resolver_ = *std::move(created);
  }
  DnsReply Ask(const std::string& name, DnsType type = DnsType::kA) {
    if (resolver_ == nullptr) Create();
    std::optional<DnsReply> got;
    resolver_->Query(name, type, [&got](const DnsReply& reply) { got = reply; });
    EXPECT_FALSE(got.has_value()) << "called from within Query";
    RunUntil([&got] { return got.has_value(); });
    return got.value_or(DnsReply{.error = DnsError::kMalformed});
  }
  // As Ask, of a server that misbehaves and a resolver that soon gives up.
  DnsReply AskInManner(Manner manner) {
    server_.manner = manner;
    options_.timeout = absl::Milliseconds(20);
    return Ask("cache.example");
  }

  FakeDnsServer server_;
  CaresOptions options_;
  std::unique_ptr<CaresResolver> resolver_;
};

TEST_F(CaresResolverTest, RecordsKeepTheirTtls) {
  const DnsReply reply = Ask("cache.example");
  EXPECT_EQ(reply.error, DnsError::kNone) << reply.problem;
  EXPECT_THAT(reply.answer.answers, ElementsAre(AddressRecord("cache.example", "10.0.0.1"),
                                                AddressRecord("cache.example", "10.0.0.2", 7)));
  EXPECT_FALSE(reply.asked_over_tcp);
}

TEST_F(CaresResolverTest, SrvAnswersKeepTheirAdditionalRecords) {
  const std::string name = "_memcached._tcp.cache.example";
  server_.Set(name, DnsType::kSrv, {ServiceRecord(name, "pod-0.cache.example", 11211, 5)});
  server_.additional = {AddressRecord("pod-0.cache.example", "10.0.0.1")};
  const DnsReply reply = Ask(name, DnsType::kSrv);
  EXPECT_EQ(reply.error, DnsError::kNone) << reply.problem;
  EXPECT_THAT(reply.answer.answers,
              ElementsAre(ServiceRecord(name, "pod-0.cache.example", 11211, 5)));
  EXPECT_EQ(reply.answer.additional, server_.additional);
}

TEST_F(CaresResolverTest, ANameThatDoesNotExistIsNotFound) {
  const DnsReply reply = Ask("other.example");
  EXPECT_EQ(reply.error, DnsError::kNotFound);
  EXPECT_THAT(reply.problem, HasSubstr("asking for the A of other.example: there is no such name"));
}

TEST_F(CaresResolverTest, ANameWithoutARecordOfTheTypeIsAnAnswerWithoutRecords) {
  const DnsReply reply = Ask("cache.example", DnsType::kAaaa);
  EXPECT_EQ(reply.error, DnsError::kNone) << reply.problem;
  EXPECT_TRUE(reply.answer.answers.empty());
}

TEST_F(CaresResolverTest, TheErrorsOfAServerAreTold) {
  EXPECT_EQ(AskInManner(Manner::kServerFailure).error, DnsError::kServerFailure);
  server_.manner = Manner::kRefusing;
  EXPECT_EQ(Ask("cache.example").error, DnsError::kRefused);
}

TEST_F(CaresResolverTest, ASilentServerTimesOutAfterTheTries) {
  options_.tries = 3;
  EXPECT_EQ(AskInManner(Manner::kSilent).error, DnsError::kTimeout);
  EXPECT_EQ(server_.udp_questions(), 3);
}

TEST_F(CaresResolverTest, AnAnswerWithAnotherIdOrToAnotherQuestionIsNotTaken) {
  EXPECT_EQ(AskInManner(Manner::kWrongId).error, DnsError::kTimeout);
  server_.manner = Manner::kWrongQuestion;
  EXPECT_NE(Ask("cache.example").error, DnsError::kNone);
}

TEST_F(CaresResolverTest, GarbageIsAnError) {
  const DnsReply reply = AskInManner(Manner::kGarbage);
  EXPECT_EQ(reply.error, DnsError::kMalformed);
  EXPECT_FALSE(reply.problem.empty());
}

TEST_F(CaresResolverTest, APortWithoutAServerIsUnreachable) {
  {
    // A server of its own, whose port is free once it is gone.
    FakeDnsServer gone(loop_.get());
    options_.servers = {gone.address()};
  }
  EXPECT_EQ(Ask("cache.example").error, DnsError::kUnreachable);
}

TEST_F(CaresResolverTest, TheNextServerAnswersForOneThatFails) {
  FakeDnsServer failing(loop_.get());
  failing.manner = Manner::kServerFailure;
  options_.servers = {failing.address(), server_.address()};
  EXPECT_EQ(Ask("cache.example").error, DnsError::kNone);
  EXPECT_EQ(failing.udp_questions(), 1);
}

TEST_F(CaresResolverTest, ATruncatedAnswerIsAskedForOverTcp) {
  server_.manner = Manner::kTruncating;
  const DnsReply reply = Ask("cache.example");
  EXPECT_EQ(reply.error, DnsError::kNone) << reply.problem;
  EXPECT_TRUE(reply.asked_over_tcp);
  EXPECT_FALSE(reply.answer.truncated);
  EXPECT_THAT(reply.answer.answers, SizeIs(2));
  EXPECT_EQ(server_.tcp_questions(), 1);
}

TEST_F(CaresResolverTest, WhatIsTruncatedOverTcpAsWellIsGivenAsItIs) {
  server_.manner = Manner::kTruncatingAll;
  const DnsReply reply = Ask("cache.example");
  EXPECT_EQ(reply.error, DnsError::kNone) << reply.problem;
  EXPECT_TRUE(reply.answer.truncated);
  EXPECT_THAT(reply.answer.answers, SizeIs(1));
}

TEST_F(CaresResolverTest, ManyQuestionsAtOnceAreEachAnsweredOnce) {
  Create();
  // As many as a batch of lookups has at once. Past 256 the socket of the server overflows.
  constexpr int kQuestions = 64;
  int answered = 0;
  for (int i = 0; i < kQuestions; ++i) {
    resolver_->Query("cache.example", DnsType::kA, [&answered](const DnsReply& reply) {
      if (reply.error == DnsError::kNone) ++answered;
    });
  }
  RunUntil([&answered] { return answered >= kQuestions; });
  RunWakeUps(3);
  EXPECT_EQ(answered, kQuestions);
}

TEST_F(CaresResolverTest, ACancelledQuestionIsNotCalledBack) {
  Create();
  bool called = false;
  resolver_->Cancel(resolver_->Query("cache.example", DnsType::kA,
                                     [&called](const DnsReply&) { called = true; }));
  EXPECT_EQ(Ask("cache.example").error, DnsError::kNone);
  EXPECT_FALSE(called);
}

TEST_F(CaresResolverTest, DestroyingItDropsWhatIsUnderWay) {
  Create();
  server_.manner = Manner::kSilent;
  bool called = false;
  resolver_->Query("cache.example", DnsType::kA, [&called](const DnsReply&) { called = true; });
  RunUntil([this] { return server_.udp_questions() == 1; });
  resolver_.reset();
  RunWakeUps(3);
  EXPECT_FALSE(called);
}

TEST_F(CaresResolverTest, ACallbackMayDestroyTheResolver) {
  Create();
  bool called = false;
  resolver_->Query("cache.example", DnsType::kA, [this, &called](const DnsReply&) {
    resolver_.reset();
    called = true;
  });
  RunUntil([&called] { return called; });
}

TEST_F(CaresResolverTest, ANameThatCannotBeAskedIsAnError) {
  EXPECT_NE(Ask(std::string(300, 'x')).error, DnsError::kNone);
  EXPECT_NE(Ask("a..b").error, DnsError::kNone);
}

TEST_F(CaresResolverTest, ResolvConfGivesServersAndSearchPath) {
  const net::SocketFolder folder;
  options_.resolv_conf = folder.path() + "/resolv.conf";
  std::ofstream(options_.resolv_conf)
      << "search default.svc.cluster.local svc.cluster.local cluster.local\n"
      << "nameserver 10.96.0.10\noptions ndots:5\n";
  Create();
  EXPECT_THAT(resolver_->search_path().domains,
              ElementsAre("default.svc.cluster.local", "svc.cluster.local", "cluster.local"));
  EXPECT_EQ(resolver_->search_path().ndots, 5);
  options_.search_path = SearchPath{{"example"}, 2};
  Create();
  EXPECT_THAT(resolver_->search_path().domains, ElementsAre("example"));
}

TEST_F(CaresResolverTest, TheHostsFileAnswersBeforeAnyServer) {
  const net::SocketFolder folder;
  options_.hosts_file = folder.path() + "/hosts";
  std::ofstream(options_.hosts_file) << "10.1.0.1 alias Cache.Example # ours\n::2 alias\n";
  DnsReply reply = Ask("cache.example");
  ASSERT_THAT(reply.answer.answers, SizeIs(1));
  EXPECT_EQ(reply.answer.answers[0].address, AddressBytes("10.1.0.1"));
  EXPECT_TRUE(resolver_->IsLocalName("alias"));
  EXPECT_FALSE(resolver_->IsLocalName("ours"));
  ASSERT_THAT(Ask("alias", DnsType::kAaaa).answer.answers, SizeIs(1));
  EXPECT_EQ(server_.udp_questions(), 0);
  // Longer than before, so that it differs even if the clock of the file system has not moved.
  std::ofstream(options_.hosts_file) << "10.1.0.200 cache.example and.another.name.besides\n";
  reply = Ask("cache.example");
  ASSERT_THAT(reply.answer.answers, SizeIs(1));
  EXPECT_EQ(reply.answer.answers[0].address, AddressBytes("10.1.0.200"));
  std::remove(options_.hosts_file.c_str());
  EXPECT_THAT(Ask("cache.example").answer.answers, SizeIs(2));
}

TEST_F(CaresResolverTest, LocalhostIsTheLoopbackWithoutAnyFile) {
  const DnsReply reply = Ask("localhost");
  ASSERT_THAT(reply.answer.answers, SizeIs(1));
  EXPECT_EQ(reply.answer.answers[0].address, AddressBytes("127.0.0.1"));
  EXPECT_EQ(server_.udp_questions(), 0);
}

TEST_F(CaresResolverTest, OptionsThatCannotWorkAreRefused) {
  options_.servers = {"not an address"};
  EXPECT_THAT(CaresResolver::Create(loop_.get(), options_).status().message(),
              HasSubstr("is not a list of name servers; write 10.96.0.10"));
  options_.servers.clear();
  options_.timeout = absl::ZeroDuration();
  EXPECT_THAT(options_.Validate().message(), HasSubstr("it may be from 1ms to 60s"));
  options_.timeout = absl::Seconds(1);
  options_.tries = 11;
  EXPECT_THAT(options_.Validate().message(), HasSubstr("it may be from 1 to 10"));
}

}  // namespace
}  // namespace ringcache::discovery

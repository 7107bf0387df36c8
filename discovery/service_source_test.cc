#include "discovery/service_source.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "discovery/discovery_address.h"
#include "discovery/fallback_source.h"
#include "discovery/sources_fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::discovery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kService[] = "_memcached._tcp.cache.svc";

class ServiceSourceTest : public SourcesFixture {
 protected:
  // SRV records for kService, and the addresses that come with them.
  void SetService(std::vector<DnsRecord> records, std::vector<DnsRecord> additional = {}) {
    resolver_.Set(kService, DnsType::kSrv, std::move(records));
    resolver_.adapt = [additional](const std::string&, DnsType type, DnsReply* reply) {
      if (type == DnsType::kSrv) reply->answer.additional = additional;
    };
  }
  static DnsRecord Record(const std::string& target, std::uint16_t weight = 0, int ttl_s = 5) {
    return ServiceRecord(kService, target, 11211, weight, ttl_s);
  }

  ServiceSource source_{&resolver_, kService};
};

TEST_F(ServiceSourceTest, AdditionalRecordsSaveTheQuestions) {
  SetService({Record("pod-0", 0, 9), Record("pod-1", 0, 9)},
             {AddressRecord("pod-0", "10.0.0.1", 8), AddressRecord("pod-1", "10.0.0.2", 7),
              AddressRecord("pod-1", "::1", 30), AddressRecord("other", "10.0.0.3", 30)});
  const PoolAnswer answer = Ask(&source_);
  EXPECT_EQ(Text(answer), "pod-0:11211=10.0.0.1 pod-1:11211=10.0.0.2|[::1]");
  EXPECT_EQ(answer.ttl, absl::Seconds(7));
  EXPECT_THAT(resolver_.asked, ElementsAre(kService));
  EXPECT_EQ(answer.warning, "");
}

TEST_F(ServiceSourceTest, TargetsWithoutAdditionalRecordsAreLookedUpAsTheyAre) {
  resolver_.path = {{"svc"}, 5};
  SetService({Record("pod-0"), Record("pod-1")}, {AddressRecord("pod-0", "10.0.0.1")});
  SetAddresses("pod-1", {"10.0.0.2"}, 3);
  ServiceSource source(&resolver_, std::string(kService) + ".");
  const PoolAnswer answer = Ask(&source);
  EXPECT_EQ(Text(answer), "pod-0:11211=10.0.0.1 pod-1:11211=10.0.0.2");
  EXPECT_EQ(answer.ttl, absl::Seconds(3));
  EXPECT_THAT(resolver_.asked, ElementsAre(kService, "pod-1", "pod-1"));
}

TEST_F(ServiceSourceTest, ATargetThatIsNotFoundHasNoAddress) {
  SetService({Record("pod-0"), Record("pod-1")}, {AddressRecord("pod-0", "10.0.0.1")});
  const PoolAnswer answer = Ask(&source_);
  EXPECT_EQ(answer.outcome, PoolOutcome::kMembers);
  EXPECT_EQ(Text(answer), "pod-0:11211=10.0.0.1 pod-1:11211=");
  EXPECT_EQ(answer.problem, "pod-1 is not found");
}

TEST_F(ServiceSourceTest, EqualWeightsAreOne) {
  const std::vector<DnsRecord> addresses = {AddressRecord("a", "10.0.0.1"),
                                            AddressRecord("b", "10.0.0.2")};
  SetService({Record("a", 33), Record("b", 33)}, addresses);
  EXPECT_EQ(Text(Ask(&source_)), "a:11211=10.0.0.1 b:11211=10.0.0.2");
  SetService({Record("a", 0), Record("b", 7)}, addresses);
  EXPECT_EQ(Text(Ask(&source_)), "a:11211=10.0.0.1 b:11211*7=10.0.0.2");
}

TEST_F(ServiceSourceTest, OnlyTheLeastPriorityCounts) {
  DnsRecord spare = Record("spare");
  spare.priority = 10;
  SetService({spare, Record("a")}, {AddressRecord("a", "10.0.0.1")});
  EXPECT_EQ(Text(Ask(&source_)), "a:11211=10.0.0.1");
}

TEST_F(ServiceSourceTest, RecordsThatNameNoHostOrPortAreEmpty) {
  DnsRecord no_port = Record("a");
  no_port.port = 0;
  SetService({Record(""), Record("a\\032b"), no_port});
  const PoolAnswer answer = Ask(&source_);
  EXPECT_EQ(answer.outcome, PoolOutcome::kEmpty);
  EXPECT_THAT(answer.problem, HasSubstr("no SRV record of _memcached._tcp.cache.svc names a host"));
}

TEST_F(ServiceSourceTest, TargetsWithoutAnyAddressAreEmpty) {
  SetService({Record("a"), Record("b")});
  EXPECT_EQ(Ask(&source_).outcome, PoolOutcome::kEmpty);
}

TEST_F(ServiceSourceTest, TargetsThatAreMadeOfAddressesAreWarnedOf) {
  SetService({Record("10-0-0-1.cache.svc")}, {AddressRecord("10-0-0-1.cache.svc", "10.0.0.1")});
  EXPECT_THAT(Ask(&source_).warning, HasSubstr("give the pods hostnames"));
}

TEST_F(ServiceSourceTest, TooManyRecordsAreAnError) {
  std::vector<DnsRecord> records;
  for (std::size_t i = 0; i <= kMaxMembers; ++i) records.push_back(Record("p" + std::to_string(i)));
  SetService(std::move(records));
  const PoolAnswer answer = Ask(&source_);
  EXPECT_EQ(answer.outcome, PoolOutcome::kError);
  EXPECT_THAT(answer.problem, HasSubstr("has 10001 SRV records; a pool has at most 10000"));
}

TEST_F(ServiceSourceTest, ATruncatedAnswerIsIncompleteAndTroubleIsTrouble) {
  SetService({Record("a")}, {AddressRecord("a", "10.0.0.1")});
  const auto with_additional = resolver_.adapt;
  resolver_.adapt = [&](const std::string& name, DnsType type, DnsReply* reply) {
    with_additional(name, type, reply);
    reply->answer.truncated = reply->asked_over_tcp = true;
  };
  const PoolAnswer answer = Ask(&source_);
  EXPECT_TRUE(answer.incomplete);
  EXPECT_EQ(answer.truncated, 1);
  resolver_.FailWith(DnsError::kRefused);
  EXPECT_EQ(Ask(&source_).outcome, PoolOutcome::kError);
}

// A source that says what it is told.
class ToldSource final : public PoolSource {
 public:
  ToldSource(net::EventLoop* loop, PoolOutcome* outcome, int* asked)
      : loop_(loop), outcome_(outcome), asked_(asked) {}
  void Ask(Callback done) override {
    ++*asked_;
    loop_->RunAfter(absl::Milliseconds(1), [this, done = std::move(done)] {
      PoolAnswer answer;
      answer.outcome = *outcome_;
      done(answer);
    });
  }
  void Cancel() override {}
  void NotifyOfChanges(std::function<void()>) override {}

 private:
  net::EventLoop* const loop_;
  PoolOutcome* const outcome_;
  int* const asked_;
};

class FallbackSourceTest : public SourcesFixture {
 protected:
  FallbackSourceTest() {
    std::vector<std::unique_ptr<PoolSource>> sources;
    for (int i = 0; i < 3; ++i) {
      sources.push_back(std::make_unique<ToldSource>(&loop_, &outcomes_[i], &asked_[i]));
    }
    source_ = std::make_unique<FallbackSource>(std::move(sources));
  }

  PoolOutcome outcomes_[3] = {PoolOutcome::kNotFound, PoolOutcome::kNotFound,
                              PoolOutcome::kNotFound};
  int asked_[3] = {0, 0, 0};
  std::unique_ptr<FallbackSource> source_;
};

TEST_F(FallbackSourceTest, NotFoundGoesOnToTheNextAndAtTheEndIsTheAnswer) {
  EXPECT_EQ(Ask(source_.get()).outcome, PoolOutcome::kNotFound);
  EXPECT_THAT(asked_, ElementsAre(1, 1, 1));
}

TEST_F(FallbackSourceTest, TroubleDoesNotGoOn) {
  outcomes_[2] = PoolOutcome::kMembers;
  for (const PoolOutcome trouble : {PoolOutcome::kError, PoolOutcome::kEmpty}) {
    outcomes_[1] = trouble;
    EXPECT_EQ(Ask(source_.get()).outcome, trouble);
  }
  EXPECT_THAT(asked_, ElementsAre(2, 2, 0));
}

TEST_F(FallbackSourceTest, ABetterSourceIsTakenAndAWorseOneNoMore) {
  outcomes_[2] = PoolOutcome::kMembers;
  Ask(source_.get());
  outcomes_[1] = PoolOutcome::kMembers;
  Ask(source_.get());
  EXPECT_THAT(asked_, ElementsAre(2, 2, 1));
  outcomes_[1] = PoolOutcome::kNotFound;
  EXPECT_EQ(Ask(source_.get()).outcome, PoolOutcome::kNotFound);
  EXPECT_THAT(asked_, ElementsAre(3, 3, 1));
}

}  // namespace
}  // namespace ringcache::discovery

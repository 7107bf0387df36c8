#include "discovery/dns_answer.h"

#include <string>
#include <utility>
#include <vector>

#include "discovery/dns_message.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::discovery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

DnsAnswer Parsed(const std::string& message) {
  absl::StatusOr<DnsAnswer> answer = ParseDnsAnswer(message);
  EXPECT_TRUE(answer.ok()) << answer.status();
  return answer.ok() ? *answer : DnsAnswer{};
}

// A reply whose question is `a.b A`, with `records` as its answers.
std::string Message(int count, const std::string& records, unsigned bits = 0x8180) {
  return WireMessage({.bits = bits, .answers = count}, "a.b", DnsType::kA, records);
}
// Where the question's name lies in any message.
constexpr char kToQuestion[] = "\xc0\x0c";

DnsAnswer EveryKind() {
  DnsAnswer answer;
  answer.question = "_memcached._tcp.cache.svc";
  answer.question_type = DnsType::kSrv;
  answer.answers = {ServiceRecord(answer.question, "pod-0.cache.svc", 11211, 7, 30),
                    NameRecord(DnsType::kCname, "alias.svc", "cache.svc"),
                    NameRecord(DnsType::kPtr, "1.0.0.10.in-addr.arpa", "pod-0.cache.svc", 0)};
  answer.additional = {AddressRecord("pod-0.cache.svc", "10.0.0.1", 12),
                       AddressRecord("pod-0.cache.svc", "2001:db8::1")};
  return answer;
}

TEST(DnsAnswerTest, EveryKindOfRecordIsRead) {
  const DnsAnswer sent = EveryKind();
  const DnsAnswer answer = Parsed(WireMessage(sent, 7));
  EXPECT_EQ(answer.rcode, kRcodeNoError);
  EXPECT_FALSE(answer.truncated);
  EXPECT_EQ(answer.question, sent.question);
  EXPECT_EQ(answer.question_type, DnsType::kSrv);
  EXPECT_EQ(answer.answers, sent.answers);
  EXPECT_EQ(answer.additional, sent.additional);
}

TEST(DnsAnswerTest, AMessageThatEndsAnywhereIsAnError) {
  const std::string message = WireMessage(EveryKind(), 7);
  for (std::size_t size = 0; size < message.size(); ++size) {
    EXPECT_FALSE(ParseDnsAnswer(message.substr(0, size)).ok()) << size;
  }
}

TEST(DnsAnswerTest, ATruncatedMessageHasItsWholeRecords) {
  DnsAnswer sent = EveryKind();
  sent.truncated = true;
  const std::string message = WireMessage(sent, 7);
  const std::size_t all = sent.answers.size() + sent.additional.size();
  const std::size_t question_end = 12 + WireName(sent.question).size() + 4;
  std::size_t most = 0;
  for (std::size_t size = question_end; size < message.size(); ++size) {
    const DnsAnswer answer = Parsed(message.substr(0, size));
    EXPECT_TRUE(answer.truncated);
    const std::size_t records = answer.answers.size() + answer.additional.size();
    EXPECT_GE(records, most);
    most = records;
  }
  EXPECT_EQ(most, all - 1);
  EXPECT_FALSE(ParseDnsAnswer(message.substr(0, question_end - 1)).ok());
}

TEST(DnsAnswerTest, NamesAreLowerCaseAndForeignBytesAreEscaped) {
  const std::string name = std::string(
                               "\x05"
                               "A.\n\0Z",
                               6) +
                           std::string("\x01-\0", 3);
  const std::string record = name + Short(1) + Short(1) + Long(5) + Short(4) + "\x7f\x01\x02\x03";
  EXPECT_EQ(Parsed(Message(1, record)).answers[0].name, "a\\046\\010\\000z.-");
}

TEST(DnsAnswerTest, PointersLeadBackToNames) {
  const std::string record =
      kToQuestion + Short(5) + Short(1) + Long(5) + Short(4) + "\x01x" + kToQuestion;
  const DnsAnswer answer = Parsed(Message(1, record));
  ASSERT_THAT(answer.answers, SizeIs(1));
  EXPECT_EQ(answer.answers[0].name, "a.b");
  EXPECT_EQ(answer.answers[0].target, "x.a.b");
}

TEST(DnsAnswerTest, PointersThatLeadForwardOrToThemselvesAreErrors) {
  const std::string rest = Short(1) + Short(1) + Long(5) + Short(4) + "\x7f\x01\x02\x03";
  const unsigned here = 12 + 5 + 4;  // header, a.b, type and class
  for (const unsigned target : {here, here + 2, here + 10, 0x3fffu}) {
    EXPECT_FALSE(ParseDnsAnswer(Message(1, Short(0xc000 | target) + rest)).ok()) << target;
  }
  // A label first, then back to that label: no circle either.
  EXPECT_FALSE(ParseDnsAnswer(Message(1, "\x01x" + Short(0xc000 | here) + rest)).ok());
  EXPECT_TRUE(ParseDnsAnswer(Message(1, "\x01x" + Short(0xc000 | (here - 9)) + rest)).ok());
  // The two other kinds of label that RFC 1035 leaves open.
  EXPECT_FALSE(ParseDnsAnswer(Message(1, std::string("\x41x\0", 3) + rest)).ok());
  EXPECT_FALSE(ParseDnsAnswer(Message(1, std::string("\x81x\0", 3) + rest)).ok());
}

TEST(DnsAnswerTest, NamesOf255BytesAreTheLongest) {
  const std::string label = std::string(1, 63) + std::string(63, 'x');
  const std::string rest = Short(1) + Short(1) + Long(5) + Short(4) + "\x7f\x01\x02\x03";
  const std::string three = label + label + label;
  const std::string longest = three + std::string(1, 61) + std::string(61, 'x') + '\0';
  const std::string too_long = three + std::string(1, 62) + std::string(62, 'x') + '\0';
  EXPECT_TRUE(ParseDnsAnswer(Message(1, longest + rest)).ok());
  EXPECT_FALSE(ParseDnsAnswer(Message(1, too_long + rest)).ok());
}

TEST(DnsAnswerTest, DataThatIsLongerOrShorterThanItsTypeIsAnError) {
  for (const auto& [type, data] : {std::pair<unsigned, std::string>{1, "abc"},
                                   {1, "abcde"},
                                   {28, "abcd"},
                                   {33, "abcdef"},
                                   {5, std::string("\x01x\0y", 4)},
                                   {12, ""},
                                   {33, ""}}) {
    EXPECT_FALSE(ParseDnsAnswer(Message(1, WireRecord("a.b", type, 5, data))).ok()) << type;
  }
}

TEST(DnsAnswerTest, RecordsOfOtherTypesAndClassesAreSkipped) {
  const std::string text = WireRecord("a.b", 16, 5, "text");
  const std::string chaos = WireName("a.b") + Short(1) + Short(3) + Long(5) + Short(0);
  const std::string address = WireRecord(AddressRecord("a.b", "10.0.0.1"));
  EXPECT_THAT(Parsed(Message(3, text + chaos + address)).answers,
              ElementsAre(AddressRecord("a.b", "10.0.0.1")));
}

TEST(DnsAnswerTest, ATtlWithTheTopBitCountsAsZero) {
  const std::string record = WireRecord("a.b", 1, 0x80000001, "abcd");
  EXPECT_EQ(Parsed(Message(1, record)).answers[0].ttl, absl::ZeroDuration());
}

TEST(DnsAnswerTest, WhatIsNoReplyToOneQuestionIsAnError) {
  EXPECT_FALSE(ParseDnsAnswer(Message(0, "", 0x0180)).ok());  // a query
  EXPECT_FALSE(ParseDnsAnswer(Message(0, "", 0x9180)).ok());  // another opcode
  std::string message = Message(0, "");
  message[5] = 2;  // questions
  EXPECT_THAT(ParseDnsAnswer(message).status().message(), HasSubstr("not a DNS answer"));
}

TEST(DnsAnswerTest, TheErrorOfTheServerIsRead) {
  EXPECT_EQ(Parsed(Message(0, "", 0x8183)).rcode, kRcodeNameError);
  EXPECT_EQ(Parsed(Message(0, "", 0x8182)).rcode, kRcodeServerFailure);
}

DnsAnswer WithAnswers(std::vector<DnsRecord> records) {
  DnsAnswer answer;
  answer.question = "start";
  answer.answers = std::move(records);
  return answer;
}

TEST(FollowAliasesTest, RecordsOfTheNameItselfNeedNoAlias) {
  const auto found = FollowAliases(
      WithAnswers({AddressRecord("start", "10.0.0.1", 9), AddressRecord("start", "10.0.0.2", 7),
                   AddressRecord("start", "::1", 1), AddressRecord("other", "10.0.0.3", 1)}));
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->name, "start");
  EXPECT_THAT(found->records, SizeIs(2));
  EXPECT_EQ(found->ttl, absl::Seconds(7));
}

TEST(FollowAliasesTest, AChainIsFollowedInAnyOrderWithItsLeastTtl) {
  const auto found = FollowAliases(WithAnswers(
      {AddressRecord("end", "10.0.0.1", 9), NameRecord(DnsType::kCname, "middle", "end", 3),
       NameRecord(DnsType::kCname, "start", "middle", 5)}));
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->name, "end");
  EXPECT_THAT(found->records, SizeIs(1));
  EXPECT_EQ(found->ttl, absl::Seconds(3));
}

TEST(FollowAliasesTest, AChainWithoutAnEndTellsWhereItLeads) {
  const auto found =
      FollowAliases(WithAnswers({NameRecord(DnsType::kCname, "start", "elsewhere", 3)}));
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->name, "elsewhere");
  EXPECT_TRUE(found->records.empty());
}

TEST(FollowAliasesTest, CirclesAndLongChainsAreErrors) {
  EXPECT_THAT(FollowAliases(WithAnswers({NameRecord(DnsType::kCname, "start", "other"),
                                         NameRecord(DnsType::kCname, "other", "start")}))
                  .status()
                  .message(),
              HasSubstr("circle"));
  std::vector<DnsRecord> chain = {NameRecord(DnsType::kCname, "start", "n0")};
  for (int i = 1; i < kMaxAliases; ++i) {
    chain.push_back(
        NameRecord(DnsType::kCname, "n" + std::to_string(i - 1), "n" + std::to_string(i)));
  }
  EXPECT_TRUE(FollowAliases(WithAnswers(chain)).ok());
  chain.push_back(
      NameRecord(DnsType::kCname, "n" + std::to_string(kMaxAliases - 1), "one-too-many"));
  EXPECT_FALSE(FollowAliases(WithAnswers(chain)).ok());
}

}  // namespace
}  // namespace ringcache::discovery

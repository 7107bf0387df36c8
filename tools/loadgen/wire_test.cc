// Requests as they are sent and replies as they are checked, against protocol's own parsers and
// writers.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "protocol/operation.h"
#include "protocol/request.h"
#include "protocol/request_parser.h"
#include "tools/loadgen/line_template.h"
#include "tools/loadgen/load_options.h"
#include "tools/loadgen/reply_checker.h"
#include "tools/loadgen/request_renderer.h"
#include "tools/loadgen/workload.h"

namespace ringcache::loadgen {
namespace {

using protocol::Operation;

LoadOptions SmallOptions() {
  LoadOptions options;
  options.keys = 100;
  options.verify = Verify::kAll;
  return options;
}

LoadOptions MetaOptions() {
  LoadOptions options = SmallOptions();
  options.dialect = Dialect::kMeta;
  return options;
}

std::string Render(const Workload& workload, RequestKind kind,
                   const std::vector<std::uint32_t>& ranks) {
  const RequestRenderer renderer(&workload);
  std::string bytes(renderer.MaxBytes(), '\0');
  absl::string_view large;
  bytes.resize(renderer.Write(bytes.data(), kind, ranks.data(), &large) - bytes.data());
  if (!large.empty()) absl::StrAppend(&bytes, large, "\r\n");
  return bytes;
}

std::string ValueOf(const Workload& workload, std::uint32_t rank) {
  return std::string(workload.values.BytesOf(rank), workload.values.SizeOf(rank));
}

std::string Hit(const Workload& workload, std::uint32_t rank) {
  return absl::StrCat("VALUE ", workload.keys.KeyOf(rank), " 0 ", workload.values.SizeOf(rank),
                      "\r\n", ValueOf(workload, rank), "\r\n");
}

TEST(LineTemplate, PutsKeysAndSizesWhereTheyBelong) {
  const std::uint32_t ranks[] = {1, 2};
  char out[200];
  const std::string key = KeySpace(10, 10, "k:").key_template();
  const LineTemplate line(absl::StrCat("a ", key, " ", LineTemplate::kAnySize, " k", key, "!"),
                          key);
  const std::string a = KeySpace(10, 10, "k:").KeyOf(1), b = KeySpace(10, 10, "k:").KeyOf(2);
  EXPECT_EQ(std::string(out, line.Write(out, ranks, 77)), absl::StrCat("a ", a, " 77 k", b, "!"));
}

TEST(LineTemplate, TakesNoSizeForAKeyAndNoKeyForASize) {
  const std::uint32_t rank = 3;
  char out[200];
  const KeySpace digits_only(10, 8, "");
  const LineTemplate fixed("set 00000000 0 0 100000000\r\n", digits_only.key_template());
  EXPECT_EQ(std::string(out, fixed.Write(out, &rank, 5)),
            absl::StrCat("set ", digits_only.KeyOf(3), " 0 0 100000000\r\n"));
  const KeySpace odd(10, 18, "4294967295");
  const LineTemplate varying(absl::StrCat("set ", odd.key_template(), " 0 0 4294967295\r\n"),
                             odd.key_template());
  EXPECT_EQ(std::string(out, varying.Write(out, &rank, 5)),
            absl::StrCat("set ", odd.KeyOf(3), " 0 0 5\r\n"));
}

TEST(RequestRenderer, EveryRequestIsWhatTheParserUnderstands) {
  struct Case {
    Dialect dialect;
    RequestKind kind;
    Operation operation;
  };
  for (const Case& c : {Case{Dialect::kClassic, RequestKind::kGet, Operation::kGet},
                        Case{Dialect::kClassic, RequestKind::kSet, Operation::kSet},
                        Case{Dialect::kClassic, RequestKind::kAdd, Operation::kAdd},
                        Case{Dialect::kClassic, RequestKind::kDelete, Operation::kDelete},
                        Case{Dialect::kMeta, RequestKind::kGet, Operation::kMetaGet},
                        Case{Dialect::kMeta, RequestKind::kSet, Operation::kMetaSet},
                        Case{Dialect::kMeta, RequestKind::kAdd, Operation::kMetaSet},
                        Case{Dialect::kMeta, RequestKind::kDelete, Operation::kMetaDelete}}) {
    for (const char* sizes : {"100", "10-20", "20000"}) {
      LoadOptions options = SmallOptions();
      options.dialect = c.dialect;
      options.value_sizes = *ValueSizes::Parse(sizes);
      const Workload workload = options.MakeWorkload();
      const std::string bytes = Render(workload, c.kind, {42});
      protocol::Request request;
      const protocol::ParseResult result = protocol::ParseRequest(bytes, &request);
      ASSERT_EQ(result.status, protocol::ParseStatus::kOk) << bytes.substr(0, 100);
      EXPECT_EQ(request.operation, c.operation);
      EXPECT_EQ(c.operation == Operation::kGet ? request.keys : request.key,
                workload.keys.KeyOf(42));
      const bool stores = c.kind == RequestKind::kSet || c.kind == RequestKind::kAdd;
      EXPECT_EQ(bytes.substr(result.consumed),
                stores ? ValueOf(workload, 42) + "\r\n" : std::string());
      if (stores) {
        EXPECT_EQ(request.value_bytes, workload.values.SizeOf(42));
      }
      if (c.operation == Operation::kMetaSet) {
        EXPECT_EQ(request.meta.has.Has('M'), c.kind == RequestKind::kAdd);
      }
    }
  }
}

TEST(RequestRenderer, AMultigetHasAllKeys) {
  LoadOptions options = SmallOptions();
  options.multiget = 3;
  const Workload workload = options.MakeWorkload();
  EXPECT_EQ(Render(workload, RequestKind::kGet, {5, 0, 5}),
            absl::StrCat("get ", workload.keys.KeyOf(5), " ", workload.keys.KeyOf(0), " ",
                         workload.keys.KeyOf(5), "\r\n"));
}

// A workload with its checker. Check() feeds a reply in pieces of every size and returns how it
// went and what it said.
class ReplyCheckerTest : public testing::Test {
 protected:
  void Use(const LoadOptions& options) { options_ = options; }

  Workload workload() const { return options_.MakeWorkload(); }
  std::string Key(std::uint32_t rank) const { return workload().keys.KeyOf(rank); }

  ReplyProgress CheckInPieces(RequestKind kind, const std::vector<std::uint32_t>& ranks,
                              const std::string& reply, std::size_t piece) {
    const Workload workload = options_.MakeWorkload();
    ReplyChecker checker(&workload);
    state_ = ReplyState();
    std::string pending;
    std::size_t given = 0;
    while (given < reply.size()) {
      const std::string more = reply.substr(given, piece);
      given += more.size();
      pending += more;
      const ReplyStep step = checker.Consume(kind, ranks.data(), &state_, pending);
      pending.erase(0, step.consumed);
      problem_ = checker.problem();
      if (step.progress == ReplyProgress::kNeedMore) continue;
      left_ = reply.substr(given) + pending;
      return step.progress;
    }
    return ReplyProgress::kNeedMore;
  }

  ReplyProgress Check(RequestKind kind, const std::vector<std::uint32_t>& ranks,
                      const std::string& reply) {
    const ReplyProgress whole = CheckInPieces(kind, ranks, reply, reply.size());
    for (const std::size_t piece : {1, 2, 5, 10, 100}) {
      EXPECT_EQ(CheckInPieces(kind, ranks, reply, piece), whole) << "in pieces of " << piece;
    }
    return CheckInPieces(kind, ranks, reply, reply.size());
  }

  void ExpectInvalid(RequestKind kind, const std::vector<std::uint32_t>& ranks,
                     const std::string& reply, const std::string& why) {
    EXPECT_EQ(Check(kind, ranks, reply), ReplyProgress::kInvalid) << reply;
    EXPECT_NE(problem_.find(why), std::string::npos) << problem_;
  }

  LoadOptions options_ = SmallOptions();
  ReplyState state_;
  std::string problem_;
  std::string left_;
};

TEST_F(ReplyCheckerTest, AHitIsRecognised) {
  EXPECT_EQ(Check(RequestKind::kGet, {7}, Hit(workload(), 7) + "END\r\n"),
            ReplyProgress::kComplete);
  EXPECT_EQ(state_.hits, 1u);
}

TEST_F(ReplyCheckerTest, OnlyTheFirstReplyIsTaken) {
  const std::string one = Hit(workload(), 7) + "END\r\n";
  EXPECT_EQ(Check(RequestKind::kGet, {7}, one + one), ReplyProgress::kComplete);
  EXPECT_EQ(left_, one);
}

TEST_F(ReplyCheckerTest, AMissIsAMiss) {
  EXPECT_EQ(Check(RequestKind::kGet, {7}, "END\r\n"), ReplyProgress::kComplete);
  EXPECT_EQ(state_.hits, 0u);
  EXPECT_FALSE(state_.error);
}

TEST_F(ReplyCheckerTest, AMultigetMayLeaveOutKeys) {
  options_.multiget = 4;
  const Workload w = workload();
  EXPECT_EQ(Check(RequestKind::kGet, {1, 2, 3, 4}, Hit(w, 2) + Hit(w, 4) + "END\r\n"),
            ReplyProgress::kComplete);
  EXPECT_EQ(state_.hits, 2u);
  ExpectInvalid(RequestKind::kGet, {1, 2, 3, 4}, Hit(w, 4) + Hit(w, 2) + "END\r\n", "not asked");
}

TEST_F(ReplyCheckerTest, SizesMayVary) {
  options_.value_sizes = *ValueSizes::Parse("1-3000");
  options_.multiget = 2;
  const Workload w = workload();
  EXPECT_EQ(Check(RequestKind::kGet, {1, 2}, Hit(w, 1) + Hit(w, 2) + "END\r\n"),
            ReplyProgress::kComplete);
  EXPECT_EQ(state_.hits, 2u);
}

TEST_F(ReplyCheckerTest, ErrorsAreErrors) {
  for (const std::string error : {"ERROR\r\n", "SERVER_ERROR out of memory\r\n",
                                  "CLIENT_ERROR bad command line format\r\n"}) {
    for (const RequestKind kind : {RequestKind::kGet, RequestKind::kSet, RequestKind::kDelete}) {
      EXPECT_EQ(Check(kind, {7}, error), ReplyProgress::kComplete);
      EXPECT_TRUE(state_.error);
    }
  }
}

TEST_F(ReplyCheckerTest, WrongKeyLengthContentsAndNewlineAreInvalid) {
  const Workload w = workload();
  const std::string value = ValueOf(w, 7);
  ExpectInvalid(RequestKind::kGet, {7}, Hit(w, 8) + "END\r\n", "not asked for");
  ExpectInvalid(RequestKind::kGet, {7}, absl::StrCat("VALUE ", Key(7), " 0 99\r\n", value, "\r\n"),
                "99 bytes instead of 100");
  std::string changed = Hit(w, 7);
  changed[changed.size() - 10] ^= 1;
  ExpectInvalid(RequestKind::kGet, {7}, changed + "END\r\n", "is not what was stored");
  ExpectInvalid(RequestKind::kGet, {7},
                absl::StrCat("VALUE ", Key(7), " 0 100\r\n", value, "xxEND\r\n"), "no newline");
  ExpectInvalid(RequestKind::kGet, {7}, "STORED\r\n", "no reply to a get");
  ExpectInvalid(RequestKind::kSet, {7}, "END\r\n", "no reply to a set");
}

TEST_F(ReplyCheckerTest, ContentsAreComparedInASampleOrNever) {
  std::string changed = Hit(workload(), 7);
  changed[changed.size() - 10] ^= 1;
  options_.verify = Verify::kNone;
  EXPECT_EQ(Check(RequestKind::kGet, {7}, changed + "END\r\n"), ReplyProgress::kComplete);

  options_.verify = Verify::kSample;
  const Workload w = workload();
  ReplyChecker checker(&w);
  const std::uint32_t rank = 7;
  int invalid = 0;
  for (std::uint32_t i = 0; i < 4 * ReplyChecker::kSampleEvery; ++i) {
    ReplyState state;
    invalid += checker.Consume(RequestKind::kGet, &rank, &state, changed + "END\r\n").progress ==
               ReplyProgress::kInvalid;
  }
  EXPECT_EQ(invalid, 4);
}

TEST_F(ReplyCheckerTest, RefusalsAreNoErrors) {
  EXPECT_EQ(Check(RequestKind::kAdd, {7}, "NOT_STORED\r\n"), ReplyProgress::kComplete);
  EXPECT_TRUE(state_.refused);
  EXPECT_EQ(Check(RequestKind::kDelete, {7}, "NOT_FOUND\r\n"), ReplyProgress::kComplete);
  EXPECT_TRUE(state_.refused);
  EXPECT_EQ(Check(RequestKind::kDelete, {7}, "DELETED\r\n"), ReplyProgress::kComplete);
  EXPECT_FALSE(state_.refused || state_.error);
}

TEST_F(ReplyCheckerTest, MetaRepliesAreRecognised) {
  Use(MetaOptions());
  const std::string value = ValueOf(workload(), 7);
  EXPECT_EQ(Check(RequestKind::kGet, {7}, "VA 100\r\n" + value + "\r\n"), ReplyProgress::kComplete);
  EXPECT_EQ(state_.hits, 1u);
  EXPECT_EQ(Check(RequestKind::kGet, {7}, "EN\r\n"), ReplyProgress::kComplete);
  EXPECT_EQ(state_.hits, 0u);
  EXPECT_EQ(Check(RequestKind::kSet, {7}, "HD\r\n"), ReplyProgress::kComplete);
  EXPECT_EQ(Check(RequestKind::kAdd, {7}, "NS\r\n"), ReplyProgress::kComplete);
  EXPECT_TRUE(state_.refused);
  ExpectInvalid(RequestKind::kGet, {7}, "VA 99\r\n" + value + "\r\n", "99 bytes");
}

TEST_F(ReplyCheckerTest, AReturnedMetaKeyIsChecked) {
  LoadOptions options = MetaOptions();
  options.meta_return_key = true;
  Use(options);
  const std::string value = ValueOf(workload(), 7);
  EXPECT_EQ(Check(RequestKind::kGet, {7}, absl::StrCat("VA 100 k", Key(7), "\r\n", value, "\r\n")),
            ReplyProgress::kComplete);
  ExpectInvalid(RequestKind::kGet, {7}, absl::StrCat("VA 100 k", Key(8), "\r\n", value, "\r\n"),
                "not asked for");
}

TEST_F(ReplyCheckerTest, CheckingSizesOnlyStillSeesAShortReply) {
  options_.check = ReplyCheck::kSize;
  const std::string other_key = Hit(workload(), 8) + "END\r\n";
  EXPECT_EQ(Check(RequestKind::kGet, {7}, other_key), ReplyProgress::kComplete);
  EXPECT_EQ(state_.hits, 1u);
  EXPECT_EQ(Check(RequestKind::kGet, {7}, other_key.substr(0, 50)), ReplyProgress::kNeedMore);
  ExpectInvalid(RequestKind::kGet, {7}, "END\r\n", "a success");
  ExpectInvalid(RequestKind::kGet, {7}, other_key.substr(0, 100) + other_key, "a success");
}

}  // namespace
}  // namespace ringcache::loadgen

// Behaviour of ParseRequest, line by line as memcached answers it.

#include "protocol/request_parser.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "protocol/key_iterator.h"
#include "protocol/operation.h"
#include "protocol/parse_result.h"
#include "protocol/request.h"

namespace ringcache::protocol {
namespace {

constexpr absl::string_view kBadLine = "CLIENT_ERROR bad command line format\r\n";

std::string Key(std::size_t size) { return std::string(size, 'k'); }

// Parses `line` plus "\r\n" and some bytes of a next command, all of which must stay unread.
Request Parse(absl::string_view line) {
  // Kept until the next call: the request's views point into it.
  static std::string input;
  input = absl::StrCat(line, "\r\nmn\r\n");
  Request request;
  const ParseResult result = ParseRequest(input, &request);
  EXPECT_EQ(result.status, ParseStatus::kOk) << line << ": " << ErrorText(result.error);
  EXPECT_EQ(result.consumed, line.size() + 2) << line;
  return request;
}

ParseResult Result(absl::string_view line) {
  const std::string input = absl::StrCat(line, "\r\nmn\r\n");
  Request request;
  return ParseRequest(input, &request);
}

void ExpectRefused(absl::string_view line, absl::string_view error_line,
                   std::uint64_t discard_bytes = 0, bool quiet = false) {
  const ParseResult result = Result(line);
  EXPECT_EQ(result.status, ParseStatus::kInvalid) << line;
  EXPECT_EQ(ErrorText(result.error), error_line) << line;
  EXPECT_EQ(result.consumed, line.size() + 2) << line;
  EXPECT_EQ(result.discard_bytes, discard_bytes) << line;
  EXPECT_EQ(result.quiet, quiet) << line;
}

std::vector<std::string> KeysOf(const Request& request) {
  std::vector<std::string> keys;
  KeyIterator iterator(request.keys);
  for (absl::string_view key; iterator.Next(&key);) keys.emplace_back(key);
  EXPECT_EQ(CountKeys(request.keys), keys.size());
  return keys;
}

using Strings = std::vector<std::string>;

TEST(RequestParserTest, RetrievalCarriesItsKeys) {
  EXPECT_EQ(KeysOf(Parse("get a")), Strings({"a"}));
  EXPECT_EQ(KeysOf(Parse("gets a b a")), Strings({"a", "b", "a"}));
  EXPECT_EQ(KeysOf(Parse("get  a   b ")), Strings({"a", "b"}));
  EXPECT_EQ(KeysOf(Parse("  get a")), Strings({"a"}));
  EXPECT_EQ(KeysOf(Parse(absl::StrCat("get ", Key(250)))), Strings({Key(250)}));
  EXPECT_EQ(Parse("get a").operation, Operation::kGet);
  EXPECT_EQ(Parse("gets a").operation, Operation::kGets);
}

TEST(RequestParserTest, RetrievalRefusesLongAndMissingKeys) {
  ExpectRefused("get", "ERROR\r\n");
  ExpectRefused("get ", "ERROR\r\n");
  ExpectRefused(absl::StrCat("get ", Key(251)), kBadLine);
  ExpectRefused(absl::StrCat("get a ", Key(251), " b"), kBadLine);
  ExpectRefused(absl::StrCat("get ", Key(251), " noreply"), kBadLine);
}

TEST(RequestParserTest, ControlBytesBelongToKeys) {
  EXPECT_EQ(KeysOf(Parse("get a\tb")), Strings({"a\tb"}));
  EXPECT_EQ(KeysOf(Parse("get a\rb")), Strings({"a\rb"}));
  EXPECT_EQ(KeysOf(Parse("get a\r")), Strings({"a\r"}));
  EXPECT_EQ(KeysOf(Parse(absl::string_view("get a\0b", 7))), Strings({std::string("a\0b", 3)}));
}

TEST(RequestParserTest, GetAndTouchCarriesATime) {
  const Request request = Parse("gat -1 a b");
  EXPECT_EQ(request.operation, Operation::kGat);
  EXPECT_EQ(request.exptime_s, -1);
  EXPECT_EQ(KeysOf(request), Strings({"a", "b"}));
  EXPECT_EQ(Parse("gats 99999999999 a").exptime_s, 99999999999);
  ExpectRefused("gat", "ERROR\r\n");
  ExpectRefused("gat 0", "ERROR\r\n");
  ExpectRefused("gat a b", "CLIENT_ERROR invalid exptime argument\r\n");
  ExpectRefused("gat 1a b", "CLIENT_ERROR invalid exptime argument\r\n");
  ExpectRefused(absl::StrCat("gats 0 ", Key(251)), kBadLine);
}

TEST(RequestParserTest, StorageCarriesItsNumbers) {
  const Request request = Parse("set key 4294967295 -1 2147483645");
  EXPECT_EQ(request.operation, Operation::kSet);
  EXPECT_EQ(request.key, "key");
  EXPECT_EQ(request.client_flags, 4294967295u);
  EXPECT_EQ(request.exptime_s, -1);
  EXPECT_EQ(request.value_bytes, kMaxValueBytes);
  EXPECT_FALSE(request.quiet);
  EXPECT_EQ(Parse("add a 0 0 1").operation, Operation::kAdd);
  EXPECT_EQ(Parse("replace a 0 0 1").operation, Operation::kReplace);
  EXPECT_EQ(Parse("append a 0 0 1").operation, Operation::kAppend);
  EXPECT_EQ(Parse("prepend a 0 0 1").operation, Operation::kPrepend);
  EXPECT_EQ(Parse("cas a 0 0 1 18446744073709551615").cas, 18446744073709551615u);
  EXPECT_EQ(Parse("set a +5 +6 +01 ").client_flags, 5u);
}

TEST(RequestParserTest, NoreplyIsTheLastWord) {
  EXPECT_TRUE(Parse("set a 0 0 1 noreply").quiet);
  EXPECT_TRUE(Parse("cas a 0 0 1 5 noreply").quiet);
  EXPECT_TRUE(Parse("delete a noreply").quiet);
  EXPECT_TRUE(Parse("incr a 1 noreply").quiet);
  EXPECT_TRUE(Parse("touch a 1 noreply").quiet);
  EXPECT_TRUE(Parse("flush_all noreply").quiet);
  EXPECT_TRUE(Parse("flush_all 5 noreply").quiet);
  EXPECT_TRUE(Parse("verbosity 1 noreply").quiet);
  EXPECT_TRUE(Parse("cache_memlimit 64 noreply").quiet);
}

TEST(RequestParserTest, OneWordTooManyIsIgnored) {
  EXPECT_FALSE(Parse("set a 0 0 1 other").quiet);
  EXPECT_FALSE(Parse("cas a 0 0 1 5 other").quiet);
  EXPECT_FALSE(Parse("incr a 1 other").quiet);
  EXPECT_FALSE(Parse("touch a 1 other").quiet);
  EXPECT_FALSE(Parse("flush_all 0 other").quiet);
  EXPECT_FALSE(Parse("verbosity 0 other").quiet);
}

TEST(RequestParserTest, StorageWithTheWrongNumberOfWordsIsAnError) {
  ExpectRefused("set", "ERROR\r\n");
  ExpectRefused("set a", "ERROR\r\n");
  ExpectRefused("set a 0 0", "ERROR\r\n");
  ExpectRefused("set a 0 0 1 noreply other", "ERROR\r\n", 3);
  ExpectRefused("cas a 0 0 1", "ERROR\r\n", 3);
  ExpectRefused("set a 0 0 1 2 3 4", "ERROR\r\n", 3);
}

TEST(RequestParserTest, ARefusedStorageLineSwallowsItsDataBlock) {
  ExpectRefused(absl::StrCat("set ", Key(251), " 0 0 7"), kBadLine, 9);
  ExpectRefused(absl::StrCat("set ", Key(251), " 0 0 7 noreply"), kBadLine, 9, true);
  ExpectRefused("set a x 0 1", kBadLine, 3);
  ExpectRefused("set a -1 0 1", kBadLine, 3);
  ExpectRefused("set a 4294967296 0 1", kBadLine, 3);
  ExpectRefused("set a 0 x 1", kBadLine, 3);
  ExpectRefused("set a 0 99999999999999999999 1", kBadLine, 3);
  ExpectRefused("cas a 0 0 1 x", kBadLine, 3);
  ExpectRefused("cas a 0 0 1 18446744073709551616", kBadLine, 3);
  ExpectRefused("cas a 0 0 1 noreply", kBadLine, 3, true);
}

TEST(RequestParserTest, AnUnreadableLengthSwallowsNothing) {
  ExpectRefused("set a 0 0 -1", kBadLine);
  ExpectRefused("set a 0 0 -1 noreply", kBadLine, 0, true);
  ExpectRefused("set a 0 0 2147483646", kBadLine);
  ExpectRefused("set a 0 0 99999999999999999999", kBadLine);
  ExpectRefused("set a 0 0 1x", kBadLine);
  ExpectRefused("set a 0 0 0x1", kBadLine);
}

TEST(RequestParserTest, DeleteAcceptsAnObsoleteTime) {
  EXPECT_EQ(Parse("delete a").key, "a");
  EXPECT_FALSE(Parse("delete a 0").quiet);
  EXPECT_TRUE(Parse("delete a 10 noreply").quiet);
  constexpr absl::string_view kUsage =
      "CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]\r\n";
  ExpectRefused("delete a other", kUsage);
  ExpectRefused("delete a 10 other", kUsage);
  ExpectRefused("delete a other noreply", kUsage, 0, true);
  ExpectRefused("delete a 0 noreply other", "ERROR\r\n");
  ExpectRefused("delete", "ERROR\r\n");
  ExpectRefused(absl::StrCat("delete ", Key(251)), kBadLine);
  ExpectRefused(absl::StrCat("delete ", Key(251), " noreply"), kBadLine, 0, true);
}

TEST(RequestParserTest, ArithmeticWantsAnUnsignedDelta) {
  EXPECT_EQ(Parse("incr a 18446744073709551615").delta, 18446744073709551615u);
  EXPECT_EQ(Parse("decr a 1").operation, Operation::kDecrement);
  constexpr absl::string_view kBadDelta = "CLIENT_ERROR invalid numeric delta argument\r\n";
  ExpectRefused("incr a abc", kBadDelta);
  ExpectRefused("incr a -1", kBadDelta);
  ExpectRefused("incr a 18446744073709551616", kBadDelta);
  ExpectRefused("incr a abc noreply", kBadDelta, 0, true);
  ExpectRefused("incr a noreply", kBadDelta, 0, true);
  ExpectRefused("incr a", "ERROR\r\n");
  ExpectRefused("incr a 1 2 3", "ERROR\r\n");
  ExpectRefused(absl::StrCat("decr ", Key(251), " abc"), kBadLine);
}

TEST(RequestParserTest, TouchWantsATime) {
  EXPECT_EQ(Parse("touch a -5").exptime_s, -5);
  ExpectRefused("touch a abc", "CLIENT_ERROR invalid exptime argument\r\n");
  ExpectRefused("touch a abc noreply", "CLIENT_ERROR invalid exptime argument\r\n", 0, true);
  ExpectRefused("touch a", "ERROR\r\n");
  ExpectRefused("touch a 1 2 3", "ERROR\r\n");
  ExpectRefused(absl::StrCat("touch ", Key(251), " 1"), kBadLine);
}

TEST(RequestParserTest, FlushAllTellsWhetherADelayWasGiven) {
  EXPECT_FALSE(Parse("flush_all").has_argument);
  EXPECT_FALSE(Parse("flush_all noreply").has_argument);
  EXPECT_TRUE(Parse("flush_all 0").has_argument);
  EXPECT_EQ(Parse("flush_all -1").exptime_s, -1);
  ExpectRefused("flush_all abc", "CLIENT_ERROR invalid exptime argument\r\n");
  ExpectRefused("flush_all abc noreply", "CLIENT_ERROR invalid exptime argument\r\n", 0, true);
  ExpectRefused("flush_all 0 0 0", "ERROR\r\n");
  ExpectRefused("flush_allx", "ERROR\r\n");
}

TEST(RequestParserTest, ServerCommandsKeepTheirArguments) {
  EXPECT_EQ(Parse("stats").arguments, "");
  EXPECT_EQ(Parse("stats  settings ").arguments, "settings");
  EXPECT_EQ(Parse("stats cachedump 1 10").arguments, "cachedump 1 10");
  EXPECT_EQ(Parse("watch").arguments, "");
  EXPECT_EQ(Parse("shutdown graceful").arguments, "graceful");
  EXPECT_EQ(Parse("lru_crawler metadump all").arguments, "metadump all");
  EXPECT_EQ(Parse("slabs automove 0 noreply").arguments, "automove 0");
  EXPECT_TRUE(Parse("slabs automove 0 noreply").quiet);
  EXPECT_EQ(Parse("lru mode flat").arguments, "mode flat");
  EXPECT_EQ(Parse("cache_memlimit 64").delta, 64u);
  EXPECT_EQ(Parse("verbosity 2").delta, 2u);
  EXPECT_EQ(Parse("version anything").operation, Operation::kVersion);
  EXPECT_EQ(Parse("quit now").operation, Operation::kQuit);
  EXPECT_EQ(Parse("mn anything").operation, Operation::kMetaNoOp);
  EXPECT_EQ(Parse("debugtime +5").arguments, "+5");
  ExpectRefused("verbosity", "ERROR\r\n");
  ExpectRefused("verbosity x", kBadLine);
  ExpectRefused("verbosity 0 0 0", "ERROR\r\n");
  ExpectRefused("cache_memlimit x", "ERROR\r\n");
  ExpectRefused("slabs", "ERROR\r\n");
  ExpectRefused("lru", "ERROR\r\n");
  ExpectRefused("lru_crawler", "ERROR\r\n");
}

TEST(RequestParserTest, UnknownWordsAreErrors) {
  for (const char* line : {"", " ", "foo", "GET a", "getx a", "ge a", "m", "mx a", "mgx a", "quitx",
                           "versionx", "foo noreply", "cache_memlimitx 1", "\xff", "\x81mn"}) {
    ExpectRefused(line, "ERROR\r\n");
  }
}

TEST(RequestParserTest, BareNewlinesEndLinesToo) {
  Request request;
  const ParseResult result = ParseRequest("get a\nmn\n", &request);
  EXPECT_EQ(result.status, ParseStatus::kOk);
  EXPECT_EQ(result.consumed, 6u);
  EXPECT_EQ(request.keys, "a");
  EXPECT_EQ(ParseRequest("\n", &request).error, ParseError::kUnknownCommand);
}

TEST(RequestParserTest, HttpClosesWithoutAReply) {
  EXPECT_EQ(Result("GET / HTTP/1.1").status, ParseStatus::kClose);
  EXPECT_EQ(Result("POST /x HTTP/1.0 ").close_reason, CloseReason::kHttpRequest);
  EXPECT_EQ(Result("GET / HTTP/1.1 x").status, ParseStatus::kInvalid);
  EXPECT_EQ(Result("get / HTTP/1.1").status, ParseStatus::kOk);
  EXPECT_EQ(CloseReasonName(CloseReason::kHttpRequest), "http_request");
}

TEST(RequestParserTest, TheBinaryProtocolIsRefusedByItsFirstByte) {
  Request request;
  const ParseResult result = ParseRequest("\x80", &request);
  EXPECT_EQ(result.status, ParseStatus::kClose);
  EXPECT_EQ(result.close_reason, CloseReason::kBinaryProtocol);
}

TEST(RequestParserTest, LinesHaveALimit) {
  Request request;
  EXPECT_EQ(ParseRequest(std::string(kMaxLineBytes, 'a'), &request).status, ParseStatus::kNeedMore);
  EXPECT_EQ(ParseRequest(std::string(kMaxLineBytes, 'a') + "\n", &request).status,
            ParseStatus::kInvalid);
  const ParseResult result = ParseRequest(std::string(kMaxLineBytes + 1, 'a'), &request);
  EXPECT_EQ(result.status, ParseStatus::kClose);
  EXPECT_EQ(result.close_reason, CloseReason::kLineTooLong);
  EXPECT_EQ(ParseRequest(std::string(kMaxLineBytes + 1, 'a') + "\n", &request).status,
            ParseStatus::kClose);
}

TEST(RequestParserTest, OnlyRetrievalMayBeLong) {
  for (const char* start : {"get ", "gets ", "gat 0 ", "gats 0 ", "   get "}) {
    std::string line = start;
    while (line.size() < kMaxMultigetLineBytes - 100) absl::StrAppend(&line, "some_key ");
    Request request;
    EXPECT_EQ(ParseRequest(line, &request).status, ParseStatus::kNeedMore) << start;
    const std::string whole = line + "\r\n";
    EXPECT_EQ(ParseRequest(whole, &request).status, ParseStatus::kOk) << start;
    line.resize(kMaxMultigetLineBytes - 1, 'x');
    EXPECT_EQ(ParseRequest(line, &request).status, ParseStatus::kNeedMore) << start;
    EXPECT_EQ(ParseRequest(line + "\n", &request).status, ParseStatus::kOk) << start;
    EXPECT_EQ(ParseRequest(line + "x", &request).status, ParseStatus::kClose) << start;
  }
  const std::string spaces(kMaxLeadingSpaces + 1, ' ');
  const std::string keys(kMaxLineBytes, 'a');
  Request request;
  EXPECT_EQ(ParseRequest(absl::StrCat(spaces, "get ", keys), &request).status, ParseStatus::kClose);
  EXPECT_EQ(ParseRequest(absl::StrCat("delete ", keys), &request).status, ParseStatus::kClose);
}

TEST(RequestParserTest, FieldsOfOtherOperationsAreLeftAlone) {
  Request request;
  request.value_bytes = 77;
  request.meta.opaque = "kept";
  ASSERT_EQ(ParseRequest("get a\r\n", &request).status, ParseStatus::kOk);
  EXPECT_EQ(request.value_bytes, 77u);
  EXPECT_EQ(request.meta.opaque, "kept");
}

}  // namespace
}  // namespace ringcache::protocol

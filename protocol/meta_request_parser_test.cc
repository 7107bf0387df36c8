// Behaviour of ParseRequest on meta commands, line by line as memcached answers it.

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "protocol/base64_key.h"
#include "protocol/meta_flag_table.h"
#include "protocol/operation.h"
#include "protocol/parse_result.h"
#include "protocol/request.h"
#include "protocol/request_parser.h"

namespace ringcache::protocol {
namespace {

constexpr absl::string_view kBadLine = "CLIENT_ERROR bad command line format\r\n";
constexpr absl::string_view kBadToken = "CLIENT_ERROR bad token in command line format\r\n";
constexpr absl::string_view kEitherFlag = "CLIENT_ERROR invalid or duplicate flag\r\n";
constexpr absl::string_view kUndecodable = "CLIENT_ERROR error decoding key\r\n";

std::string Repeated(absl::string_view text, int count) {
  std::string result;
  for (int i = 0; i < count; ++i) absl::StrAppend(&result, text);
  return result;
}

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

void ExpectRefused(absl::string_view line, absl::string_view error_line,
                   std::uint64_t discard_bytes = 0) {
  const std::string input = absl::StrCat(line, "\r\nmn\r\n");
  Request request;
  const ParseResult result = ParseRequest(input, &request);
  EXPECT_EQ(result.status, ParseStatus::kInvalid) << line;
  EXPECT_EQ(ErrorText(result.error), error_line) << line;
  EXPECT_EQ(result.consumed, line.size() + 2) << line;
  EXPECT_EQ(result.discard_bytes, discard_bytes) << line;
  EXPECT_FALSE(result.quiet) << line;
}

TEST(MetaRequestParserTest, GetCarriesKeyAndFlags) {
  const Request request = Parse("mg key s  v t O123 k q ");
  EXPECT_EQ(request.operation, Operation::kMetaGet);
  EXPECT_EQ(request.key, "key");
  EXPECT_EQ(request.meta.text, "s  v t O123 k q");
  EXPECT_EQ(request.meta.opaque, "123");
  EXPECT_TRUE(request.quiet);
  EXPECT_FALSE(request.key_is_base64);
  for (const char letter : {'s', 'v', 't', 'O', 'k', 'q'}) {
    EXPECT_TRUE(request.meta.has.Has(letter)) << letter;
  }
  EXPECT_FALSE(request.meta.has.Has('c'));
  EXPECT_TRUE(Parse("mg key").meta.has.empty());
  EXPECT_FALSE(Parse("mg key").quiet);
}

TEST(MetaRequestParserTest, TokensBecomeTypedFields) {
  const MetaFlags flags = Parse("mg a N30 R-1 T99999999999 C5 E18446744073709551615").meta;
  EXPECT_EQ(flags.vivify_ttl_s, 30);
  EXPECT_EQ(flags.recache_below_s, -1);
  EXPECT_EQ(flags.ttl_s, 99999999999);
  EXPECT_EQ(flags.compare_cas, 5u);
  EXPECT_EQ(flags.new_cas, 18446744073709551615u);
}

TEST(MetaRequestParserTest, BytesAfterAFlagWithoutTokenAreIgnored) {
  EXPECT_TRUE(Parse("mg a vt").meta.has.Has('v'));
  EXPECT_FALSE(Parse("mg a vt").meta.has.Has('t'));
}

TEST(MetaRequestParserTest, EveryFlagIsAcceptedByEveryCommand) {
  for (const MetaFlagRow& row : kMetaFlags) {
    const bool has_token = row.field != MetaField::kNone && row.field != MetaField::kMode;
    const std::string flag(1, row.letter);
    const std::string token = has_token ? "5" : row.field == MetaField::kMode ? "S" : "";
    for (const char* command : {"mg YQ== ", "ms YQ== 1 ", "md YQ== ", "ma YQ== "}) {
      if (row.field == MetaField::kMode && absl::string_view(command).substr(0, 2) == "ma")
        continue;
      const Request request = Parse(absl::StrCat(command, flag, token));
      EXPECT_TRUE(request.meta.has.Has(row.letter)) << command << flag;
    }
  }
}

TEST(MetaRequestParserTest, SetCarriesLengthFlagsAndTime) {
  const Request request = Parse("ms key 5 T60 F7 c I MA N90");
  EXPECT_EQ(request.operation, Operation::kMetaSet);
  EXPECT_EQ(request.value_bytes, 5u);
  EXPECT_EQ(request.client_flags, 7u);
  EXPECT_EQ(request.exptime_s, 60);
  EXPECT_EQ(request.meta.mode, MetaSetMode::kAppend);
  EXPECT_EQ(Parse("ms key 5").client_flags, 0u);
  EXPECT_EQ(Parse("ms key 5").exptime_s, 0);
  EXPECT_EQ(Parse("ms key 5").meta.mode, MetaSetMode::kSet);
  EXPECT_EQ(Parse("ms key 5 MSET").meta.mode, MetaSetMode::kSet);
  EXPECT_EQ(Parse("ms key 5 ME").meta.mode, MetaSetMode::kAdd);
  EXPECT_EQ(Parse("ms key 5 MR").meta.mode, MetaSetMode::kReplace);
  EXPECT_EQ(Parse("ms key 5 MP").meta.mode, MetaSetMode::kPrepend);
}

TEST(MetaRequestParserTest, SetWithoutAReadableLengthSwallowsNothing) {
  ExpectRefused("ms", "ERROR\r\n");
  for (const char* line :
       {"ms a", "ms a x", "ms a S2", "ms a -1", "ms a 2x", "ms a 2147483646", "ms a T1 2"}) {
    ExpectRefused(line, kBadLine);
  }
}

TEST(MetaRequestParserTest, ARefusedSetSwallowsItsDataBlock) {
  ExpectRefused(absl::StrCat("ms ", std::string(251, 'k'), " 2"), kBadLine, 4);
  ExpectRefused("ms a 2 z q", "CLIENT_ERROR invalid flag\r\n", 4);
  ExpectRefused("ms a 2 T1 T1", "CLIENT_ERROR duplicate flag\r\n", 4);
  ExpectRefused("ms a 2 Tx", kBadToken, 4);
  ExpectRefused("ms a 2 T", kBadToken, 4);
  ExpectRefused("ms a 2 F", kBadLine, 4);
  ExpectRefused("ms a 2 F-1", kBadLine, 4);
  ExpectRefused("ms a 2 F4294967296", kBadLine, 4);
  ExpectRefused("ms a 2 Mx", "CLIENT_ERROR invalid mode for ms M token\r\n", 4);
  ExpectRefused("ms a 2 M", "CLIENT_ERROR invalid mode for ms M token\r\n", 4);
  ExpectRefused("ms a 2 Ms", "CLIENT_ERROR invalid mode for ms M token\r\n", 4);
  ExpectRefused("ms !!!! 2 b", kUndecodable, 4);
  ExpectRefused("ms a 2147483645 z", "CLIENT_ERROR invalid flag\r\n", 2147483647u);
  ExpectRefused(absl::StrCat("ms a 2 O", std::string(33, 'o')),
                "CLIENT_ERROR opaque token too long\r\n", 4);
}

TEST(MetaRequestParserTest, WrongFlagsAreNamed) {
  ExpectRefused("mg", "ERROR\r\n");
  ExpectRefused("mg a v v", "CLIENT_ERROR duplicate flag\r\n");
  ExpectRefused("mg a v vv", "CLIENT_ERROR duplicate flag\r\n");
  for (const char* flag : {"z", "1", "!", "S5", "i", "d", "noreply"}) {
    ExpectRefused(absl::StrCat("mg a ", flag), "CLIENT_ERROR invalid flag\r\n");
  }
  ExpectRefused("mg a \x80", "CLIENT_ERROR duplicate flag\r\n");
  for (const char* flag : {"T", "Tx", "T10x", "N", "Nx", "R", "Rx", "C", "Cx", "C-1", "E"}) {
    ExpectRefused(absl::StrCat("mg a ", flag), kBadToken);
  }
  ExpectRefused("mg a J", "CLIENT_ERROR invalid numeric initial value\r\n");
  ExpectRefused("mg a D-1", "CLIENT_ERROR invalid numeric delta value\r\n");
  ExpectRefused("mg a Tx Jx", "CLIENT_ERROR invalid numeric initial value\r\n");
  ExpectRefused("mg a Tx z", "CLIENT_ERROR invalid flag\r\n");
}

TEST(MetaRequestParserTest, OpaqueTokensHaveALimit) {
  EXPECT_EQ(Parse("mg a O").meta.opaque, "");
  EXPECT_EQ(Parse(absl::StrCat("mg a O", std::string(32, 'o'))).meta.opaque.size(), 32u);
  ExpectRefused(absl::StrCat("md a O", std::string(33, 'o')),
                "CLIENT_ERROR opaque token too long\r\n");
}

TEST(MetaRequestParserTest, FlagsHaveALimit) {
  constexpr absl::string_view kTooMany = "CLIENT_ERROR options flags are too long\r\n";
  const std::string most = "v s t f c k h l u q O1 N1 R1 T1 P1 L1 C1 E1";  // 18 and 2 words
  EXPECT_EQ(Parse(absl::StrCat("mg a ", most)).meta.text, most);
  EXPECT_EQ(Parse(absl::StrCat("md a ", most)).meta.text, most);
  EXPECT_EQ(Parse(absl::StrCat("ma a ", most)).meta.text, most);
  ExpectRefused(absl::StrCat("mg a ", most, " I"), kTooMany);
  ExpectRefused(absl::StrCat("ms a 2 ", most), kTooMany, 4);
  ExpectRefused(absl::StrCat("mg a ", Repeated("v ", 40)), kTooMany);
  ExpectRefused(absl::StrCat("ma a ", Repeated("v ", 40)), kTooMany);
}

TEST(MetaRequestParserTest, DeleteAndArithmeticDoNotTellWrongFlagsApart) {
  for (const char* command : {"md", "ma"}) {
    ExpectRefused(command, "ERROR\r\n");
    for (const char* flags : {"z", "T3 T3", "Cx", "T", "Jx", "Dx", "D-1"}) {
      ExpectRefused(absl::StrCat(command, " a ", flags), kEitherFlag);
    }
    ExpectRefused(absl::StrCat(command, " a b"), kEitherFlag);
    ExpectRefused(absl::StrCat(command, " ", std::string(251, 'k')), kBadLine);
  }
}

TEST(MetaRequestParserTest, ArithmeticHasDefaultsAndModes) {
  const MetaFlags flags = Parse("ma a N0 J13 D5 MD").meta;
  EXPECT_EQ(flags.initial, 13u);
  EXPECT_EQ(flags.delta, 5u);
  EXPECT_TRUE(flags.decrement);
  EXPECT_EQ(Parse("ma a").meta.delta, 1u);
  EXPECT_EQ(Parse("ma a").meta.initial, 0u);
  EXPECT_FALSE(Parse("ma a").meta.decrement);
  EXPECT_TRUE(Parse("ma a M-").meta.decrement);
  EXPECT_FALSE(Parse("ma a M+").meta.decrement);
  EXPECT_FALSE(Parse("ma a MI").meta.decrement);
  for (const char* mode : {"M", "Mi", "Md", "Mx"}) {
    ExpectRefused(absl::StrCat("ma a ", mode), "CLIENT_ERROR invalid mode for ma M token\r\n");
  }
}

TEST(MetaRequestParserTest, DefaultsDoNotLeakFromRequestToRequest) {
  Request request;
  ASSERT_EQ(ParseRequest("ma a J9 D9 MD b\r\n", &request).status, ParseStatus::kInvalid);
  ASSERT_EQ(ParseRequest("ma YQ== J9 D9 MD b q\r\n", &request).status, ParseStatus::kOk);
  ASSERT_EQ(ParseRequest("ma a\r\n", &request).status, ParseStatus::kOk);
  EXPECT_EQ(request.meta.delta, 1u);
  EXPECT_EQ(request.meta.initial, 0u);
  EXPECT_FALSE(request.meta.decrement);
  EXPECT_FALSE(request.quiet);
  EXPECT_FALSE(request.key_is_base64);
  EXPECT_TRUE(request.meta.has.empty());
}

TEST(MetaRequestParserTest, Base64KeysAreMeasuredDecoded) {
  char scratch[kMaxKeyBytes];
  const Request request = Parse("mg YQ== b k v");
  EXPECT_TRUE(request.key_is_base64);
  EXPECT_EQ(request.key, "YQ==");
  EXPECT_EQ(KeyBytes(request, scratch), "a");
  EXPECT_TRUE(Parse(absl::StrCat("mg ", Repeated("YWFh", 83), " b")).key_is_base64);  // 249 bytes
  ExpectRefused(absl::StrCat("mg ", Repeated("YWFh", 84), " b"), kBadLine);           // 252 bytes
  ExpectRefused(absl::StrCat("mg ", Repeated("YWFh", 83), " v"), kBadLine);
  for (const char* key : {"YQ", "!!!!", "Y", "====", "YQ=a", "YR==", "a"}) {
    ExpectRefused(absl::StrCat("mg ", key, " b"), kUndecodable);
  }
}

TEST(MetaRequestParserTest, DebugTakesOnlyB) {
  EXPECT_EQ(Parse("me a").key, "a");
  EXPECT_EQ(Parse("me a z").operation, Operation::kMetaDebug);
  EXPECT_TRUE(Parse("me YQ== b").key_is_base64);
  EXPECT_TRUE(Parse("me YQ== b b").key_is_base64);
  ExpectRefused("me", kBadLine);
  ExpectRefused("me a b", kBadLine);
  ExpectRefused(absl::StrCat("me ", std::string(251, 'k')), kBadLine);
}

}  // namespace
}  // namespace ringcache::protocol

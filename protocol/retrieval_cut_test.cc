#include "protocol/retrieval_cut.h"

#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "protocol/operation.h"
#include "protocol/parse_result.h"
#include "protocol/request.h"

namespace ringcache::protocol {
namespace {

// A buffer that is full of a line's beginning.
std::string Filled(absl::string_view head, absl::string_view word = "key") {
  std::string input(head);
  while (input.size() < kMaxMultigetLineBytes) absl::StrAppend(&input, word, " ");
  input.resize(kMaxMultigetLineBytes);
  return input;
}

TEST(RetrievalCutTest, EndsThePartBehindItsLastCompleteKey) {
  for (const absl::string_view head : {"get ", "gets ", "  get  ", "gat 60 ", "gats -1  "}) {
    std::string input = Filled(head, "longer_key");
    const std::string before = input;
    Request request;
    const std::optional<RetrievalCut> cut = CutRetrieval(absl::MakeSpan(input), &request);
    ASSERT_TRUE(cut.has_value()) << head;
    EXPECT_EQ(input[cut->line_bytes - 1], '\n');
    input[cut->line_bytes - 1] = ' ';
    EXPECT_EQ(input, before) << "one byte is written";
    EXPECT_EQ(cut->head, head);
    EXPECT_TRUE(absl::EndsWith(request.keys, " longer_key"));
    EXPECT_LE(input.size() - cut->line_bytes, kMaxKeyBytes);
  }
}

TEST(RetrievalCutTest, ThePartAndTheHeadWithTheRestAreAllOfTheLine) {
  std::string input = Filled("gat 60 ", "0123456789");
  const std::string before = input;
  Request request;
  const std::optional<RetrievalCut> cut = CutRetrieval(absl::MakeSpan(input), &request);
  ASSERT_TRUE(cut.has_value());
  EXPECT_EQ(request.operation, Operation::kGat);
  EXPECT_EQ(request.exptime_s, 60);
  EXPECT_EQ(absl::StrCat(cut->head, request.keys, " ", input.substr(cut->line_bytes)), before);
}

TEST(RetrievalCutTest, SpacesAtTheEndAreNotTheEndOfAKey) {
  std::string input = Filled("get ");
  input.replace(input.size() - 5, 5, "k    ");
  Request request;
  const std::optional<RetrievalCut> cut = CutRetrieval(absl::MakeSpan(input), &request);
  ASSERT_TRUE(cut.has_value());
  EXPECT_TRUE(absl::EndsWith(input.substr(cut->line_bytes), "k    "));
}

TEST(RetrievalCutTest, WhatIsNoRetrievalOrHasNoPlaceToCutIsLeftToBeClosed) {
  Request request;
  for (const std::string& input : {
           Filled("get"),                            // "getkey"
           Filled("set "),                           //
           Filled("mg "),                            //
           Filled("gat x "),                         // no number
           Filled("get ", std::string(300, 'k')),    // keys that are too long
           Filled("get ", std::string(99999, 'k')),  //
           std::string(kMaxMultigetLineBytes, ' '),
           std::string(kMaxMultigetLineBytes, 'x'),
           absl::StrCat("get ", std::string(3000, ' '), Filled("")).substr(0, 65536),
       }) {
    std::string copy = input;
    EXPECT_FALSE(CutRetrieval(absl::MakeSpan(copy), &request).has_value()) << input.substr(0, 10);
  }
  std::string shorter = Filled("get ").substr(1);
  EXPECT_FALSE(CutRetrieval(absl::MakeSpan(shorter), &request).has_value());
  std::string empty;
  EXPECT_FALSE(CutRetrieval(absl::MakeSpan(empty), &request).has_value());
}

}  // namespace
}  // namespace ringcache::protocol

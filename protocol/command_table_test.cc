// Tells somebody who adds a command or a meta flag what else it needs.

#include "protocol/command_table.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "protocol/command_lookup.h"
#include "protocol/command_samples.h"
#include "protocol/meta_flag_table.h"
#include "protocol/operation.h"
#include "protocol/parse_result.h"
#include "protocol/reply.h"
#include "protocol/request.h"
#include "protocol/request_parser.h"
#include "protocol/request_writer.h"
#include "protocol/standard_reply.h"

namespace ringcache::protocol {
namespace {

TEST(CommandTableTest, EveryWordFindsItsRow) {
  for (const CommandRow& row : kCommands) {
    EXPECT_EQ(CommandLookup::Find(row.word), &row) << row.word;
    EXPECT_EQ(CommandWord(row.operation), row.word);
    EXPECT_EQ(&RowOf(row.operation), &row);
  }
}

TEST(CommandTableTest, NearMissesFindNothing) {
  for (const CommandRow& row : kCommands) {
    const std::string word(row.word);
    for (const std::string& other :
         {absl::StrCat(word, "x"), absl::StrCat("x", word), word.substr(1),
          absl::StrCat(word, absl::string_view("\0", 1)), std::string(1, word[0])}) {
      const CommandRow* found = CommandLookup::Find(other);
      EXPECT_TRUE(found == nullptr || found->word == other) << other;
    }
  }
  EXPECT_EQ(CommandLookup::Find(""), nullptr);
  EXPECT_EQ(CommandLookup::Find(std::string(100, 'g')), nullptr);
}

TEST(CommandTableTest, EveryCommandHasASampleThatParses) {
  for (const CommandRow& row : kCommands) {
    bool has_sample = false;
    for (const CommandSample& sample : kCommandSamples) {
      if (sample.operation != row.operation) continue;
      has_sample = true;
      Request request;
      const std::string line = absl::StrCat(sample.line, "\r\n");
      EXPECT_EQ(ParseRequest(line, &request).status, ParseStatus::kOk)
          << "does request_parser.cc handle the form of: " << sample.line;
      EXPECT_EQ(request.operation, row.operation) << sample.line;
    }
    EXPECT_TRUE(has_sample) << "the command " << row.word
                            << " needs a line in command_samples.h, a row in docs/protocol.md, a "
                               "handler in the server and a transcript";
  }
}

TEST(CommandTableTest, EveryCommandKnowsWhatNoreplyHides) {
  for (const CommandRow& row : kCommands) {
    if (!TakesNoreply(row.form)) continue;
    EXPECT_TRUE(QuietHides(row.operation, ReplyKind::kOk)) << row.word;
    EXPECT_TRUE(QuietHides(row.operation, ReplyKind::kClientError)) << row.word;
  }
}

TEST(CommandTableTest, EveryCommandEndsItsReplies) {
  for (const CommandRow& row : kCommands) {
    EXPECT_TRUE(EndsReplies(row.operation, ReplyKind::kServerError)) << row.word;
  }
}

TEST(CommandTableTest, EveryMetaFlagHasASample) {
  for (const MetaFlagRow& row : kMetaFlags) {
    MetaFlagSet seen;
    for (const CommandSample& sample : kCommandSamples) {
      Request request;
      const std::string line = absl::StrCat(sample.line, "\r\n");
      if (RowOf(sample.operation).form != CommandForm::kMeta &&
          RowOf(sample.operation).form != CommandForm::kMetaSet) {
        continue;
      }
      ASSERT_EQ(ParseRequest(line, &request).status, ParseStatus::kOk) << sample.line;
      if (request.meta.has.Has(row.letter)) seen.Add(row.letter);
    }
    EXPECT_TRUE(seen.Has(row.letter))
        << "the flag " << row.letter
        << " needs a sample in command_samples.h and a row in docs/protocol.md";
  }
}

}  // namespace
}  // namespace ringcache::protocol

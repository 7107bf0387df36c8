#include "tools/cli/entries.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class EntriesTest : public testing::Test {
 protected:
  using Stream = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

  Entries EntriesOf(const CommandLine& line, const std::string& input) {
    std::fwrite(input.data(), 1, input.size(), input_.get());
    std::rewind(input_.get());
    return Entries(line, input_.get());
  }
  static CommandLine FromInput(Command command) {
    CommandLine line;
    line.command = command;
    line.from_input = true;
    return line;
  }
  // As "key=value".
  std::vector<std::string> Next(Entries& entries) {
    std::vector<std::string> texts;
    for (const Entry& entry : entries.NextBatch(&console_)) {
      texts.push_back(absl::StrCat(entry.key, "=", entry.value));
    }
    return texts;
  }

  Stream input_{std::tmpfile(), &std::fclose};
  Stream output_{std::tmpfile(), &std::fclose};
  Console console_{output_.get(), output_.get(), false};
};

TEST_F(EntriesTest, KeysOfTheCommandLineComeInTheirOrder) {
  CommandLine line;
  line.keys = {"a", "b"};
  Entries entries = EntriesOf(line, "");
  EXPECT_THAT(Next(entries), ElementsAre("a=", "b="));
  EXPECT_THAT(Next(entries), IsEmpty());
}

TEST_F(EntriesTest, AValueThatIsNotGivenIsAllOfStandardInput) {
  CommandLine line;
  line.command = Command::kSet;
  line.keys = {"a"};
  Entries entries = EntriesOf(line, "1\n2\n");
  EXPECT_THAT(Next(entries), ElementsAre("a=1\n2\n"));
  EXPECT_THAT(Next(entries), IsEmpty());
}

TEST_F(EntriesTest, LinesAreKeysOrKeysAndValues) {
  const CommandLine get = FromInput(Command::kGet);
  Entries keys = EntriesOf(get, "a\nb");
  EXPECT_THAT(Next(keys), ElementsAre("a=", "b="));
  std::rewind(input_.get());
  const CommandLine set = FromInput(Command::kSet);
  Entries pairs = EntriesOf(set, "a one two\nb \nc x\\ny\n");
  EXPECT_THAT(Next(pairs), ElementsAre("a=one two", "b=", "c=x\ny"));
  EXPECT_EQ(console_.status(), ExitStatus::kDone);
}

TEST_F(EntriesTest, ALineThatCannotBeReadIsLeftOut) {
  const CommandLine set = FromInput(Command::kSet);
  Entries entries = EntriesOf(set, "a 1\nnovalue\nb \\q\nc 2\n");
  EXPECT_THAT(Next(entries), ElementsAre("a=1", "c=2"));
  EXPECT_EQ(console_.status(), ExitStatus::kUsage);
}

TEST_F(EntriesTest, BatchesHaveABound) {
  std::string input;
  for (std::size_t i = 0; i <= Entries::kBatchEntries; ++i) absl::StrAppend(&input, "k", i, "\n");
  const CommandLine get = FromInput(Command::kGet);
  Entries entries = EntriesOf(get, input);
  EXPECT_THAT(Next(entries), SizeIs(Entries::kBatchEntries));
  EXPECT_THAT(Next(entries), SizeIs(1));
  EXPECT_THAT(Next(entries), IsEmpty());
}

TEST_F(EntriesTest, BatchesOfLongValuesEndWithTheirBytes) {
  const std::string line = absl::StrCat("k ", std::string(Entries::kBatchBytes / 2, 'v'), "\n");
  const CommandLine set = FromInput(Command::kSet);
  Entries entries = EntriesOf(set, absl::StrCat(line, line, line));
  EXPECT_THAT(Next(entries), SizeIs(2));
  EXPECT_THAT(Next(entries), SizeIs(1));
}

}  // namespace
}  // namespace ringcache::cli

#include "tools/cli/console.h"

#include <cstdio>
#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/cli/input.h"

namespace ringcache::cli {
namespace {

using ::testing::EndsWith;

using Stream = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

std::string TextOf(const Stream& stream) {
  std::rewind(stream.get());
  return ReadAll(stream.get()).value();
}

class ConsoleTest : public testing::Test {
 protected:
  Stream out_{std::tmpfile(), &std::fclose};
  Stream error_{std::tmpfile(), &std::fclose};
  Console console_{out_.get(), error_.get(), false};
};

TEST_F(ConsoleTest, ResultsAndComplaintsGoTheirWays) {
  console_.Write("value");
  console_.Complain(ExitStatus::kMiss, "a: no such key");
  EXPECT_EQ(console_.Finish(), ExitStatus::kMiss);
  EXPECT_EQ(TextOf(out_), "value");
  EXPECT_EQ(TextOf(error_), "ringcache-cli: a: no such key\n");
}

TEST_F(ConsoleTest, TheWorstStatusCounts) {
  EXPECT_EQ(console_.status(), ExitStatus::kDone);
  console_.Complain(ExitStatus::kRefused, "x");
  console_.Complain(ExitStatus::kMiss, "y");
  EXPECT_EQ(console_.Finish(), ExitStatus::kRefused);
}

TEST_F(ConsoleTest, ManyComplaintsAreCounted) {
  for (std::size_t i = 0; i < Console::kMaxComplaints + 3; ++i) {
    console_.Complain(ExitStatus::kMiss, "x");
  }
  console_.Finish();
  EXPECT_THAT(TextOf(error_), EndsWith("x\nringcache-cli: and 3 more of this kind\n"));
}

TEST_F(ConsoleTest, OutputThatCannotBeWrittenIsTold) {
  const Stream full(std::fopen("/dev/full", "w"), &std::fclose);
  Console console(full.get(), error_.get(), false);
  console.Write("value");
  EXPECT_EQ(console.Finish(), ExitStatus::kStreams);
  EXPECT_EQ(TextOf(error_), "ringcache-cli: standard output cannot be written\n");
}

}  // namespace
}  // namespace ringcache::cli

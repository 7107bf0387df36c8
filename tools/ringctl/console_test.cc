#include "tools/ringctl/console.h"

#include <cstdio>
#include <memory>

#include "gtest/gtest.h"
#include "tools/ringctl/captured_stream.h"

namespace ringcache::ringctl {
namespace {

TEST(ConsoleTest, ResultsAndComplaintsGoTheirWays) {
  CapturedStream out, error;
  Console console(out.stream(), error.stream(), /*is_terminal=*/false);
  console.Write("serving\n");
  console.Complain({ExitStatus::kRefused, "a server has no ring"});
  EXPECT_EQ(console.Finish(), ExitStatus::kRefused);
  EXPECT_EQ(out.text(), "serving\n");
  EXPECT_EQ(error.text(), "ringctl: a server has no ring\n");
}

TEST(ConsoleTest, TheWorstStatusCounts) {
  CapturedStream out, error;
  Console console(out.stream(), error.stream(), /*is_terminal=*/false);
  EXPECT_EQ(console.status(), ExitStatus::kDone);
  console.Note(ExitStatus::kRefused);
  console.Note(ExitStatus::kNotServing);
  EXPECT_EQ(console.Finish(), ExitStatus::kRefused);
  EXPECT_EQ(error.text(), "");
}

TEST(ConsoleTest, OnlyATerminalIsCleared) {
  CapturedStream out, error;
  Console(out.stream(), error.stream(), /*is_terminal=*/false).Renew();
  EXPECT_EQ(out.text(), "");
  Console(out.stream(), error.stream(), /*is_terminal=*/true).Renew();
  EXPECT_EQ(out.text(), "\x1b[H\x1b[J");
}

TEST(ConsoleTest, OutputThatCannotBeWrittenIsTold) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> full(std::fopen("/dev/full", "w"),
                                                             &std::fclose);
  CapturedStream error;
  Console console(full.get(), error.stream(), /*is_terminal=*/false);
  console.Write("value");
  EXPECT_EQ(console.Finish(), ExitStatus::kStreams);
  EXPECT_EQ(error.text(), "ringctl: standard output cannot be written\n");
}

}  // namespace
}  // namespace ringcache::ringctl

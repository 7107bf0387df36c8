#include "process/background.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <cstddef>
#include <functional>
#include <string>

#include "gtest/gtest.h"
#include "net/descriptor.h"

namespace ringcache::process {
namespace {

// The exit code of a process that runs `body`, as whoever started it sees it.
int ExitCodeOf(const std::function<void()>& body) {
  const pid_t child = fork();
  if (child == 0) {
    body();
    _exit(EX_SOFTWARE);
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

TEST(BackgroundTest, TheParentLeavesWhenTheChildIsReady) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const net::Descriptor read_end(ends[0]);
  net::Descriptor write_end(ends[1]);
  EXPECT_EQ(ExitCodeOf([&] {
              Background background;
              if (!background.Enter().ok()) _exit(EX_OSERR);
              (void)!write(write_end.get(), "prepared", 8);
              if (!background.Ready().ok()) _exit(EX_OSERR);
              struct stat null {
              }, out{};
              stat("/dev/null", &null);
              fstat(STDOUT_FILENO, &out);
              const bool silent = out.st_rdev == null.st_rdev;
              const bool leads = getsid(0) == getpid();
              (void)!write(write_end.get(), silent && leads ? " detached" : " attached", 9);
              _exit(EX_SOFTWARE);  // nobody's concern any more
            }),
            EX_OK);
  // What was done before Ready() is there when the parent has left.
  char text[17];
  EXPECT_EQ(read(read_end.get(), text, 8), 8);
  write_end.Reset();
  std::size_t bytes = 8;
  for (ssize_t more; (more = read(read_end.get(), text + bytes, sizeof(text) - bytes)) > 0;) {
    bytes += static_cast<std::size_t>(more);
  }
  EXPECT_EQ(std::string(text, bytes), "prepared detached");
}

TEST(BackgroundTest, AChildThatFailsPassesItsExitCodeOn) {
  EXPECT_EQ(ExitCodeOf([] {
              Background background;
              if (background.Enter().ok()) _exit(EX_NOUSER);
            }),
            EX_NOUSER);
}

TEST(BackgroundTest, AChildThatIsKilledIsAFailure) {
  EXPECT_EQ(ExitCodeOf([] {
              Background background;
              if (background.Enter().ok()) raise(SIGKILL);
            }),
            EX_OSERR);
}

TEST(BackgroundTest, WithoutEnteringThereIsNothingToLeave) {
  struct stat before {
  }, after{};
  fstat(STDOUT_FILENO, &before);
  Background background;
  EXPECT_TRUE(background.Ready().ok());
  fstat(STDOUT_FILENO, &after);
  EXPECT_EQ(before.st_ino, after.st_ino);
}

}  // namespace
}  // namespace ringcache::process

// The program with a memory file: stopped in each way, and started again.

#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "net/socket_folder.h"
#include "server/test_process.h"

namespace ringcache::server {
namespace {

class ServerRestartTest : public testing::Test {
 protected:
  static std::string Path() {
    return absl::StrCat(std::getenv("TEST_TMPDIR"), "/",
                        testing::UnitTest::GetInstance()->current_test_info()->name());
  }
  void Start(const std::string& more = "") {
    process_ = std::make_unique<TestProcess>("sh", Command(more));
    ASSERT_TRUE(process_->started()) << Log();
    client_ = std::make_unique<TestClient>(process_->port());
    ASSERT_TRUE(client_->connected());
  }
  // A shell, which gives way to the server, keeps the log.
  static std::vector<std::string> Command(const std::string& more) {
    return {"-c", absl::StrCat("exec server/server --admin-port=off --metrics-port=off -p 0 ",
                               "-l 127.0.0.1 -m 16 -e ", Path(), " ", more, " 2>", Path(), ".log")};
  }
  static std::string Log() {
    std::ifstream file(Path() + ".log");
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  void Stop(int signal) {
    client_.reset();
    process_->Signal(signal);
    ASSERT_EQ(process_->ExitCode(), 0);
  }
  std::string Ask(absl::string_view request, absl::string_view end) {
    client_->Send(request);
    return client_->ReadUntil(end);
  }
  std::string Get(absl::string_view key) {
    return Ask(absl::StrCat("get ", key, "\r\n"), "END\r\n");
  }
  void Set(absl::string_view key, absl::string_view value) {
    EXPECT_EQ(Ask(absl::StrCat("set ", key, " 5 0 ", value.size(), "\r\n", value, "\r\n"), "\r\n"),
              "STORED\r\n");
  }
  static std::string Hit(absl::string_view key, absl::string_view value) {
    return absl::StrCat("VALUE ", key, " 5 ", value.size(), "\r\n", value, "\r\nEND\r\n");
  }
  static bool MetaIsThere() { return access((Path() + ".meta").c_str(), F_OK) == 0; }

  std::unique_ptr<TestProcess> process_;
  std::unique_ptr<TestClient> client_;
};

TEST_F(ServerRestartTest, ItemsOutlastEveryCleanStop) {
  Start();
  EXPECT_TRUE(absl::StrContains(Log(), " is new")) << Log();
  Set("before", "1");
  Set("large", std::string(200'000, 'x'));
  int stops = 0;
  for (const int signal : {SIGUSR1, SIGTERM, SIGINT}) {
    Stop(signal);
    EXPECT_TRUE(MetaIsThere());
    EXPECT_TRUE(absl::StrContains(Log(), absl::StrCat("closed with ", 2 + stops, " items")))
        << Log();
    Start();
    EXPECT_FALSE(MetaIsThere());
    EXPECT_TRUE(absl::StrContains(Log(), absl::StrCat("memory file: ", 2 + stops, " items of ")))
        << Log();
    EXPECT_EQ(Get("before"), Hit("before", "1"));
    EXPECT_EQ(Get("large"), Hit("large", std::string(200'000, 'x')));
    Set(absl::StrCat("between", ++stops), "2");
  }
  EXPECT_EQ(Get("between1"), Hit("between1", "2"));
  EXPECT_EQ(Get("between2"), Hit("between2", "2"));
}

TEST_F(ServerRestartTest, TheShutdownCommandIsACleanStopToo) {
  for (const std::string command : {"shutdown\r\n", "shutdown graceful\r\n"}) {
    Start("-A");
    Set("a", command.substr(0, 8));
    EXPECT_EQ(Ask(command, ""), "");
    client_.reset();
    EXPECT_EQ(process_->ExitCode(), 0);
    Start("-A");
    EXPECT_EQ(Get("a"), Hit("a", "shutdown"));
    Stop(SIGTERM);
  }
}

TEST_F(ServerRestartTest, ClientsInTheMiddleOfARequestDoNotKeepItFromClosingTheFile) {
  Start();
  Set("a", "1");
  // One that has sent half a value, and one that does not read the large one it asked for.
  Set("large", std::string(900'000, 'x'));
  TestClient sending(process_->port());
  sending.Send("mn\r\nset half 5 0 500000\r\nbegin");
  EXPECT_EQ(sending.ReadUntil("MN\r\n"), "MN\r\n");
  TestClient reading(process_->port());
  for (int i = 0; i < 20; ++i) reading.Send("get large\r\n");
  EXPECT_EQ(Ask("delete large\r\n", "\r\n"), "DELETED\r\n");
  Stop(SIGTERM);
  Start();
  EXPECT_EQ(Get("a"), Hit("a", "1"));
  EXPECT_EQ(Get("half"), "END\r\n");
  EXPECT_EQ(Get("large"), "END\r\n");
}

TEST_F(ServerRestartTest, AfterAKillInTheMiddleOfWritesItStartsEmpty) {
  Start();
  Set("a", "old");
  Stop(SIGUSR1);
  Start();
  EXPECT_EQ(Get("a"), Hit("a", "old"));
  std::string writes;
  for (int i = 0; i < 20'000; ++i) {
    absl::StrAppend(&writes, "set key", i % 100, " 5 0 10 noreply\r\n", i % 10, "123456789\r\n");
  }
  client_->Send(writes);
  process_->Signal(SIGKILL);
  EXPECT_EQ(process_->ExitCode(), -1);
  Start();
  EXPECT_TRUE(absl::StrContains(Log(), "starting empty: ")) << Log();
  EXPECT_TRUE(absl::StrContains(Log(), " was not closed cleanly")) << Log();
  EXPECT_EQ(Get("a"), "END\r\n");
  for (int i = 0; i < 100; ++i) EXPECT_EQ(Get(absl::StrCat("key", i)), "END\r\n");
  // And serves.
  Set("a", "new");
  EXPECT_EQ(Get("a"), Hit("a", "new"));
}

TEST_F(ServerRestartTest, AStartThatFailsLosesNothing) {
  Start();
  Set("a", "1");
  Stop(SIGTERM);
  TestProcess other("server/server", {"-p", "0", "-l", "127.0.0.1"});
  ASSERT_TRUE(other.started());
  TestProcess failing("sh", Command(absl::StrCat("-p ", other.port())));
  EXPECT_FALSE(failing.started());
  EXPECT_TRUE(absl::StrContains(Log(), "closed with 1 items")) << Log();
  Start();
  EXPECT_EQ(Get("a"), Hit("a", "1"));
}

TEST_F(ServerRestartTest, AnotherLimitStartsEmptyAndSaysSo) {
  Start();
  Set("a", "1");
  Stop(SIGTERM);
  Start("-m 32");
  EXPECT_TRUE(absl::StrContains(
      Log(), "starting empty: the memory limit in bytes was 16777216 and is now 33554432"))
      << Log();
  EXPECT_EQ(Get("a"), "END\r\n");
}

TEST_F(ServerRestartTest, ASecondServerOnTheFileDoesNotStart) {
  Start();
  Set("a", "1");
  TestProcess second("sh", Command(""));
  EXPECT_FALSE(second.started());
  EXPECT_TRUE(absl::StrContains(Log(), "is in use by another process")) << Log();
  EXPECT_EQ(Get("a"), Hit("a", "1"));
}

TEST_F(ServerRestartTest, TheUserThatItBecomesOwnsTheFile) {
  const net::SocketFolder folder;
  const passwd* const user = getpwnam("nobody");
  if (user == nullptr || chown(folder.path().c_str(), user->pw_uid, user->pw_gid) != 0) {
    GTEST_SKIP() << "-u is for root, outside a sandbox";
  }
  const std::string own = absl::StrCat("-u nobody -e ", folder.path(), "/items");
  Start(own);
  Set("a", "1");
  Stop(SIGTERM);
  Start(own);
  EXPECT_EQ(Get("a"), Hit("a", "1"));
}

TEST_F(ServerRestartTest, ItIsLockedIntoMemoryLikeAnyOther) {
  Start("-k");
  Set("a", "1");
  Stop(SIGTERM);
  Start("-k -L");
  EXPECT_EQ(Get("a"), Hit("a", "1"));
}

TEST_F(ServerRestartTest, TheFileIsAmongTheSettings) {
  Start();
  EXPECT_TRUE(absl::StrContains(Ask("stats settings\r\n", "END\r\n"),
                                absl::StrCat("STAT memory_file ", Path(), "\r\n")));
}

TEST_F(ServerRestartTest, TheLimitIsNotRaisedBeyondTheFile) {
  Start();
  EXPECT_EQ(Ask("cache_memlimit 8\r\n", "\r\n"), "OK\r\n");
  EXPECT_TRUE(absl::StartsWith(Ask("cache_memlimit 32\r\n", "\r\n"), "MEMLIMIT_ADJUST_FAILED"));
}

TEST_F(ServerRestartTest, AFileThatCannotBeUsedEndsTheStart) {
  std::ofstream(Path()) << "somebody's letters, which nobody wants to lose";
  TestProcess process("sh", Command(""));
  EXPECT_FALSE(process.started());
  EXPECT_TRUE(absl::StrContains(Log(), "holds something else than items")) << Log();
}

TEST_F(ServerRestartTest, AMetaThatCannotBeWrittenIsSaid) {
  Start();
  Set("a", "1");
  ASSERT_EQ(mkdir((Path() + ".meta.new").c_str(), 0700), 0);
  Stop(SIGTERM);
  EXPECT_TRUE(absl::StrContains(Log(), "not closed, the next start will be empty")) << Log();
  ASSERT_EQ(rmdir((Path() + ".meta.new").c_str()), 0);
  Start();
  EXPECT_EQ(Get("a"), "END\r\n");
}

}  // namespace
}  // namespace ringcache::server

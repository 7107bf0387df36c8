#include "process/posted_log.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "net/epoll_event_loop.h"
#include "process/log_sink.h"

namespace ringcache::process {
namespace {

class RecordingLog final : public LogSink {
 public:
  void Write(LogLevel, absl::string_view message) override {
    lines.emplace_back(message);
    threads.push_back(std::this_thread::get_id());
  }
  void SetVerbosity(int verbosity) override { this->verbosity = verbosity; }

  std::vector<std::string> lines;
  std::vector<std::thread::id> threads;
  int verbosity = 0;
};

class PostedLogTest : public testing::Test {
 protected:
  void RunLoop() {
    loop_->Post([this] { loop_->Stop(); });
    loop_->Run();
  }

  const std::unique_ptr<net::EventLoop> loop_ = net::EpollEventLoop::Create().value();
  RecordingLog log_;
  PostedLog posted_{loop_.get(), &log_};
};

TEST_F(PostedLogTest, TheLoopsThreadWritesWhatAnotherSays) {
  std::thread other([this] {
    posted_.Write(LogLevel::kNotice, "one");
    posted_.Write(LogLevel::kNotice, "two");
  });
  other.join();
  EXPECT_TRUE(log_.lines.empty());
  RunLoop();
  EXPECT_EQ(log_.lines, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(log_.threads[0], std::this_thread::get_id());
}

TEST_F(PostedLogTest, LinesPastTheBoundAreDroppedAndCounted) {
  for (std::size_t i = 0; i < PostedLog::kMaxWaiting + 7; ++i) {
    posted_.Write(LogLevel::kNotice, absl::StrCat("line ", i));
  }
  RunLoop();
  EXPECT_EQ(log_.lines.size(), PostedLog::kMaxWaiting + 1);
  EXPECT_EQ(log_.lines[0], "line 0");
  EXPECT_EQ(log_.lines[1], "7 lines of the log were dropped");
  EXPECT_EQ(log_.lines.back(), absl::StrCat("line ", PostedLog::kMaxWaiting - 1));
  log_.lines.clear();
  posted_.Write(LogLevel::kNotice, "later");
  RunLoop();
  EXPECT_EQ(log_.lines, std::vector<std::string>{"later"});
}

TEST_F(PostedLogTest, VerbosityIsTheLogs) {
  posted_.SetVerbosity(2);
  EXPECT_EQ(log_.verbosity, 2);
}

}  // namespace
}  // namespace ringcache::process

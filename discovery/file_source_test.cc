#include "discovery/file_source.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "discovery/scripted_resolver.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/loop_fixture.h"
#include "net/socket_folder.h"

namespace ringcache::discovery {
namespace {

using ::testing::HasSubstr;

class FileSourceTest : public net::LoopFixture {
 protected:
  FileSourceTest() { Use(path_); }

  void Use(const std::string& path) {
    source_ = std::make_unique<FileSource>(loop_.get(), &resolver_, path);
    source_->NotifyOfChanges([this] { ++changes_; });
  }
  static void Write(const std::string& path, const std::string& text) {
    std::ofstream(path) << text;
  }
  PoolAnswer Ask() {
    std::optional<PoolAnswer> got;
    source_->Ask([&got](PoolAnswer answer) { got = std::move(answer); });
    EXPECT_FALSE(got.has_value()) << "called from within Ask";
    RunUntil([&got] { return got.has_value(); });
    return got.value_or(PoolAnswer{});
  }
  // "10.0.0.1:11211 b:2"
  std::string Members() {
    const PoolAnswer answer = Ask();
    if (answer.outcome != PoolOutcome::kMembers) return answer.problem;
    return absl::StrJoin(answer.candidates, " ", [](std::string* out, const Candidate& candidate) {
      absl::StrAppend(out, candidate.name, ":", candidate.port);
    });
  }
  void AwaitChange() {
    RunUntil([this] { return changes_ > 0; });
    // The events of one change may come in several pieces.
    RunWakeUps(3);
    changes_ = 0;
  }

  const net::SocketFolder folder_;
  const std::string path_ = folder_.path() + "/members";
  ScriptedResolver resolver_{loop_.get()};
  int changes_ = 0;
  std::unique_ptr<FileSource> source_;
};

TEST_F(FileSourceTest, MembersKeepTheOrderOfTheFile) {
  Write(path_, "# ours\n10.0.0.2:2:3\n10.0.0.1\n");
  EXPECT_EQ(Members(), "10.0.0.2:2 10.0.0.1:11211");
}

TEST_F(FileSourceTest, AFileThatIsWrittenAnewIsAChange) {
  Write(path_, "10.0.0.1\n");
  Members();
  Write(path_, "10.0.0.2\n");
  AwaitChange();
  EXPECT_EQ(Members(), "10.0.0.2:11211");
}

TEST_F(FileSourceTest, AFileThatIsBeingWrittenIsNotYetAChange) {
  Write(path_, "10.0.0.1\n");
  Members();
  std::ofstream file(path_, std::ios::app);
  file << "10.0.0.2\n" << std::flush;
  RunWakeUps(10);
  EXPECT_EQ(changes_, 0);
  file.close();
  AwaitChange();
  EXPECT_EQ(Members(), "10.0.0.1:11211 10.0.0.2:11211");
}

TEST_F(FileSourceTest, AFileThatIsRenamedOverTheOldOneIsAChange) {
  Write(path_, "10.0.0.1\n");
  Members();
  Write(path_ + ".new", "10.0.0.2\n");
  std::filesystem::rename(path_ + ".new", path_);
  AwaitChange();
  EXPECT_EQ(Members(), "10.0.0.2:11211");
}

TEST_F(FileSourceTest, TheSwapOfAConfigMapIsAChange) {
  // As kubelet's AtomicWriter lays it out: members -> ..data/members, ..data -> ..1.
  const std::string root = folder_.path();
  for (const char* version : {"..1", "..2"}) {
    std::filesystem::create_directory(absl::StrCat(root, "/", version));
    Write(absl::StrCat(root, "/", version, "/members"), absl::StrCat("10.0.0.", version + 2, "\n"));
  }
  std::filesystem::create_symlink("..1", root + "/..data");
  std::filesystem::create_symlink("..data/members", path_);
  EXPECT_EQ(Members(), "10.0.0.1:11211");
  std::filesystem::create_symlink("..2", root + "/..data_tmp");
  std::filesystem::rename(root + "/..data_tmp", root + "/..data");
  AwaitChange();
  EXPECT_EQ(Members(), "10.0.0.2:11211");
}

TEST_F(FileSourceTest, OtherFilesOfTheFolderAreNoChange) {
  Write(path_, "10.0.0.1\n");
  Members();
  Write(path_ + ".other", "10.0.0.2\n");
  RunWakeUps(10);
  EXPECT_EQ(changes_, 0);
}

TEST_F(FileSourceTest, ABadFileIsAnErrorThatNamesTheLine) {
  Write(path_, "10.0.0.1\nnot a member\n");
  EXPECT_THAT(Members(), HasSubstr(path_ + ": line 2: \"not a member\""));
  Write(path_, "# nobody\n");
  EXPECT_THAT(Members(), HasSubstr("no member is named"));
  Write(path_, "10.0.0.1\n");
  EXPECT_EQ(Members(), "10.0.0.1:11211");
}

TEST_F(FileSourceTest, AFileThatAppearsLaterIsAChange) {
  EXPECT_THAT(Members(), HasSubstr("cannot open " + path_));
  Write(path_, "10.0.0.1\n");
  AwaitChange();
  EXPECT_EQ(Members(), "10.0.0.1:11211");
}

TEST_F(FileSourceTest, AFolderThatIsReplacedIsWatchedAnew) {
  const std::string folder = folder_.path() + "/sub";
  Use(folder + "/members");
  EXPECT_THAT(Members(), HasSubstr("cannot open"));
  for (int i = 1; i <= 2; ++i) {
    std::filesystem::create_directory(folder);
    Write(folder + "/members", "10.0.0.1\n");
    EXPECT_EQ(Members(), "10.0.0.1:11211");
    Write(folder + "/members", "10.0.0.2\n");
    AwaitChange();
    EXPECT_EQ(Members(), "10.0.0.2:11211");
    std::filesystem::remove_all(folder);
    AwaitChange();
  }
}

TEST_F(FileSourceTest, WhatIsNoFileOrTooLargeIsAnError) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_THAT(Members(), HasSubstr("is not a file"));
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);
  EXPECT_THAT(Members(), HasSubstr("is not a file"));
  std::filesystem::remove(path_);
  Write(path_, std::string(FileSource::kMaxBytes, '#'));
  EXPECT_THAT(Members(), HasSubstr("no member is named"));
  Write(path_, std::string(FileSource::kMaxBytes + 1, '#'));
  EXPECT_THAT(Members(), HasSubstr("has more than 4194304 bytes"));
}

TEST_F(FileSourceTest, NamesInTheFileAreLookedUp) {
  resolver_.Set("b", DnsType::kA, {{.name = "b", .address = std::string("\x0a\0\0\1", 4)}});
  Write(path_, "a:1\nb:2\n");
  const PoolAnswer answer = Ask();
  EXPECT_EQ(answer.candidates.size(), 2u);
  EXPECT_TRUE(answer.candidates[0].addresses.empty());
  EXPECT_EQ(answer.candidates[1].addresses[0].ToString(), "10.0.0.1:2");
}

TEST_F(FileSourceTest, ACancelledQuestionIsNotAnswered) {
  bool called = false;
  source_->Ask([&called](const PoolAnswer&) { called = true; });
  source_->Cancel();
  RunWakeUps(3);
  EXPECT_FALSE(called);
}

}  // namespace
}  // namespace ringcache::discovery

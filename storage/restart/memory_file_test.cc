#include "storage/restart/memory_file.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ringcache::storage {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;
constexpr std::size_t kMetaBytes = 1000;

class MemoryFileTest : public testing::Test {
 protected:
  MemoryFileTest()
      : path_(absl::StrCat(std::getenv("TEST_TMPDIR"), "/",
                           testing::UnitTest::GetInstance()->current_test_info()->name())) {}

  // The file, opened anew.
  std::unique_ptr<MemoryFile> Open() {
    absl::StatusOr<std::unique_ptr<MemoryFile>> file = MemoryFile::Open(path_);
    EXPECT_TRUE(file.ok()) << file.status();
    return file.ok() ? *std::move(file) : nullptr;
  }
  std::string OpenError() { return std::string(MemoryFile::Open(path_).status().message()); }
  static ReservedMemory Claim(MemoryFile& file, std::size_t bytes) {
    absl::StatusOr<ReservedMemory> memory = file.Claim(bytes);
    EXPECT_TRUE(memory.ok()) << memory.status();
    return memory.ok() ? *std::move(memory) : ReservedMemory();
  }
  bool MetaIsThere() const { return access((path_ + ".meta").c_str(), F_OK) == 0; }
  std::size_t FileBytes() const {
    struct stat status {};
    EXPECT_EQ(stat(path_.c_str(), &status), 0);
    return static_cast<std::size_t>(status.st_size);
  }
  std::size_t AllocatedBytes() const {
    struct stat status {};
    EXPECT_EQ(stat(path_.c_str(), &status), 0);
    return static_cast<std::size_t>(status.st_blocks) * 512;
  }
  void Fill(absl::string_view text) const { std::ofstream(path_) << text; }

  const std::string path_;
};

TEST_F(MemoryFileTest, PagesAndMetaOutlastTheOneWhoWroteThem) {
  std::uint64_t generation = 0;
  {
    const std::unique_ptr<MemoryFile> file = Open();
    EXPECT_TRUE(file->is_new());
    const ReservedMemory pages = Claim(*file, 3 * kMiB);
    std::strcpy(pages.data(), "first");
    std::strcpy(pages.data() + 3 * kMiB - 8, "last");
    generation = file->generation();
    EXPECT_TRUE(file->WriteMeta(pages, "what is known").ok());
  }
  const std::unique_ptr<MemoryFile> file = Open();
  EXPECT_FALSE(file->is_new());
  EXPECT_EQ(file->generation(), generation);
  EXPECT_EQ(file->bytes(), 3 * kMiB);
  EXPECT_EQ(*file->ReadMeta(kMetaBytes), "what is known");
  const ReservedMemory pages = Claim(*file, 3 * kMiB);
  EXPECT_STREQ(pages.data(), "first");
  EXPECT_STREQ(pages.data() + 3 * kMiB - 8, "last");
}

TEST_F(MemoryFileTest, AClaimRemovesTheMetaAndChangesTheGeneration) {
  std::uint64_t generation = 0;
  {
    const std::unique_ptr<MemoryFile> file = Open();
    const ReservedMemory pages = Claim(*file, kMiB);
    generation = file->generation();
    EXPECT_NE(generation, 0u);
    ASSERT_TRUE(file->WriteMeta(pages, "x").ok());
    EXPECT_TRUE(MetaIsThere());
  }
  {
    const std::unique_ptr<MemoryFile> file = Open();
    Claim(*file, kMiB);
    EXPECT_FALSE(MetaIsThere());
    EXPECT_NE(file->generation(), generation);
    generation = file->generation();
  }
  EXPECT_EQ(Open()->generation(), generation);
  EXPECT_TRUE(absl::IsNotFound(Open()->ReadMeta(kMetaBytes).status()));
}

TEST_F(MemoryFileTest, OpeningAloneChangesNothing) {
  {
    const std::unique_ptr<MemoryFile> file = Open();
    const ReservedMemory pages = Claim(*file, kMiB);
    ASSERT_TRUE(file->WriteMeta(pages, "x").ok());
  }
  Open();
  EXPECT_EQ(*Open()->ReadMeta(kMetaBytes), "x");
}

TEST_F(MemoryFileTest, TheFileHasExactlyWhatIsClaimedAndAllOfItIsAllocated) {
  Claim(*Open(), 4 * kMiB);
  EXPECT_EQ(FileBytes(), MemoryFile::kPagesOffset + 4 * kMiB);
  EXPECT_GE(AllocatedBytes(), 4 * kMiB);
  Claim(*Open(), 6 * kMiB);
  EXPECT_EQ(Open()->bytes(), 6 * kMiB);
  Claim(*Open(), 1 * kMiB);
  EXPECT_EQ(Open()->bytes(), 1 * kMiB);
}

TEST_F(MemoryFileTest, AFileSystemWithoutRoomFailsTheClaimAndLosesNothing) {
  {
    const std::unique_ptr<MemoryFile> file = Open();
    const ReservedMemory pages = Claim(*file, kMiB);
    std::strcpy(pages.data(), "kept");
    ASSERT_TRUE(file->WriteMeta(pages, "x").ok());
  }
  // A limit on the size of files stands for a full file system.
  signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit low = before;
  low.rlim_cur = MemoryFile::kPagesOffset + 2 * kMiB;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &low), 0);
  const absl::Status status = Open()->Claim(16 * kMiB).status();
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_FALSE(status.ok());
  EXPECT_TRUE(absl::StrContains(
      status.message(),
      absl::StrCat("cannot reserve the memory limit of 16777216 bytes in the file system of ",
                   path_, "; lower the one or enlarge the other")))
      << status;
  const std::unique_ptr<MemoryFile> file = Open();
  EXPECT_EQ(file->bytes(), kMiB);
  EXPECT_EQ(*file->ReadMeta(kMetaBytes), "x");
  EXPECT_STREQ(Claim(*file, kMiB).data(), "kept");
}

TEST_F(MemoryFileTest, ASecondOpenerIsRefused) {
  const std::unique_ptr<MemoryFile> file = Open();
  EXPECT_EQ(OpenError(), absl::StrCat("the memory file ", path_,
                                      " is in use by another process; each needs its own"));
}

TEST_F(MemoryFileTest, WhatIsNoMemoryFileIsLeftAsItIs) {
  Fill("somebody's letters, long enough to be anything");
  EXPECT_EQ(OpenError(),
            absl::StrCat(path_, " holds something else than items and is left as it is; ",
                         "name a new file"));
  std::ifstream file(path_);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}),
            "somebody's letters, long enough to be anything");
  Fill("x");
  EXPECT_TRUE(absl::StrContains(OpenError(), "holds something else"));
}

TEST_F(MemoryFileTest, AFolderIsRefusedAndSoIsAFileInNone) {
  ASSERT_EQ(mkdir(path_.c_str(), 0700), 0);
  EXPECT_TRUE(absl::StrContains(OpenError(), "cannot open the memory file")) << OpenError();
  const absl::Status status = MemoryFile::Open(path_ + "/none/file").status();
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_TRUE(
      absl::StrContains(MemoryFile::Open("/dev/null").status().message(), "is not a regular file"));
}

TEST_F(MemoryFileTest, AMetaThatIsTooLongIsNotRead) {
  const std::unique_ptr<MemoryFile> file = Open();
  const ReservedMemory pages = Claim(*file, kMiB);
  ASSERT_TRUE(file->WriteMeta(pages, std::string(kMetaBytes + 1, 'x')).ok());
  EXPECT_FALSE(file->ReadMeta(kMetaBytes).ok());
  EXPECT_TRUE(file->ReadMeta(kMetaBytes + 1).ok());
}

TEST_F(MemoryFileTest, AMetaThatCannotBeWrittenIsReported) {
  const std::unique_ptr<MemoryFile> file = Open();
  const ReservedMemory pages = Claim(*file, kMiB);
  // In the way of the temporary name.
  ASSERT_EQ(mkdir((path_ + ".meta.new").c_str(), 0700), 0);
  const absl::Status status = file->WriteMeta(pages, "x");
  EXPECT_TRUE(absl::StrContains(status.message(), path_ + ".meta.new")) << status;
  EXPECT_FALSE(MetaIsThere());
}

TEST_F(MemoryFileTest, PagesWithAMetaCannotBeChanged) {
  const std::unique_ptr<MemoryFile> file = Open();
  const ReservedMemory pages = Claim(*file, kMiB);
  std::strcpy(pages.data(), "kept");
  ASSERT_TRUE(file->WriteMeta(pages, "x").ok());
  EXPECT_DEATH(pages.data()[0] = 'l', "");
  EXPECT_STREQ(pages.data(), "kept");
}

TEST_F(MemoryFileTest, OnlyTheOwnerMayReadThem) {
  const std::unique_ptr<MemoryFile> file = Open();
  const ReservedMemory pages = Claim(*file, kMiB);
  ASSERT_TRUE(file->WriteMeta(pages, "x").ok());
  for (const std::string& path : {path_, path_ + ".meta"}) {
    struct stat status {};
    ASSERT_EQ(stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 077, 0u) << path;
  }
}

}  // namespace
}  // namespace ringcache::storage

#include "router/spool/spool.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "router/spool/file_name.h"
#include "router/spool/member_log.h"
#include "router/spool/record.h"
#include "router/spool/spool_options.h"

namespace ringcache::router {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using Keys = std::vector<std::string>;

constexpr char kMember[] = "mycache-0.mycache.ns.svc.cluster.local:11211";
constexpr std::int64_t kNow = 1'700'000'000;

// A spool in a folder of the test's own, and words to say what happens to it.
class SpoolTest : public ::testing::Test {
 protected:
  SpoolTest() : folder_(absl::StrCat(::testing::TempDir(), "/spool_test_XXXXXX")) {
    EXPECT_NE(mkdtemp(folder_.data()), nullptr);
    options_.folder = absl::StrCat(folder_, "/spool");
  }
  ~SpoolTest() override {
    spool_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Open() {
    spool_.reset();
    absl::StatusOr<std::unique_ptr<Spool>> spool = Spool::Open(options_);
    ASSERT_TRUE(spool.ok()) << spool.status();
    spool_ = *std::move(spool);
    spool_->Start();
    id_ = spool_->IdOf(kMember);
  }
  // As a process that ends and another one that begins.
  void Restart() { Open(); }

  Spool::Kept Append(const std::string& key) { return spool_->Append(id_, key, kNow); }
  void AppendAll(const Keys& keys) {
    for (const std::string& key : keys) EXPECT_EQ(Append(key), Spool::Kept::kKept) << key;
    spool_->Flush();
  }

  SpoolBatch Read(std::size_t max_deletes = 1000, const SpoolPosition& from = {}) {
    absl::StatusOr<SpoolBatch> batch = spool_->Read(id_, from, max_deletes);
    EXPECT_TRUE(batch.ok()) << batch.status();
    return *std::move(batch);
  }
  // All that is there, without acknowledging it.
  Keys ReadAll(std::size_t max_deletes = 1000, SpoolPosition* end = nullptr) {
    Keys keys;
    SpoolPosition from;
    for (SpoolBatch batch = Read(max_deletes); !batch.deletes.empty();
         batch = Read(max_deletes, from)) {
      EXPECT_LE(batch.deletes.size(), max_deletes);
      for (const SpooledDelete& one : batch.deletes) keys.push_back(one.key);
      from = batch.end;
    }
    if (end != nullptr) *end = from;
    return keys;
  }
  SpoolState state() { return spool_->StateOf(id_); }

  std::string PathOf(std::optional<std::uint64_t> sequence) const {
    return absl::StrCat(options_.folder, "/", SpellFileName({kMember, sequence}));
  }
  Keys Files() const {
    Keys files;
    for (const auto& entry : std::filesystem::directory_iterator(options_.folder)) {
      if (entry.path().filename() != "lock") files.push_back(entry.path().filename());
    }
    return files;
  }
  static std::string Contents(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void Put(const std::string& path, absl::string_view bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }

  std::string folder_;
  SpoolOptions options_;
  std::unique_ptr<Spool> spool_;
  Spool::MemberId id_ = 0;
};

Keys NumberedKeys(int count) {
  Keys keys;
  for (int i = 0; i < count; ++i) keys.push_back(absl::StrCat("user:", i));
  return keys;
}

TEST_F(SpoolTest, WhatIsAppendedIsReadInOrderAndGoneOnceAcknowledged) {
  Open();
  EXPECT_THAT(Read().deletes, IsEmpty());
  AppendAll({"a", "b", "c"});
  EXPECT_EQ(state().pending, 3u);
  const SpoolBatch batch = Read();
  ASSERT_EQ(batch.deletes.size(), 3u);
  EXPECT_EQ(batch.deletes[1].key, "b");
  EXPECT_EQ(batch.deletes[1].unix_s, kNow);
  EXPECT_EQ(state().pending, 3u);
  spool_->Acknowledge(id_, batch.end);
  EXPECT_EQ(state().pending, 0u);
  EXPECT_THAT(spool_->Members(), IsEmpty());
  spool_->Flush();
  EXPECT_THAT(Files(), IsEmpty());
  EXPECT_EQ(spool_->stats().bytes, 0u);
}

TEST_F(SpoolTest, BatchesOfAnySizeGiveTheSame) {
  options_.segment_bytes = SpoolOptions::kMinSegmentBytes;
  Open();
  const Keys keys = NumberedKeys(5000);
  AppendAll(keys);
  EXPECT_GT(Files().size(), 1u);
  for (const std::size_t size : {1, 2, 7, 100, 10'000}) EXPECT_EQ(ReadAll(size), keys) << size;
}

TEST_F(SpoolTest, APartThatIsAcknowledgedIsNotReadAgain) {
  options_.segment_bytes = SpoolOptions::kMinSegmentBytes;
  Open();
  const Keys keys = NumberedKeys(5000);
  AppendAll(keys);
  const std::size_t files = Files().size();
  std::vector<SpoolPosition> ends(1);
  for (std::size_t i = 0; i < keys.size(); ++i) ends.push_back(Read(1, ends.back()).end);
  spool_->Acknowledge(id_, ends[4000]);
  spool_->Acknowledge(id_, ends[10]);  // an older one changes nothing
  EXPECT_EQ(state().pending, 1000u);
  EXPECT_EQ(ReadAll(), Keys(keys.begin() + 4000, keys.end()));
  EXPECT_EQ(Read(1, ends[10]).deletes[0].key, keys[4000]);
  spool_->Flush();
  EXPECT_LT(Files().size(), files);
  spool_->Acknowledge(id_, ends[4321]);
  EXPECT_EQ(ReadAll(), Keys(keys.begin() + 4321, keys.end()));
  EXPECT_EQ(Read(1, ends[4900]).deletes[0].key, keys[4900]);
}

TEST_F(SpoolTest, AReadGoesOnWhereTheLastOneEndedAsMoreIsAppended) {
  Open();
  AppendAll({"a", "b"});
  const SpoolBatch first = Read();
  EXPECT_THAT(Read(10, first.end).deletes, IsEmpty());
  AppendAll({"c"});
  const SpoolBatch second = Read(10, first.end);
  ASSERT_EQ(second.deletes.size(), 1u);
  EXPECT_EQ(second.deletes[0].key, "c");
  spool_->Acknowledge(id_, second.end);
  EXPECT_EQ(state().pending, 0u);
  AppendAll({"d"});
  EXPECT_THAT(ReadAll(), ElementsAre("d"));
}

TEST_F(SpoolTest, AKeyIsKeptOnceUntilItIsRead) {
  Open();
  AppendAll({"a", "b"});
  EXPECT_EQ(Append("a"), Spool::Kept::kKnown);
  EXPECT_EQ(spool_->stats().duplicates, 1u);
  EXPECT_THAT(ReadAll(), ElementsAre("a", "b"));
  // The delete that was read may have been sent before this one.
  EXPECT_EQ(Append("a"), Spool::Kept::kKept);
  EXPECT_EQ(Append("a"), Spool::Kept::kKnown);
  spool_->Flush();
  EXPECT_THAT(ReadAll(), ElementsAre("a", "b", "a"));
}

TEST_F(SpoolTest, KnownKeysAreBounded) {
  Open();
  const Keys keys = NumberedKeys(MemberLog::kMaxKnownKeys + 1);
  AppendAll(keys);
  EXPECT_EQ(Append(keys.back()), Spool::Kept::kKnown);
  EXPECT_EQ(Append(keys.front()), Spool::Kept::kKept);
}

TEST_F(SpoolTest, ARestartOffersWhatWasNotAcknowledged) {
  options_.segment_bytes = SpoolOptions::kMinSegmentBytes;
  Open();
  const Keys keys = NumberedKeys(5000);
  for (const std::string& key : keys) Append(key);  // the end of the process flushes
  Restart();
  EXPECT_THAT(spool_->Members(), ElementsAre(kMember));
  EXPECT_EQ(state().pending, keys.size());
  EXPECT_FALSE(state().must_flush);
  EXPECT_EQ(ReadAll(), keys);
  AppendAll({"later"});
  spool_->Acknowledge(id_, Read(4000).end);
  Restart();
  // From the start of the segment that was acknowledged in part.
  const Keys left = ReadAll();
  ASSERT_GE(left.size(), 1001u);
  EXPECT_LT(left.size(), keys.size());
  EXPECT_EQ(left.back(), "later");
  EXPECT_TRUE(std::equal(left.rbegin() + 1, left.rend(), keys.rbegin()));
}

TEST_F(SpoolTest, WhatIsInTheKernelOutlivesAProcessThatIsKilled) {
  const pid_t child = fork();
  if (child == 0) {
    const absl::StatusOr<std::unique_ptr<Spool>> spool = Spool::Open(options_);
    if (!spool.ok()) _exit(1);
    (*spool)->Start();
    for (const char* key : {"a", "b"}) (*spool)->Append((*spool)->IdOf(kMember), key, kNow);
    (*spool)->Flush();
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status)) << status;
  Open();
  EXPECT_THAT(ReadAll(), ElementsAre("a", "b"));
}

TEST_F(SpoolTest, MembersDoNotMeet) {
  Open();
  const Keys members = {"a:11211", "a:1121", "/run/a", "[::1]:11211", "a~b", "a%20", "a "};
  for (const std::string& member : members) {
    const Spool::MemberId id = spool_->IdOf(member);
    EXPECT_EQ(spool_->IdOf(member), id);
    EXPECT_EQ(spool_->Append(id, absl::StrCat("key of ", member), kNow), Spool::Kept::kKept);
  }
  Restart();
  EXPECT_THAT(spool_->Members(), ::testing::UnorderedElementsAreArray(members));
  for (const std::string& member : members) {
    id_ = spool_->IdOf(member);
    EXPECT_THAT(ReadAll(), ElementsAre(absl::StrCat("key of ", member)));
  }
  spool_->Forget(id_);
  EXPECT_EQ(state().pending, 0u);
  EXPECT_EQ(spool_->Members().size(), members.size() - 1);
}

TEST_F(SpoolTest, ATailThatIsTornAtAnyByteIsCut) {
  Open();
  AppendAll({"first", "second"});
  const std::string whole = Contents(PathOf(1));
  AppendAll({"third"});
  const std::string torn = Contents(PathOf(1));
  ASSERT_GT(torn.size(), whole.size());
  for (std::size_t size = 0; size < torn.size(); ++size) {
    spool_.reset();
    for (const std::string& file : Files())
      unlink(absl::StrCat(options_.folder, "/", file).c_str());
    Put(PathOf(1), absl::string_view(torn).substr(0, size));
    Open();
    Keys expected;
    if (size >= RecordBytes("first")) expected.push_back("first");
    if (size >= whole.size()) expected.push_back("second");
    EXPECT_EQ(ReadAll(), expected) << size;
    EXPECT_EQ(state().pending, expected.size());
    EXPECT_FALSE(state().must_flush) << size;
    AppendAll({"later"});
    expected.push_back("later");
    EXPECT_EQ(ReadAll(), expected) << size;
    Restart();
    EXPECT_EQ(ReadAll(), expected) << size;
    EXPECT_EQ(spool_->stats().torn_bytes, 0u);
  }
}

TEST_F(SpoolTest, DamageIsPassedOverAndSaidAndTheMemberIsToBeFlushed) {
  Open();
  AppendAll({"first", "second", "third"});
  spool_.reset();
  std::string bytes = Contents(PathOf(1));
  bytes[RecordBytes("first") + kRecordHeadBytes] ^= 1;
  Put(PathOf(1), bytes);
  Open();
  EXPECT_THAT(ReadAll(), ElementsAre("first", "third"));
  EXPECT_TRUE(state().must_flush);
  EXPECT_EQ(spool_->stats().damages, 1u);
  EXPECT_THAT(spool_->stats().last_error, HasSubstr("is damaged"));
  EXPECT_THAT(spool_->stats().last_error, HasSubstr(kMember));
  spool_->EndFlush(id_, spool_->BeginFlush(id_));
  // Read again, it is no further damage.
  SpoolPosition end;
  EXPECT_THAT(ReadAll(1, &end), ElementsAre("first", "third"));
  EXPECT_FALSE(state().must_flush);
  spool_->Acknowledge(id_, end);
  EXPECT_EQ(state().pending, 0u);
}

TEST_F(SpoolTest, DamageThatComesWhileItRunsIsNoticedByTheRead) {
  options_.segment_bytes = SpoolOptions::kMinSegmentBytes;
  Open();
  const Keys keys = NumberedKeys(5000);
  AppendAll(keys);
  ASSERT_GT(Files().size(), 1u);
  std::string bytes = Contents(PathOf(1));
  // Its end, which is longer than what one read takes.
  const std::size_t kept = RecordBytes(keys[0]);
  Put(PathOf(1), bytes.substr(0, kept) + std::string(bytes.size() - kept, '\0'));
  SpoolPosition end;
  const Keys left = ReadAll(3, &end);
  EXPECT_EQ(left.front(), keys.front());
  EXPECT_EQ(left.back(), keys.back());
  EXPECT_LT(left.size(), keys.size());
  EXPECT_TRUE(state().must_flush);
  spool_->Acknowledge(id_, end);
  EXPECT_EQ(state().pending, 0u);
}

TEST_F(SpoolTest, AFileThatIsGoneIsDamage) {
  Open();
  AppendAll({"a", "b"});
  ASSERT_EQ(unlink(PathOf(1).c_str()), 0);
  SpoolPosition end = Read().end;
  EXPECT_TRUE(state().must_flush);
  spool_->Acknowledge(id_, end);
  EXPECT_EQ(state().pending, 0u);
}

TEST_F(SpoolTest, PastItsBoundAMemberIsToBeFlushedAndNothingIsKept) {
  options_.segment_bytes = options_.max_member_bytes = 1024;
  options_.max_total_bytes = 4096;
  Open();
  const Spool::MemberId other = spool_->IdOf("other:11211");
  EXPECT_EQ(spool_->Append(other, "key", kNow), Spool::Kept::kKept);
  std::uint64_t kept = 0;
  while (Append(absl::StrCat("user:", kept)) == Spool::Kept::kKept) ++kept;
  EXPECT_LE(kept * RecordBytes("user:0"), 1024u);
  EXPECT_GT((kept + 1) * RecordBytes("user:99"), 1024u);
  EXPECT_TRUE(state().must_flush);
  EXPECT_EQ(state().pending, 0u);
  EXPECT_EQ(Append("another"), Spool::Kept::kOverflowed);
  EXPECT_FALSE(spool_->StateOf(other).must_flush);
  EXPECT_EQ(spool_->StateOf(other).pending, 1u);
  spool_->Flush();
  EXPECT_EQ(spool_->stats().overflows, 1u);
  EXPECT_EQ(spool_->stats().dropped, 2u);
  EXPECT_EQ(spool_->stats().bytes, RecordBytes("key"));
  EXPECT_THAT(Files(), UnorderedElementsAre(SpellFileName({kMember, std::nullopt}),
                                            SpellFileName({"other:11211", 1})));
  Restart();
  EXPECT_TRUE(state().must_flush);
  EXPECT_EQ(Append("a"), Spool::Kept::kOverflowed);
}

TEST_F(SpoolTest, AllMembersTogetherHaveABound) {
  options_.segment_bytes = options_.max_member_bytes = options_.max_total_bytes = 1024;
  Open();
  const Spool::MemberId other = spool_->IdOf("other:11211");
  const std::string key(200, 'k');
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(spool_->Append(other, absl::StrCat(key, i), kNow), Spool::Kept::kKept);
  }
  EXPECT_EQ(Append(key), Spool::Kept::kKept);
  EXPECT_EQ(Append(key + "2"), Spool::Kept::kOverflowed);
  EXPECT_FALSE(spool_->StateOf(other).must_flush);
  // What the one gave up, the other may have.
  EXPECT_EQ(spool_->Append(other, absl::StrCat(key, 3), kNow), Spool::Kept::kKept);
}

TEST_F(SpoolTest, ADiskThatIsStuckHoldsNobodyUpAndCostsABoundedQueue) {
  options_.max_queue_bytes = 2000;
  Open();
  // To open it for writing waits for a reader.
  ASSERT_EQ(mkfifo(PathOf(1).c_str(), 0600), 0);
  std::uint64_t kept = 0;
  while (Append(absl::StrCat("user:", kept)) == Spool::Kept::kKept) ++kept;
  EXPECT_LE(kept * RecordBytes("user:0"), 2000u);
  EXPECT_GT((kept + 1) * RecordBytes("user:999"), 2000u);
  EXPECT_TRUE(state().must_flush);
  const int reader = open(PathOf(1).c_str(), O_RDONLY | O_NONBLOCK);
  spool_->Flush();
  close(reader);
  EXPECT_THAT(Files(), Contains(SpellFileName({kMember, std::nullopt})));
  EXPECT_EQ(spool_->stats().queued_bytes, 0u);
}

TEST_F(SpoolTest, DeletesAfterTheBeginOfAFlushAreKept) {
  options_.segment_bytes = options_.max_member_bytes = 1024;
  Open();
  const std::string key(200, 'k');
  for (int i = 0; Append(absl::StrCat(key, i)) == Spool::Kept::kKept;) ++i;
  const std::uint64_t begun = spool_->BeginFlush(id_);
  EXPECT_TRUE(state().must_flush);
  AppendAll({"during"});
  spool_->EndFlush(id_, begun);
  EXPECT_FALSE(state().must_flush);
  EXPECT_THAT(ReadAll(), ElementsAre("during"));
  Restart();
  EXPECT_FALSE(state().must_flush);
  EXPECT_THAT(ReadAll(), ElementsAre("during"));
}

TEST_F(SpoolTest, AFlushDuringWhichDeletesAreLostIsNotEnough) {
  options_.segment_bytes = options_.max_member_bytes = 1024;
  Open();
  const std::string key(200, 'k');
  int i = 0;
  const auto overflow = [&] {
    while (Append(absl::StrCat(key, i)) == Spool::Kept::kKept) ++i;
  };
  overflow();
  const std::uint64_t begun = spool_->BeginFlush(id_);
  overflow();
  spool_->EndFlush(id_, begun);
  EXPECT_TRUE(state().must_flush);
  spool_->Flush();
  EXPECT_THAT(Files(), ElementsAre(SpellFileName({kMember, std::nullopt})));
  spool_->EndFlush(id_, spool_->BeginFlush(id_));
  // Marked again before the mark was removed.
  overflow();
  spool_->Flush();
  EXPECT_THAT(Files(), ElementsAre(SpellFileName({kMember, std::nullopt})));
  spool_->EndFlush(id_, spool_->BeginFlush(id_));
  spool_->Flush();
  EXPECT_THAT(Files(), IsEmpty());
}

TEST_F(SpoolTest, ADiskThatCannotBeWrittenOverflowsTheMember) {
  Open();
  // In the place of the first segment.
  ASSERT_EQ(mkdir(PathOf(1).c_str(), 0700), 0);
  EXPECT_EQ(Append("a"), Spool::Kept::kKept);
  spool_->Flush();
  EXPECT_TRUE(state().must_flush);
  EXPECT_GE(spool_->stats().errors, 1u);
  EXPECT_THAT(spool_->stats().last_error, HasSubstr("the spool's file"));
}

TEST_F(SpoolTest, ANameThatIsTooLongForAFileIsAlwaysToBeFlushed) {
  Open();
  id_ = spool_->IdOf(std::string(300, 'a'));
  EXPECT_TRUE(state().must_flush);
  EXPECT_EQ(Append("a"), Spool::Kept::kOverflowed);
  spool_->EndFlush(id_, spool_->BeginFlush(id_));
  EXPECT_TRUE(state().must_flush);
}

TEST_F(SpoolTest, AFolderIsForOneProcess) {
  Open();
  const absl::StatusOr<std::unique_ptr<Spool>> second = Spool::Open(options_);
  EXPECT_TRUE(absl::IsFailedPrecondition(second.status())) << second.status();
  EXPECT_THAT(second.status().message(),
              HasSubstr(absl::StrCat(options_.folder, " is in use by process ", getpid())));
  spool_.reset();
  EXPECT_TRUE(Spool::Open(options_).ok());
}

TEST_F(SpoolTest, AFolderThatCannotBeUsedIsSaid) {
  Put(absl::StrCat(folder_, "/file"), "");
  for (const std::string& path :
       {absl::StrCat(folder_, "/missing/spool"), absl::StrCat(folder_, "/file"),
        std::string("/proc/self/spool")}) {
    options_.folder = path;
    const absl::Status status = Spool::Open(options_).status();
    EXPECT_FALSE(status.ok()) << path;
    EXPECT_THAT(status.message(), HasSubstr(absl::StrCat("the spool's folder ", path, " cannot")));
  }
  // A folder that is there but takes no files, whoever asks.
  options_.folder = "/proc/self/task";
  EXPECT_THAT(Spool::Open(options_).status().message(), HasSubstr("cannot be written"));
}

TEST_F(SpoolTest, OtherFilesInTheFolderAreLeftAlone) {
  Open();
  const std::string path = absl::StrCat(options_.folder, "/README");
  Put(path, "mine");
  Restart();
  EXPECT_THAT(spool_->Members(), IsEmpty());
  EXPECT_EQ(Contents(path), "mine");
}

TEST_F(SpoolTest, OptionsHaveBounds) {
  const auto complaint = [](const SpoolOptions& options) {
    return std::string(options.Validate().message());
  };
  EXPECT_EQ(complaint(options_), "");
  SpoolOptions options = options_;
  options.folder.clear();
  EXPECT_THAT(complaint(options), HasSubstr("folder is missing"));
  options = options_;
  options.segment_bytes = SpoolOptions::kMinSegmentBytes - 1;
  EXPECT_THAT(complaint(options), HasSubstr("segment_bytes"));
  options = options_;
  options.max_queue_bytes = SpoolOptions::kMinSegmentBytes - 1;
  EXPECT_THAT(complaint(options), HasSubstr("max_queue_bytes"));
  options = options_;
  options.max_member_bytes = options.segment_bytes - 1;
  EXPECT_THAT(complaint(options), HasSubstr("max_member_bytes"));
  options = options_;
  options.max_total_bytes = options.max_member_bytes - 1;
  EXPECT_THAT(complaint(options), HasSubstr("max_total_bytes"));
  options = options_;
  options.sync_interval = absl::ZeroDuration();
  EXPECT_THAT(complaint(options), HasSubstr("sync_interval"));
}

TEST_F(SpoolTest, ManyThreadsAppendWhileEachMemberIsReplayed) {
  constexpr int kThreads = 4;
  constexpr int kMembers = 3;
  constexpr int kKeys = 2000;
  options_.segment_bytes = 4096;
  options_.sync_interval = absl::Milliseconds(1);
  Open();
  std::vector<Spool::MemberId> ids;
  for (int i = 0; i < kMembers; ++i) ids.push_back(spool_->IdOf(absl::StrCat("m", i)));
  std::vector<Keys> replayed(kMembers);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kKeys; ++i) {
        for (const Spool::MemberId id : ids) {
          ASSERT_EQ(spool_->Append(id, absl::StrCat(thread, ":", i), kNow), Spool::Kept::kKept);
        }
      }
    });
  }
  for (int i = 0; i < kMembers; ++i) {
    threads.emplace_back([&, i] {
      while (replayed[i].size() < std::size_t{kThreads} * kKeys) {
        const absl::StatusOr<SpoolBatch> batch = spool_->Read(ids[i], {}, 100);
        ASSERT_TRUE(batch.ok()) << batch.status();
        for (const SpooledDelete& one : batch->deletes) replayed[i].push_back(one.key);
        spool_->Acknowledge(ids[i], batch->end);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < kMembers; ++i) {
    EXPECT_EQ(spool_->StateOf(ids[i]).pending, 0u);
    EXPECT_FALSE(spool_->StateOf(ids[i]).must_flush);
    std::vector<int> next(kThreads);
    for (const std::string& key : replayed[i]) {
      int& expected = next[key[0] - '0'];
      ASSERT_EQ(key, absl::StrCat(key.substr(0, 1), ":", expected));
      ++expected;
    }
  }
  spool_->Flush();
  EXPECT_THAT(Files(), IsEmpty());
  EXPECT_EQ(spool_->stats().bytes, 0u);
  EXPECT_EQ(spool_->stats().errors, 0u) << spool_->stats().last_error;
}

TEST_F(SpoolTest, ThreadsAppendWhileTheMemberOverflowsAndIsFlushed) {
  options_.segment_bytes = 1024;
  options_.max_member_bytes = 8192;
  Open();
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 3; ++thread) {
    threads.emplace_back([this, thread] {
      for (int i = 0; i < 3000; ++i) {
        spool_->Append(id_, absl::StrCat(thread, ":", i), kNow);
        if (i % 100 == 0) spool_->EndFlush(id_, spool_->BeginFlush(id_));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  spool_->EndFlush(id_, spool_->BeginFlush(id_));
  spool_->Flush();
  EXPECT_EQ(ReadAll().size(), state().pending);
  const std::uint64_t pending = state().pending;
  Restart();
  EXPECT_EQ(state().pending, pending);
  EXPECT_FALSE(state().must_flush);
}

}  // namespace
}  // namespace ringcache::router

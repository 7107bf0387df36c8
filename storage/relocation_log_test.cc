#include "storage/relocation_log.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace ringcache::storage {
namespace {

class RelocationLogTest : public testing::Test {
 protected:
  void Relocate(ItemHandle handle) {
    log_.Begin();
    log_.End({handle, handle});
  }
  // All that the reader has not read; sets missed_.
  std::vector<ItemHandle> Rest(RelocationLog::Reader& reader) {
    std::vector<ItemHandle> handles;
    std::array<RelocationLog::Entry, 7> entries;
    missed_ = false;
    while (const std::size_t count = reader.Read(absl::MakeSpan(entries), &missed_)) {
      for (std::size_t i = 0; i < count; ++i) handles.push_back(entries[i].handle);
    }
    return handles;
  }

  RelocationLog log_;
  bool missed_ = false;
};

TEST_F(RelocationLogTest, AReaderSeesWhatEndsAfterItsOpening) {
  Relocate(1);
  RelocationLog::Reader early = log_.Open();
  Relocate(2);
  RelocationLog::Reader late = log_.Open();
  for (ItemHandle handle = 3; handle < 30; ++handle) Relocate(handle);
  EXPECT_EQ(Rest(early).size(), 28u);
  EXPECT_EQ(Rest(late).front(), 3u);
  EXPECT_EQ(Rest(late), std::vector<ItemHandle>());
  EXPECT_FALSE(missed_);
}

TEST_F(RelocationLogTest, AReaderThatFellBehindIsToldAndGoesOnAtTheNewest) {
  RelocationLog::Reader reader = log_.Open();
  for (std::size_t i = 0; i < RelocationLog::kEntries; ++i) Relocate(1);
  EXPECT_EQ(Rest(reader).size(), RelocationLog::kEntries);
  EXPECT_FALSE(missed_);
  for (std::size_t i = 0; i < RelocationLog::kEntries + 1; ++i) Relocate(2);
  EXPECT_EQ(Rest(reader), std::vector<ItemHandle>());
  EXPECT_TRUE(missed_);
  Relocate(3);
  EXPECT_EQ(Rest(reader), std::vector<ItemHandle>{3});
}

TEST_F(RelocationLogTest, WhatHasBegunIsUnderWayUntilItEnds) {
  EXPECT_TRUE(log_.NoneUnderWay());
  log_.Begin();
  EXPECT_FALSE(log_.NoneUnderWay());
  log_.Begin();
  log_.End({});
  EXPECT_FALSE(log_.NoneUnderWay());
  log_.End({1, 1});
  EXPECT_TRUE(log_.NoneUnderWay());
}

TEST_F(RelocationLogTest, ItemsThatAreGoneAreNotEntered) {
  RelocationLog::Reader reader = log_.Open();
  log_.Begin();
  log_.End({5, kNoItem});
  EXPECT_EQ(Rest(reader), std::vector<ItemHandle>());
}

TEST_F(RelocationLogTest, ThereAreNoMoreReadersThanItsBound) {
  std::vector<RelocationLog::Reader> readers;
  for (std::size_t i = 0; i < RelocationLog::kMaxReaders; ++i) {
    readers.push_back(log_.Open());
    EXPECT_TRUE(readers.back());
  }
  EXPECT_FALSE(log_.Open());
  readers.pop_back();
  EXPECT_TRUE(log_.Open());
}

}  // namespace
}  // namespace ringcache::storage

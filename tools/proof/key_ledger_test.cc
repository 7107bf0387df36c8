#include "tools/proof/key_ledger.h"

#include <optional>

#include "gtest/gtest.h"

namespace ringcache::proof {
namespace {

class KeyLedgerTest : public testing::Test {
 protected:
  std::uint64_t Store() {
    const std::uint64_t version = ledger_.BeginWrite(kKey);
    ledger_.Acknowledge(kKey, version, /*is_delete=*/false);
    return version;
  }
  void Delete() { ledger_.Acknowledge(kKey, ledger_.BeginWrite(kKey), /*is_delete=*/true); }
  // Of a read that is sent and replied to now.
  Verdict Read(std::optional<std::uint64_t> version) const {
    return ledger_.Judge(kKey, ledger_.Now(kKey), version);
  }

  static constexpr std::size_t kKey = 1;
  KeyLedger ledger_{2};
};

TEST_F(KeyLedgerTest, WhatWasNeverStoredIsMissed) {
  EXPECT_EQ(Read(std::nullopt), Verdict::kMiss);
  EXPECT_EQ(Read(1), Verdict::kNeverWritten);
}

TEST_F(KeyLedgerTest, TheLastAcknowledgedVersionIsFreshAndAnOlderOneStale) {
  Store();
  const std::uint64_t last = Store();
  EXPECT_EQ(Read(last), Verdict::kFresh);
  EXPECT_EQ(Read(last - 1), Verdict::kStale);
  EXPECT_EQ(Read(last + 1), Verdict::kNeverWritten);
  EXPECT_EQ(Read(0), Verdict::kNeverWritten);
  EXPECT_EQ(Read(std::nullopt), Verdict::kLost);
}

TEST_F(KeyLedgerTest, AWriteUnderWayMayBeSeenOrNot) {
  const std::uint64_t before = Store();
  const std::uint64_t version = ledger_.BeginWrite(kKey);
  EXPECT_EQ(Read(before), Verdict::kFresh);
  EXPECT_EQ(Read(version), Verdict::kFresh);
  // It may be a delete.
  EXPECT_EQ(Read(std::nullopt), Verdict::kMiss);
}

TEST_F(KeyLedgerTest, AReadMayGiveWhatWasThereWhenItWasSent) {
  const std::uint64_t before = Store();
  const KeyLedger::Mark mark = ledger_.Now(kKey);
  Store();
  EXPECT_EQ(ledger_.Judge(kKey, mark, before), Verdict::kFresh);
  EXPECT_EQ(Read(before), Verdict::kStale);
}

TEST_F(KeyLedgerTest, WhatWasDeletedIsMissedAndItsValueStale) {
  const std::uint64_t before = Store();
  Delete();
  EXPECT_EQ(Read(std::nullopt), Verdict::kMiss);
  EXPECT_EQ(Read(before), Verdict::kStale);
  EXPECT_EQ(Read(before + 1), Verdict::kNeverWritten);
}

TEST_F(KeyLedgerTest, AWriteThatFailedMayBeSeenAndIsLateOnceAnotherWasAcknowledged) {
  Store();
  const std::uint64_t version = ledger_.BeginWrite(kKey);
  ledger_.Fail(kKey, version);
  EXPECT_EQ(Read(version), Verdict::kFresh);
  Store();
  EXPECT_EQ(Read(version), Verdict::kLate);
}

}  // namespace
}  // namespace ringcache::proof

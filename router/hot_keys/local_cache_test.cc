#include "router/hot_keys/local_cache.h"

#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/outgoing_value.h"
#include "gtest/gtest.h"
#include "router/hot_keys/local_cache_options.h"

namespace ringcache::router {
namespace {

constexpr absl::Duration kTtl = absl::Milliseconds(100);

LocalCacheOptions Options(std::size_t max_keys = 2, std::size_t max_bytes = 1000) {
  LocalCacheOptions options;
  options.ttl = kTtl;
  options.max_keys = max_keys;
  options.max_bytes = max_bytes;
  return options;
}

class LocalCacheTest : public testing::Test {
 protected:
  using Ticket = LocalCache::Ticket;

  // A get that goes to a member.
  Ticket Ask(absl::string_view key) {
    Ticket ticket;
    EXPECT_EQ(cache_.Find(key, now_, &ticket).owner, nullptr) << key;
    return ticket;
  }
  void Reply(const Ticket& ticket, absl::string_view text) { cache_.Keep(ticket, text, "", ""); }
  void Fetch(absl::string_view key, absl::string_view text) { Reply(Ask(key), text); }
  // "": none.
  std::string Found(absl::string_view key) {
    Ticket ticket;
    return std::string(cache_.Find(key, now_, &ticket).bytes);
  }
  void Write(absl::string_view key) { cache_.EndWrite(cache_.BeginWrite(key)); }

  absl::Duration now_ = absl::Hours(1000);
  LocalCache cache_{Options()};
};

TEST_F(LocalCacheTest, OnlyKeysThatAreAdmittedAreKept) {
  EXPECT_FALSE(Ask("a"));
  cache_.Admit({"a"}, now_);
  EXPECT_FALSE(Ask("b"));
  Fetch("a", "1");
  EXPECT_EQ(Found("a"), "1");
  Ticket ticket;
  EXPECT_EQ(cache_.FindWithEnd("a", now_, &ticket).bytes, "1END\r\n");
  EXPECT_FALSE(ticket);
}

TEST_F(LocalCacheTest, PiecesAreJoined) {
  cache_.Admit({"a"}, now_);
  cache_.Keep(Ask("a"), "VALUE a 0 1\r\n", "x", "\r\n");
  EXPECT_EQ(Found("a"), "VALUE a 0 1\r\nx\r\n");
}

TEST_F(LocalCacheTest, ACopyIsUsedUntilItsTimeHasPassedSinceItsGetWasSent) {
  cache_.Admit({"a"}, now_);
  const Ticket ticket = Ask("a");
  now_ += kTtl / 2;
  Reply(ticket, "1");
  now_ += kTtl / 2 - absl::Nanoseconds(1);
  EXPECT_EQ(Found("a"), "1");
  now_ += absl::Nanoseconds(1);
  EXPECT_EQ(Found("a"), "");
  EXPECT_TRUE(Ask("a"));
}

TEST_F(LocalCacheTest, AReplyThatTookLongerIsNotUsed) {
  cache_.Admit({"a"}, now_);
  const Ticket ticket = Ask("a");
  now_ += kTtl;
  Reply(ticket, "1");
  EXPECT_EQ(Found("a"), "");
}

TEST_F(LocalCacheTest, ANewCopyTakesThePlaceOfAnOldOne) {
  cache_.Admit({"a"}, now_);
  Fetch("a", "old");
  now_ += kTtl;
  Fetch("a", "newer");
  EXPECT_EQ(Found("a"), "newer");
  EXPECT_EQ(cache_.bytes(), 10u);
}

TEST_F(LocalCacheTest, WhatWasAskedForEarlierDoesNotTakeThePlaceOfWhatWasLater) {
  cache_.Admit({"a"}, now_);
  const Ticket earlier = Ask("a");
  now_ += absl::Nanoseconds(1);
  const Ticket later = Ask("a");
  Reply(later, "new");
  Reply(earlier, "old");
  EXPECT_EQ(Found("a"), "new");
}

TEST_F(LocalCacheTest, AWriteDropsTheCopyAtOnce) {
  cache_.Admit({"a", "b"}, now_);
  Fetch("a", "1");
  Fetch("b", "2");
  (void)cache_.BeginWrite("a");
  EXPECT_EQ(Found("a"), "");
  EXPECT_EQ(Found("b"), "2");
  EXPECT_EQ(cache_.bytes(), 6u);
}

TEST_F(LocalCacheTest, WhatWasAskedForBeforeAWriteIsNotKept) {
  cache_.Admit({"a"}, now_);
  const Ticket ticket = Ask("a");
  (void)cache_.BeginWrite("a");
  Reply(ticket, "old");
  EXPECT_EQ(Found("a"), "");
}

TEST_F(LocalCacheTest, WhatWasAskedForDuringAWriteIsNotKeptAfterIt) {
  cache_.Admit({"a"}, now_);
  const Ticket write = cache_.BeginWrite("a");
  const Ticket in_time = Ask("a");
  const Ticket late = Ask("a");
  Reply(in_time, "old");
  cache_.EndWrite(write);
  EXPECT_EQ(Found("a"), "");
  Reply(late, "old");
  EXPECT_EQ(Found("a"), "");
  Fetch("a", "new");
  EXPECT_EQ(Found("a"), "new");
}

TEST_F(LocalCacheTest, AKeyThatIsAdmittedDuringAWriteIsDroppedAtItsEnd) {
  const Ticket write = cache_.BeginWrite("a");
  cache_.Admit({"a"}, now_);
  Fetch("a", "old");
  cache_.EndWrite(write);
  EXPECT_EQ(Found("a"), "");
}

TEST_F(LocalCacheTest, AKeyThatIsNotAdmittedAnyMoreIsDropped) {
  cache_.Admit({"a", "b"}, now_);
  Fetch("a", "1");
  Fetch("b", "2");
  cache_.Admit({"b"}, now_);
  EXPECT_FALSE(Ask("a"));
  EXPECT_EQ(Found("b"), "2");
  EXPECT_EQ(cache_.keys(), 1u);
  EXPECT_EQ(cache_.bytes(), 6u);
}

TEST_F(LocalCacheTest, AReplyDoesNotGetIntoTheSlotsNextKey) {
  cache_.Admit({"a", "b"}, now_);
  const Ticket ticket = Ask("a");
  cache_.Admit({"c", "d"}, now_);
  Reply(ticket, "1");
  EXPECT_EQ(Found("c"), "");
  EXPECT_EQ(Found("d"), "");
}

TEST_F(LocalCacheTest, DroppingAllDropsWhatIsUnderWay) {
  cache_.Admit({"a", "b"}, now_);
  Fetch("a", "1");
  const Ticket ticket = Ask("b");
  cache_.DropAll();
  Reply(ticket, "2");
  EXPECT_EQ(Found("a"), "");
  EXPECT_EQ(Found("b"), "");
  EXPECT_EQ(cache_.bytes(), 0u);
  Fetch("b", "3");
  EXPECT_EQ(Found("b"), "3");
}

TEST_F(LocalCacheTest, KeysHaveABound) {
  cache_.Admit({"a", "b", "c"}, now_);
  EXPECT_EQ(cache_.keys(), 2u);
  EXPECT_TRUE(Ask("b"));
  EXPECT_FALSE(Ask("c"));
}

TEST_F(LocalCacheTest, BytesHaveABound) {
  cache_.Admit({"a", "b"}, now_);
  Fetch("a", std::string(996, 'x'));
  EXPECT_EQ(Found("a"), "");
  Fetch("a", std::string(990, 'x'));
  EXPECT_EQ(cache_.bytes(), 995u);
  Fetch("b", "1");
  EXPECT_EQ(Found("b"), "");
  Write("a");
  Fetch("b", "1");
  EXPECT_EQ(Found("b"), "1");
}

TEST_F(LocalCacheTest, AReplyHasABound) {
  LocalCache cache(Options(1, 10 * LocalCache::kMaxReplyBytes));
  cache.Admit({"a"}, now_);
  const std::string longest(LocalCache::kMaxReplyBytes - 5, 'x');
  for (const bool fits : {false, true}) {
    Ticket ticket;
    (void)cache.Find("a", now_, &ticket);
    cache.Keep(ticket, longest, fits ? "" : "x", "");
    EXPECT_EQ(cache.bytes(), fits ? LocalCache::kMaxReplyBytes : 0u);
  }
}

TEST_F(LocalCacheTest, CopiesThatAreTooOldGiveTheirRoomBack) {
  cache_.Admit({"a"}, now_);
  Fetch("a", "1");
  cache_.Admit({"a"}, now_ + kTtl - absl::Nanoseconds(1));
  EXPECT_EQ(cache_.bytes(), 6u);
  cache_.Admit({"a"}, now_ + kTtl);
  EXPECT_EQ(cache_.bytes(), 0u);
}

TEST_F(LocalCacheTest, WhatWasFoundLivesOnWithoutTheCopy) {
  cache_.Admit({"a"}, now_);
  Fetch("a", "1");
  Ticket ticket;
  const client::OutgoingValue found = cache_.Find("a", now_, &ticket);
  Write("a");
  EXPECT_EQ(found.bytes, "1");
}

TEST(LocalCacheOptionsTest, ItIsOffUnlessAskedFor) {
  EXPECT_FALSE(LocalCache(LocalCacheOptions()).enabled());
  EXPECT_TRUE(LocalCacheOptions().Validate().ok());
}

TEST(LocalCacheOptionsTest, BoundsAreHeld) {
  LocalCacheOptions options;
  options.ttl = LocalCacheOptions::kMaxTtl;
  options.max_keys = LocalCacheOptions::kMaxKeys;
  options.max_bytes = LocalCacheOptions::kMaxBytes;
  EXPECT_TRUE(options.Validate().ok());
  options.ttl += absl::Milliseconds(1);
  EXPECT_EQ(options.Validate().message(),
            "--hot-key-cache-ttl 1001: give 0 to 1000; so long what other routers write is not "
            "seen");
  options = {};
  options.max_keys = LocalCacheOptions::kMaxKeys + 1;
  EXPECT_EQ(options.Validate().message(), "--hot-key-cache-keys 513: give 1 to 512");
  options.max_keys = 0;
  EXPECT_FALSE(options.Validate().ok());
  options = {};
  options.max_bytes = LocalCacheOptions::kMaxBytes + 1;
  EXPECT_FALSE(options.Validate().ok());
  options.max_bytes = 0;
  EXPECT_FALSE(options.Validate().ok());
}

}  // namespace
}  // namespace ringcache::router

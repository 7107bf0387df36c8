#include "server/event_ring.h"

#include <string>
#include <thread>

#include "gtest/gtest.h"

namespace ringcache::server {
namespace {

Event Numbered(std::uint64_t gid) {
  Event event;
  event.gid = gid;
  return event;
}

TEST(EventRingTest, EventsComeOutAsTheyWentIn) {
  EventRing ring(EventRing::kMinBytes);
  Event event;
  absl::string_view text;
  EXPECT_FALSE(ring.Front(&event, &text));
  ASSERT_TRUE(ring.Write(Numbered(1), "first"));
  ASSERT_TRUE(ring.Write(Numbered(2), ""));
  ASSERT_TRUE(ring.Front(&event, &text));
  EXPECT_EQ(event.gid, 1u);
  EXPECT_EQ(text, "first");
  ring.Pop();
  ASSERT_TRUE(ring.Front(&event, &text));
  EXPECT_EQ(event.gid, 2u);
  EXPECT_EQ(text, "");
  ring.Pop();
  EXPECT_FALSE(ring.Front(&event, &text));
}

TEST(EventRingTest, AFullRingRefusesAndLosesNothing) {
  EventRing ring(EventRing::kMinBytes);
  std::uint64_t written = 0;
  while (ring.Write(Numbered(written + 1), "some key")) ++written;
  EXPECT_GT(written, 10u);
  Event event;
  absl::string_view text;
  for (std::uint64_t i = 1; i <= written; ++i) {
    ASSERT_TRUE(ring.Front(&event, &text));
    EXPECT_EQ(event.gid, i);
    ring.Pop();
  }
  EXPECT_FALSE(ring.Front(&event, &text));
  EXPECT_TRUE(ring.Write(Numbered(1), "some key"));
}

TEST(EventRingTest, ALongTextIsCut) {
  EventRing ring(EventRing::kMinBytes);
  ASSERT_TRUE(ring.Write(Numbered(1), std::string(10'000, 'x')));
  Event event;
  absl::string_view text;
  ASSERT_TRUE(ring.Front(&event, &text));
  EXPECT_EQ(text, std::string(Event::kMaxTextBytes, 'x'));
}

// Every length meets every place at which the ring begins anew.
TEST(EventRingTest, OneThreadReadsWhatAnotherWrites) {
  constexpr std::uint64_t kEvents = 20'000;
  EventRing ring(EventRing::kMinBytes);
  std::thread writer([&ring] {
    for (std::uint64_t i = 1; i <= kEvents; ++i) {
      const std::string text(i * 7 % Event::kMaxTextBytes, static_cast<char>('a' + i % 26));
      while (!ring.Write(Numbered(i), text)) std::this_thread::yield();
    }
  });
  for (std::uint64_t i = 1; i <= kEvents; ++i) {
    Event event;
    absl::string_view text;
    while (!ring.Front(&event, &text)) std::this_thread::yield();
    ASSERT_EQ(event.gid, i);
    ASSERT_EQ(text, std::string(i * 7 % Event::kMaxTextBytes, static_cast<char>('a' + i % 26)));
    ring.Pop();
  }
  writer.join();
}

}  // namespace
}  // namespace ringcache::server

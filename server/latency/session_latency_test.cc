// Each request that is executed is timed once, in its class, however its bytes come.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "protocol/command_class.h"
#include "server/session_fixture.h"

namespace ringcache::server {
namespace {

using protocol::CommandClass;
using Counts = std::array<std::uint64_t, protocol::kCommandClassCount>;

class SessionLatencyTest : public testing::Test {
 protected:
  metrics::LatencyHistogram Of(CommandClass command_class) const {
    metrics::LatencyHistogram histogram;
    worker_.stats.latencies().AddTo(command_class, &histogram);
    return histogram;
  }
  Counts All() const {
    Counts counts{};
    for (std::size_t i = 0; i < counts.size(); ++i) {
      counts[i] = Of(static_cast<CommandClass>(i)).Count();
    }
    return counts;
  }
  // What is timed of `requests`: get, set, delete, touch, arithmetic, other.
  Counts Timed(absl::string_view requests, std::size_t fragment) {
    worker_.stats.latencies().Reset();
    client_.Ask(requests, fragment);
    return All();
  }

  WorkerFixture worker_;
  ClientFixture client_{&worker_};
};

// More keys than a batch takes, and a line that is longer than the buffer.
std::string Retrieval(int keys) {
  std::string line = "get";
  for (int i = 0; i < keys; ++i) absl::StrAppend(&line, " key", i);
  return line + "\r\n";
}

std::string Conversation() {
  const std::string large(20'000, 'v');
  const std::string huge(2 << 20, 'v');
  return absl::StrCat("set a 0 0 1\r\n1\r\n", "add b 0 0 1 noreply\r\n1\r\n", "ms c 2 q\r\nxx\r\n",
                      "set large 0 0 ", large.size(), "\r\n", large, "\r\n",  //
                      "set bad 0 0 1\r\nxyz\r\n",  // a bad data block, and its rest
                      "set badlarge 0 0 ", large.size(), "\r\n", large, "xy",  //
                      "set huge 0 0 ", huge.size(), "\r\n", huge, "\r\n",      // too large
                      "get a\r\n", "gets a b\r\n", "gat 0 a\r\n", "mg a v\r\n",
                      "mg nothing v q\r\n", Retrieval(100), Retrieval(10'000),             //
                      "delete a\r\n", "md b q\r\n", "touch c 0\r\n",                       //
                      "set n 0 0 1\r\n5\r\n", "incr n 1\r\n", "decr n 1\r\n", "ma n\r\n",  //
                      "mn\r\n", "version\r\n", "me n\r\n", "nonsense\r\n", "get\r\n");
}

TEST_F(SessionLatencyTest, EachRequestIsTimedOnceAtEveryFragmentSize) {
  const std::string conversation = Conversation();
  for (const std::size_t fragment : {1, 2, 5, 10, 100, 4096, 65536, 1 << 30}) {
    EXPECT_EQ(Timed(conversation, fragment), (Counts{7, 8, 2, 1, 3, 3})) << fragment;
  }
}

TEST_F(SessionLatencyTest, ARequestTakesAsLongAsItsWakeUp) {
  client_.Ask("set a 0 0 1\r\n1\r\n");
  EXPECT_EQ(Of(CommandClass::kSet).MaxNs(), 0u);
  worker_.loop.WorkFor(absl::Microseconds(3));
  client_.Ask("get a\r\n");
  EXPECT_EQ(Of(CommandClass::kGet).MaxNs(), 3000u);
}

TEST_F(SessionLatencyTest, WhatAPeerLeavesUntakenIsTimedOnce) {
  client_.connection.set_window(3);
  client_.connection.Receive("version\r\nget a\r\n");
  EXPECT_EQ(All(), (Counts{1, 0, 0, 0, 0, 1}));
  client_.connection.OpenWindow();
  client_.connection.Receive("get a\r\n");
  EXPECT_EQ(All(), (Counts{2, 0, 0, 0, 0, 1}));
}

TEST_F(SessionLatencyTest, ACommandThatClosesIsTimedToo) {
  client_.Ask("get a\r\nquit\r\nget a\r\n");
  EXPECT_EQ(All(), (Counts{1, 0, 0, 0, 0, 1}));
}

}  // namespace
}  // namespace ringcache::server

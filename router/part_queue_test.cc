#include "router/part_queue.h"

#include <sys/uio.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "net/buffer_pool.h"
#include "router/output_buffer.h"

namespace ringcache::router {
namespace {

class PartQueueTest : public testing::Test {
 protected:
  // Moves what the output takes, and returns it.
  std::string Move() {
    queue_.MoveTo(&output_);
    std::string text;
    for (const iovec& span : output_.Spans()) {
      text.append(static_cast<const char*>(span.iov_base), span.iov_len);
    }
    output_.Clear();
    return text;
  }

  net::BufferPool buffers_;
  OutputBuffer output_{&buffers_};
  PartQueue queue_;
};

TEST_F(PartQueueTest, WhatIsMovedAtOnceIsNeverKept) {
  queue_.Append("VALUE a 0 4\r\n");
  queue_.Append("ab");
  EXPECT_FALSE(queue_.begun());
  EXPECT_EQ(Move(), "VALUE a 0 4\r\nab");
  EXPECT_TRUE(queue_.begun());
  EXPECT_FALSE(queue_.over());
  queue_.Append("cd");
  queue_.Complete();
  EXPECT_EQ(queue_.kept_bytes(), 0);
  EXPECT_EQ(Move(), "cd");
  EXPECT_TRUE(queue_.over());
}

TEST_F(PartQueueTest, WhatIsKeptNoLongerLiesWhereItCame) {
  std::string received = "first";
  queue_.Append(received);
  queue_.Keep();
  received.assign("xxxxx");
  EXPECT_EQ(queue_.kept_bytes(), 5);
  queue_.Append("second");
  queue_.Complete();
  EXPECT_FALSE(queue_.over());
  EXPECT_EQ(Move(), "firstsecond");
  EXPECT_EQ(queue_.kept_bytes(), 0);
  EXPECT_TRUE(queue_.over());
}

TEST_F(PartQueueTest, AFullOutputTakesTheRestLater) {
  std::string expected;
  for (int i = 0; i < 100; ++i) {
    const std::string part(10'000 + i, static_cast<char>('a' + i % 26));
    absl::StrAppend(&expected, part);
    queue_.Append(part);
    queue_.Keep();
  }
  EXPECT_EQ(queue_.kept_bytes(), expected.size());
  queue_.Complete();
  std::string moved;
  while (!queue_.over()) {
    const std::string some = Move();
    ASSERT_FALSE(some.empty());
    EXPECT_LE(some.size(), OutputBuffer::kFullBytes + PartQueue::kBlockBytes);
    absl::StrAppend(&moved, some);
    EXPECT_EQ(queue_.kept_bytes(), expected.size() - moved.size());
  }
  EXPECT_TRUE(moved == expected);
}

TEST_F(PartQueueTest, WhatWasClearedIsNotMoved) {
  queue_.Append("kept");
  queue_.Keep();
  queue_.Append("lent");
  queue_.Clear();
  queue_.Complete();
  EXPECT_TRUE(queue_.over());
  EXPECT_FALSE(queue_.begun());
  EXPECT_EQ(queue_.kept_bytes(), 0);
  EXPECT_EQ(Move(), "");
}

}  // namespace
}  // namespace ringcache::router

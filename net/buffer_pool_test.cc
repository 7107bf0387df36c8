#include "net/buffer_pool.h"

#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::net {
namespace {

TEST(BufferPoolTest, HandsOutTheBufferThatCameBackLast) {
  BufferPool pool;
  BufferPool::Buffer cold = pool.Take();
  BufferPool::Buffer hot = pool.Take();
  const char* const hot_bytes = hot.data();
  cold.Reset();
  hot.Reset();
  EXPECT_EQ(pool.Take().data(), hot_bytes);
}

TEST(BufferPoolTest, BuffersHaveTheAskedSize) {
  BufferPool pool({.buffer_bytes = 4096, .max_free = 1});
  const BufferPool::Buffer buffer = pool.Take();
  EXPECT_EQ(buffer.size(), 4096u);
  EXPECT_EQ(buffer.span().size(), 4096u);
  EXPECT_EQ(BufferPool().buffer_bytes(), 64u * 1024);
}

TEST(BufferPoolTest, KeepsABoundedNumberOfFreeBuffers) {
  BufferPool pool({.buffer_bytes = 64, .max_free = 2});
  std::vector<BufferPool::Buffer> buffers;
  for (int i = 0; i < 5; ++i) buffers.push_back(pool.Take());
  EXPECT_EQ(pool.buffers_in_use(), 5u);
  buffers.clear();
  EXPECT_EQ(pool.free_buffers(), 2u);
  EXPECT_EQ(pool.buffers_in_use(), 0u);
}

TEST(BufferPoolTest, AMovedFromHandleIsEmpty) {
  BufferPool pool;
  BufferPool::Buffer first = pool.Take();
  BufferPool::Buffer second = std::move(first);
  EXPECT_FALSE(first);
  EXPECT_TRUE(second);
  EXPECT_EQ(first.size(), 0u);
  second = BufferPool::Buffer();
  EXPECT_EQ(pool.free_buffers(), 1u);
}

}  // namespace
}  // namespace ringcache::net

#include "router/route/arena.h"

#include <cstdint>
#include <cstring>

#include "gtest/gtest.h"

namespace ringcache::router {
namespace {

TEST(ArenaTest, WhatItGivesIsAlignedForAnything) {
  Arena arena;
  for (const std::size_t bytes : {1u, 3u, 16u, 17u, 5000u, 1u}) {
    void* const memory = arena.Allocate(bytes);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % alignof(std::max_align_t), 0u) << bytes;
    std::memset(memory, 'x', bytes);
  }
}

TEST(ArenaTest, CopiesStayWhereTheyAreWhileItGrows) {
  Arena arena;
  const absl::string_view copy = arena.Copy("key");
  for (int i = 0; i < 100; ++i) arena.Allocate(Arena::kBlockBytes / 2);
  EXPECT_EQ(copy, "key");
  EXPECT_TRUE(arena.Copy("").empty());
}

TEST(ArenaTest, TheFirstBlockIsUsedAgainAfterAClear) {
  Arena arena;
  void* const before = arena.Allocate(100);
  arena.Allocate(Arena::kBlockBytes);
  arena.Clear();
  EXPECT_EQ(arena.Allocate(100), before);
}

TEST(ArenaTest, ALongFirstBlockIsNotKept) {
  Arena arena;
  std::memset(arena.Allocate(10 * Arena::kBlockBytes), 'x', 10 * Arena::kBlockBytes);
  arena.Clear();
  arena.Clear();
  std::memset(arena.Allocate(Arena::kBlockBytes), 'y', Arena::kBlockBytes);
  arena.Clear();
  std::memset(arena.Allocate(Arena::kBlockBytes), 'z', Arena::kBlockBytes);
}

}  // namespace
}  // namespace ringcache::router

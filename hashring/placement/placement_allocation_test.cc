// A request that is placed allocates nothing. The whole program's `new` counts, hence a test alone.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "hashring/placement/placement_factory.h"

namespace {

// Relaxed: one thread counts.
std::atomic<std::size_t> allocations = 0;

}  // namespace

// Not inlined: gcc takes one that is for a `free` of what `new` made.
[[gnu::noinline]] void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  void* const memory = std::malloc(size > 0 ? size : 1);
  if (memory == nullptr) std::abort();
  return memory;
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return operator new(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace ringcache::hashring {
namespace {

TEST(PlacementAllocationTest, ARequestAllocatesNothing) {
  std::vector<Member> members;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    members.push_back({.host = absl::StrCat("cache-", i), .weight = 1 + i % 5});
  }
  const std::vector<std::string> keys = {"", "user:1001", std::string(250, 'k')};
  for (const PlacementRow& row : kPlacements) {
    const auto placement = *MakePlacement(row.kind, KeyHash::kDefault, members);
    for (const std::string& key : keys) {
      const std::size_t before = allocations.load(std::memory_order_relaxed);
      std::uint32_t ranked[3];
      const std::uint32_t owner = placement->Locate(key);
      const std::size_t count = placement->Rank(key, ranked);
      const std::size_t after = allocations.load(std::memory_order_relaxed);
      EXPECT_EQ(after, before) << row.name << ", a key of " << key.size() << " bytes";
      ASSERT_EQ(count, 3u);
      EXPECT_EQ(ranked[0], owner);
    }
  }
}

TEST(PlacementAllocationTest, AllocationsAreCounted) {
  const std::size_t before = allocations.load(std::memory_order_relaxed);
  const auto made = MakePlacement(PlacementKind::kJump, KeyHash::kDefault, {Member{"a"}});
  EXPECT_GT(allocations.load(std::memory_order_relaxed), before);
}

}  // namespace
}  // namespace ringcache::hashring

#include "storage/store_options.h"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace ringcache::storage {
namespace {

TEST(StoreOptionsTest, DefaultsAreValid) { EXPECT_TRUE(StoreOptions().Validate().ok()); }

TEST(StoreOptionsTest, RefusalsSayWhatIsWrongAndWhatWouldBeRight) {
  struct Case {
    std::function<void(StoreOptions&)> change;
    std::string message;
  };
  const std::vector<Case> cases = {
      {[](StoreOptions& o) { o.limit_bytes = 1000; },
       "the memory limit must be at least 1048576 bytes (one page), not 1000"},
      {[](StoreOptions& o) { o.limit_bytes = (std::size_t{1} << 42) + 1; },
       "the memory limit must be at most 4 TiB, not 4398046511105 bytes"},
      {[](StoreOptions& o) { o.max_item_bytes = 1023; },
       "the largest item must be 1024 to 33554432 bytes (with this memory limit), not 1023"},
      {[](StoreOptions& o) { o.max_item_bytes = 33554433; },
       "the largest item must be 1024 to 33554432 bytes (with this memory limit), not 33554433"},
      {[](StoreOptions& o) {
         o.limit_bytes = kPageBytes;
         o.max_item_bytes = 1048577;
       },
       "the largest item must be 1024 to 1048576 bytes (with this memory limit), not 1048577"},
      {[](StoreOptions& o) { o.growth_factor = 1.0; },
       "the growth factor must be above 1.0 and at most 64, not 1"},
      {[](StoreOptions& o) { o.growth_factor = 64.5; },
       "the growth factor must be above 1.0 and at most 64, not 64.5"},
      {[](StoreOptions& o) { o.growth_factor = 0.0 / 0.0; },
       "the growth factor must be above 1.0 and at most 64, not nan"},
      {[](StoreOptions& o) { o.min_value_bytes = 0; },
       "the smallest value must be 1 to 524288 bytes, not 0"},
      {[](StoreOptions& o) { o.min_value_bytes = 524289; },
       "the smallest value must be 1 to 524288 bytes, not 524289"},
      {[](StoreOptions& o) { o.initial_items_log2 = 11; },
       "the initial index size must be 12 to 32 (a power of two), not 11"},
      {[](StoreOptions& o) { o.initial_items_log2 = 33; },
       "the initial index size must be 12 to 32 (a power of two), not 33"},
      {[](StoreOptions& o) { o.chunk_sizes = {40}; },
       "a chunk size must be 48 to 524288 bytes, not 40"},
      {[](StoreOptions& o) { o.chunk_sizes = {524289}; },
       "a chunk size must be 48 to 524288 bytes, not 524289"},
      {[](StoreOptions& o) {
         o.chunk_sizes = {100, 107};
       },
       "chunk sizes must ascend by at least 8: 107 follows 100"},
      {[](StoreOptions& o) { o.chunk_sizes.assign(254, 100); },
       "too many chunk sizes: 254, at most 253"},
  };
  for (const Case& refused : cases) {
    StoreOptions options;
    refused.change(options);
    const absl::Status status = options.Validate();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(std::string(status.message()), refused.message);
  }
}

TEST(StoreOptionsTest, BoundsThemselvesAreAccepted) {
  StoreOptions smallest;
  smallest.limit_bytes = kPageBytes;
  smallest.max_item_bytes = 1024;
  smallest.min_value_bytes = 1;
  smallest.initial_items_log2 = 12;
  smallest.chunk_sizes = {48, 56, 1024};
  EXPECT_TRUE(smallest.Validate().ok());
  StoreOptions largest;
  largest.limit_bytes = std::size_t{1} << 42;
  largest.max_item_bytes = kMaxItemBytes;
  largest.growth_factor = 64;
  largest.initial_items_log2 = 32;
  largest.min_value_bytes = largest.max_item_bytes / 2;
  EXPECT_TRUE(largest.Validate().ok());
}

}  // namespace
}  // namespace ringcache::storage

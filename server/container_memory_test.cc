#include "server/container_memory.h"

#include <map>
#include <string>

#include "gtest/gtest.h"

namespace ringcache::server {
namespace {

using Files = std::map<std::string, std::string>;

absl::StatusOr<std::uint64_t> LimitWith(const Files& files) {
  return ContainerMemoryLimit([&](const std::string& path) -> absl::optional<std::string> {
    const auto found = files.find(path);
    if (found == files.end()) return absl::nullopt;
    return found->second;
  });
}

TEST(ContainerMemoryTest, ReadsVersion2AtTheRootOfTheNamespace) {
  EXPECT_EQ(
      *LimitWith({{"/proc/self/cgroup", "0::/\n"}, {"/sys/fs/cgroup/memory.max", "536870912\n"}}),
      536870912u);
}

TEST(ContainerMemoryTest, TakesTheLeastLimitOfTheGroupsAbove) {
  EXPECT_EQ(*LimitWith({{"/proc/self/cgroup", "0::/pods/pod1/c1\n"},
                        {"/sys/fs/cgroup/pods/pod1/c1/memory.max", "max\n"},
                        {"/sys/fs/cgroup/pods/pod1/memory.max", "3000\n"},
                        {"/sys/fs/cgroup/pods/memory.max", "4000\n"}}),
            3000u);
}

TEST(ContainerMemoryTest, ReadsVersion1) {
  EXPECT_EQ(*LimitWith({{"/proc/self/cgroup", "5:cpu,cpuacct:/a\n4:memory:/docker/abc\n0::/x\n"},
                        {"/sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes", "2000\n"},
                        {"/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"}}),
            2000u);
}

TEST(ContainerMemoryTest, ReadsVersion1WhenThePathIsTheHosts) {
  EXPECT_EQ(*LimitWith({{"/proc/self/cgroup", "4:memory:/kubepods/xyz\n"},
                        {"/sys/fs/cgroup/memory/memory.limit_in_bytes", "7000\n"}}),
            7000u);
}

TEST(ContainerMemoryTest, NoLimitIsAnErrorThatSaysWhatToDo) {
  EXPECT_FALSE(LimitWith({}).ok());
  EXPECT_FALSE(LimitWith({{"/sys/fs/cgroup/memory.max", "max\n"}}).ok());
  EXPECT_FALSE(
      LimitWith({{"/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712"}}).ok());
  EXPECT_NE(LimitWith({}).status().message().find("-m 1024"), std::string::npos);
}

TEST(ContainerMemoryTest, LeavesRoomForWhatIsNotItems) {
  constexpr std::uint64_t kMiB = 1 << 20;
  EXPECT_EQ(ItemBytesWithin(1024 * kMiB, 4, 1024), 784 * kMiB);
  EXPECT_EQ(ItemBytesWithin(64 * kMiB, 1, 256), 23 * kMiB);
  EXPECT_EQ(ItemBytesWithin(32 * kMiB, 1, 1), 0u);
}

}  // namespace
}  // namespace ringcache::server

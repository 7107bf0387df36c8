#include "admin/ring/ring_observer.h"

#include <fstream>
#include <string>
#include <thread>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "admin/backend/admin_options.h"
#include "gtest/gtest.h"

namespace ringcache::admin {
namespace {

constexpr absl::Duration kLimit = absl::Seconds(30);

// The one ring, once it is known and `wanted` of it.
template <typename Wanted>
std::shared_ptr<const RingView> WaitFor(RingObserver* observer, Wanted wanted) {
  for (const absl::Time start = absl::Now(); absl::Now() - start < kLimit;) {
    const auto rings = observer->Rings();
    if (rings.ok() && wanted((*rings)[0]->info())) return (*rings)[0];
    std::this_thread::yield();
  }
  return nullptr;
}

std::string ErrorOf(const char* discovery, const char* placement, const char* key_hash) {
  return std::string(RingObserver::Start(discovery, placement, key_hash).status().message());
}

TEST(RingObserverTest, ShowsTheRingOfAList) {
  const auto observer =
      RingObserver::Start("127.0.0.1:11211,127.0.0.2:11211:3", "ketama", "").value();
  const auto view = WaitFor(observer.get(), [](const RingInfo&) { return true; });
  ASSERT_NE(view, nullptr);
  EXPECT_EQ(view->info().pool, "127.0.0.1:11211,127.0.0.2:11211:3");
  ASSERT_EQ(view->info().members.size(), 2u);
  EXPECT_EQ(view->info().members[1].name, "127.0.0.2:11211");
  EXPECT_EQ(view->info().members[1].address, "127.0.0.2:11211");
  EXPECT_EQ(view->info().members[1].weight, 3);
  EXPECT_NEAR(view->info().members[1].share, 0.75, 0.1);
}

TEST(RingObserverTest, FollowsChanges) {
  const std::string path = testing::TempDir() + "/members";
  std::ofstream(path) << "127.0.0.1:11211\n";
  const auto observer = RingObserver::Start("file:" + path, "rendezvous", "").value();
  const auto first = WaitFor(observer.get(), [](const RingInfo&) { return true; });
  ASSERT_NE(first, nullptr);
  std::ofstream(path) << "127.0.0.1:11211\n127.0.0.2:11211\n";
  const auto second =
      WaitFor(observer.get(), [](const RingInfo& info) { return info.members.size() == 2; });
  ASSERT_NE(second, nullptr);
  EXPECT_GT(second->info().version, first->info().version);
}

TEST(RingObserverTest, WithoutMembersItSaysSo) {
  const auto observer =
      RingObserver::Start("file:" + testing::TempDir() + "/nothing", "ketama", "").value();
  EXPECT_EQ(observer->Rings().status().code(), absl::StatusCode::kUnavailable);
}

TEST(RingObserverTest, WithoutDiscoveryThereIsNothingToObserve) {
  AdminOptions options;
  EXPECT_EQ(RingObserver::StartIfAsked(options).value(), nullptr);
  options.discovery = "127.0.0.1:11211";
  EXPECT_NE(RingObserver::StartIfAsked(options).value(), nullptr);
}

TEST(RingObserverTest, WhatCannotBeFollowedNamesItsFlag) {
  EXPECT_EQ(ErrorOf("a:b:c:d", "ketama", "").substr(0, 13), "--discovery: ");
  EXPECT_EQ(ErrorOf("a:1", "nowhere", "").substr(0, 13), "--placement: ");
  EXPECT_EQ(ErrorOf("a:1", "ketama", "nothing").substr(0, 12), "--key-hash: ");
  EXPECT_NE(ErrorOf("a:1", "rendezvous", "crc32"), "");
}

}  // namespace
}  // namespace ringcache::admin

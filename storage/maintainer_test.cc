#include "storage/maintainer.h"

#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "storage/store_fixture.h"

namespace ringcache::storage {
namespace {

class MaintainerTest : public StoreFixture {};

TEST_F(MaintainerTest, ExpiredItemsGoWithoutAnOperation) {
  for (int i = 0; i < 1000; ++i) Set("key" + std::to_string(i), "v", now_ + 1);
  Set("stays", "v");
  Maintainer maintainer(store_.get(), [this] { return now_ + 1; });
  maintainer.Start();
  while (store_->Stats().items > 1) std::this_thread::yield();
  maintainer.Stop();
  EXPECT_EQ(Look("stays"), Lookup::kHit);
  EXPECT_EQ(Events().crawler_reclaimed, 1000u);
}

TEST_F(MaintainerTest, StopsAtOnceAndAgain) {
  Maintainer never_started(store_.get(), [] { return UnixSeconds{1}; });
  never_started.Stop();
  Maintainer maintainer(store_.get(), [] { return UnixSeconds{1}; });
  maintainer.Start();
  maintainer.Stop();
  maintainer.Stop();
}

}  // namespace
}  // namespace ringcache::storage

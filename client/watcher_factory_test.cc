// config+ as any other address: with the refreshes, the memory for the last good members and the
// stats that all watchers have.

#include "client/watcher_factory.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/scripted_server.h"
#include "discovery/scripted_resolver.h"
#include "discovery/watcher.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/loop_fixture.h"

namespace ringcache::client {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class WatcherFactoryTest : public net::LoopFixture {
 protected:
  WatcherFactoryTest() {
    options_.min_refresh = options_.max_refresh = absl::Milliseconds(10);
    options_.grace = absl::ZeroDuration();
    options_.seed = 1;
    options_.resolver = &resolver_;
  }

  void Follow(const std::string& address) {
    watcher_ = MakeWatcher(loop_.get(), address, options_).value();
    watcher_->Start([this](const auto& snapshot) {
      seen_.clear();
      for (const discovery::Member& member : snapshot->members) {
        seen_.push_back(absl::StrCat(member.name, "=", member.address.ToString()));
      }
    });
  }
  void FollowServer() { Follow(absl::StrCat("config+", server_.address().ToString())); }
  void Tell(const std::string& payload) {
    const std::string reply =
        absl::StrCat("CONFIG cluster 0 ", payload.size(), "\r\n", payload, "\r\nEND\r\n");
    server_.AnswerLines([reply](absl::string_view) { return reply; });
  }
  void RunUntilSeen(std::size_t members) {
    RunUntil([&] { return seen_.size() == members; });
  }

  ScriptedServer server_{loop_.get()};
  discovery::ScriptedResolver resolver_{loop_.get()};
  discovery::WatcherOptions options_;
  std::vector<std::string> seen_;  // the members of the last snapshot
  std::unique_ptr<discovery::Watcher> watcher_;
};

TEST_F(WatcherFactoryTest, AClusterIsFollowedInTheOrderOfNames) {
  Tell("1\nnode-10|10.0.0.10|1 node-9|10.0.0.9|1\n");
  FollowServer();
  RunUntilSeen(2);
  EXPECT_THAT(seen_, ElementsAre("node-9=10.0.0.9:1", "node-10=10.0.0.10:1"));
  Tell("2\nnode-9|10.0.0.9|1\n");
  RunUntilSeen(1);
  Tell("3\nnode-9|10.0.0.9|1 node-10|10.0.0.11|1\n");
  RunUntilSeen(2);
  EXPECT_THAT(seen_, ElementsAre("node-9=10.0.0.9:1", "node-10=10.0.0.11:1"));
}

TEST_F(WatcherFactoryTest, AServerThatIsGoneTakesNoMemberWithIt) {
  Tell("1\na|10.0.0.1|1\n");
  FollowServer();
  RunUntilSeen(1);
  server_.Stop();
  RunUntil([this] { return watcher_->stats().errors > 0; });
  EXPECT_EQ(watcher_->current()->members.size(), 1u);
  EXPECT_THAT(watcher_->stats().last_error, HasSubstr(server_.address().ToString()));
  Tell("2\na|10.0.0.1|1 b|10.0.0.2|1\n");
  server_.Restart();
  RunUntilSeen(2);
}

TEST_F(WatcherFactoryTest, WhatIsWrongWithAConfigurationShowsInTheStats) {
  Tell("1\na|10.0.0.1\n");
  FollowServer();
  RunUntil([this] { return watcher_->stats().errors > 0; });
  EXPECT_THAT(watcher_->stats().last_error, HasSubstr("a node is not host|ip|port"));
  EXPECT_THAT(seen_, IsEmpty());
  EXPECT_EQ(watcher_->current(), nullptr);
}

TEST_F(WatcherFactoryTest, OtherAddressesAreDiscoverysOwn) {
  Follow("10.0.0.2:1,10.0.0.1:1");
  RunUntilSeen(2);
  EXPECT_THAT(seen_, ElementsAre("10.0.0.2=10.0.0.2:1", "10.0.0.1=10.0.0.1:1"));
}

TEST_F(WatcherFactoryTest, WrongAddressesAndOptionsAreNamed) {
  const auto problem = [this](const std::string& address) {
    return std::string(MakeWatcher(loop_.get(), address, options_).status().message());
  };
  EXPECT_THAT(problem("config+/run/cache.sock"), HasSubstr("write config+host:port"));
  EXPECT_THAT(problem("config+a:0"), HasSubstr("is not a port"));
  options_.grace = -absl::Seconds(1);
  EXPECT_THAT(problem("config+a"), HasSubstr("the grace time is -1s"));
}

}  // namespace
}  // namespace ringcache::client

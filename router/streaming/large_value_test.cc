// Values of many megabytes through a router in front of a real server, over sockets.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "process/log_sink.h"
#include "router/router.h"
#include "router/router_options.h"
#include "server/server.h"  // with its options
#include "server/test_process.h"

namespace ringcache::router {
namespace {

using server::TestClient;

constexpr std::size_t kMegabyte = 1'000'000;

class LargeValueTest : public testing::Test {
 protected:
  void SetUp() override {
    server::ServerOptions cache;
    cache.listen = {{"127.0.0.1", 0}};
    cache.threads = 1;
    cache.max_item_bytes = std::size_t{64} << 20;
    cache.memory_limit_bytes = std::size_t{512} << 20;
    auto server = server::Server::Create(cache, &log_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    server_thread_.emplace([this] { server_->Run(); });

    RouterOptions options;
    options.listen_hosts = {"127.0.0.1"};
    options.ports = {0};
    options.servers = server_->addresses()[0].ToString();
    // Long enough for a busy machine.
    options.cluster.timeout = options.max_upload_pause = absl::Seconds(60);
    auto router = Router::Create(options, &log_);
    ASSERT_TRUE(router.ok()) << router.status();
    router_ = *std::move(router);
    router_thread_.emplace([this] { router_->Run(); });
  }
  ~LargeValueTest() override {
    if (router_thread_) {
      router_->RequestShutdown();
      router_thread_->join();
    }
    if (server_thread_) {
      server_->RequestShutdown();
      server_thread_->join();
    }
  }

  std::unique_ptr<TestClient> Connect() const {
    return std::make_unique<TestClient>(router_->addresses()[0].port());
  }
  static std::string Value(std::size_t bytes) {
    std::string value(bytes, '\0');
    for (std::size_t i = 0; i < bytes; ++i) value[i] = static_cast<char>(i * 7 + i / 251);
    return value;
  }
  static std::string Set(absl::string_view key, absl::string_view value) {
    return absl::StrCat("set ", key, " 0 0 ", value.size(), "\r\n", value, "\r\n");
  }
  static std::string Found(absl::string_view key, absl::string_view value) {
    return absl::StrCat("VALUE ", key, " 0 ", value.size(), "\r\n", value, "\r\n");
  }
  // Reads as much as `expected` has, and whether it is that.
  static bool Reads(TestClient* client, absl::string_view expected, std::size_t piece_bytes) {
    while (!expected.empty()) {
      const std::string some = client->ReadSome(std::min(piece_bytes, expected.size()));
      if (some.empty() || !absl::StartsWith(expected, some)) return false;
      expected.remove_prefix(some.size());
    }
    return true;
  }

  process::NoLog log_;
  std::unique_ptr<server::Server> server_;
  std::optional<std::thread> server_thread_;
  std::unique_ptr<Router> router_;
  std::optional<std::thread> router_thread_;
};

TEST_F(LargeValueTest, ValuesComeBackAsTheyWent) {
  const auto client = Connect();
  for (const std::size_t bytes : {8 * kMegabyte, 50 * kMegabyte}) {
    const std::string value = Value(bytes);
    client->Send(Set("k", value));
    EXPECT_TRUE(Reads(client.get(), "STORED\r\n", 100));
    // One after the other: what waits for the client is bounded.
    client->Send("get k\r\n");
    EXPECT_TRUE(Reads(client.get(), absl::StrCat(Found("k", value), "END\r\n"), kMegabyte));
    client->Send("get k missing\r\n");
    EXPECT_TRUE(Reads(client.get(), absl::StrCat(Found("k", value), "END\r\n"), kMegabyte));
    client->Send("mg k v O1\r\n");
    EXPECT_TRUE(
        Reads(client.get(), absl::StrCat("VA ", bytes, " O1\r\n", value, "\r\n"), kMegabyte));
  }
}

TEST_F(LargeValueTest, WhatTheServerDoesNotTakeIsItsErrorAndTheConnectionGoesOn) {
  const auto client = Connect();
  client->Send(Set("k", Value(70 * kMegabyte)));
  EXPECT_TRUE(Reads(client.get(), "SERVER_ERROR object too large for cache\r\n", 100));
  client->Send("set k 0 0 1\r\na\r\n");
  EXPECT_TRUE(Reads(client.get(), "STORED\r\n", 100));
}

TEST_F(LargeValueTest, ASlowClientDoesNotHoldUpAnother) {
  const auto slow = Connect();
  const auto other = Connect();
  const std::string value = Value(8 * kMegabyte);
  slow->Send(Set("k", value));
  EXPECT_TRUE(Reads(slow.get(), "STORED\r\n", 100));
  slow->Send("get k\r\n");
  EXPECT_TRUE(Reads(slow.get(), "VALUE k 0 ", 10));
  // It reads nothing more while the other one has its turn with the same server.
  for (int i = 0; i < 10; ++i) {
    other->Send(absl::StrCat("set other 0 0 1\r\n", i, "\r\nget other\r\n"));
    EXPECT_TRUE(
        Reads(other.get(), absl::StrCat("STORED\r\nVALUE other 0 1\r\n", i, "\r\nEND\r\n"), 100));
  }
  EXPECT_TRUE(Reads(slow.get(), absl::StrCat(value.size(), "\r\n", value, "\r\nEND\r\n"), 10'000));
}

TEST_F(LargeValueTest, ClientsThatLeaveInTheMidstHarmNobody) {
  const std::string value = Value(8 * kMegabyte);
  const auto client = Connect();
  client->Send(Set("k", value));
  EXPECT_TRUE(Reads(client.get(), "STORED\r\n", 100));
  for (int i = 0; i < 10; ++i) {
    const auto sender = Connect();
    sender->Send(Set("other", value).substr(0, 4 * kMegabyte));
    const auto reader = Connect();
    reader->Send("get k\r\n");
    EXPECT_TRUE(Reads(reader.get(), "VALUE k 0 ", 10));
  }
  client->Send("get other\r\nget k\r\n");
  EXPECT_TRUE(
      Reads(client.get(), absl::StrCat("END\r\n", Found("k", value), "END\r\n"), kMegabyte));
}

}  // namespace
}  // namespace ringcache::router

// Whole runs over real sockets, against a server in this process, and their reports.

#include "tools/loadgen/load_run.h"

#include <json/json.h>
#include <unistd.h>

#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "net/connection.h"
#include "net/connection_context.h"
#include "net/descriptor.h"
#include "net/epoll_event_loop.h"
#include "net/listener.h"
#include "net/socket_address.h"
#include "net/socket_connection.h"
#include "tools/loadgen/load_flags.h"
#include "tools/loadgen/load_options.h"
#include "tools/loadgen/load_report.h"
#include "tools/loadgen/toy_cache.h"

namespace ringcache::loadgen {
namespace {

// Serves one connection.
class ToySession final : public net::Session {
 public:
  ToySession(net::ConnectionContext* context, net::Descriptor socket, ToyCache* cache)
      : cache_(cache),
        connection_(std::make_unique<net::SocketConnection>(context, std::move(socket), this)) {}

  absl::Span<char> LendReceiveBuffer() override { return absl::MakeSpan(buffer_); }
  net::Progress OnReceived(std::size_t bytes) override {
    input_.append(buffer_, bytes);
    return Answer();
  }
  net::Progress OnSent() override {
    sending_ = false;
    return Answer();
  }
  void OnClosed(net::CloseReason) override { connection_.reset(); }

 private:
  net::Progress Answer() {
    if (sending_) return net::Progress::kPause;
    output_ = cache_->Answer(&input_);
    sending_ = !output_.empty() && !connection_->Send(output_.data(), output_.size());
    return sending_ ? net::Progress::kPause : net::Progress::kContinue;
  }

  ToyCache* const cache_;
  char buffer_[16384];
  std::string input_;
  std::string output_;
  bool sending_ = false;
  std::unique_ptr<net::SocketConnection> connection_;
};

class LoadRunTest : public testing::Test {
 protected:
  LoadRunTest() : loop_(*net::EpollEventLoop::Create()), context_(loop_.get()) {
    listener_ = *net::Listener::Create(
        loop_.get(), net::SocketAddress::Loopback(0), net::ListenerOptions(),
        [this](net::Descriptor socket) {
          sessions_.push_back(std::make_unique<ToySession>(&context_, std::move(socket), &cache_));
        });
    options_.target = absl::StrCat("127.0.0.1:", listener_->port());
    options_.keys = 500;
    options_.connections = 10;
    options_.duration_s = 0.1;
    options_.prefill = Prefill::kYes;
    options_.verify = Verify::kAll;
    thread_ = std::thread([this] { loop_->Run(); });
  }
  ~LoadRunTest() override {
    loop_->Stop();
    thread_.join();
  }

  RunTotals MustRun() {
    absl::StatusOr<RunTotals> totals = RunLoad(options_, nullptr);
    if (!totals.ok()) {
      ADD_FAILURE() << totals.status();
      return RunTotals();
    }
    EXPECT_TRUE(totals->clean()) << totals->problem;
    return *std::move(totals);
  }

  LoadOptions options_;
  ToyCache cache_;
  const std::unique_ptr<net::EpollEventLoop> loop_;
  net::ConnectionContext context_;
  std::vector<std::unique_ptr<ToySession>> sessions_;
  std::unique_ptr<net::Listener> listener_;
  std::thread thread_;
};

TEST_F(LoadRunTest, AClosedLoopRunsEndToEnd) {
  options_.depth = 8;
  const RunTotals totals = MustRun();
  EXPECT_GT(totals.counters[LoadCounter::kRequests], 0u);
  EXPECT_EQ(totals.counters[LoadCounter::kHits], totals.counters[LoadCounter::kRequests]);
  EXPECT_GE(totals.latency.Count(), totals.counters[LoadCounter::kRequests] / 2);
  EXPECT_GT(totals.requests_per_s, 0);
  EXPECT_GT(totals.prefill_s, 0);
}

TEST_F(LoadRunTest, ThreadsShareKeysConnectionsAndRequests) {
  options_.threads = 3;
  options_.duration_s = 0;
  options_.requests = 1000;
  options_.multiget = 7;
  const RunTotals totals = MustRun();
  EXPECT_EQ(totals.counters[LoadCounter::kRequests], 1000u);
  EXPECT_EQ(totals.counters[LoadCounter::kHits], 7000u);
  EXPECT_EQ(totals.latency.Count(), 1000u);
}

TEST_F(LoadRunTest, AnOpenLoopRunsEndToEnd) {
  options_.rate_per_s = 2000;
  options_.mix.weights = {8, 1, 1, 1};
  const RunTotals totals = MustRun();
  EXPECT_GT(totals.counters[LoadCounter::kRequests], 0u);
  EXPECT_GT(totals.counters[LoadCounter::kRefused], 0u);
}

TEST_F(LoadRunTest, OnlyPrefillingStoresAndMeasuresNothing) {
  options_.prefill = Prefill::kOnly;
  const RunTotals totals = MustRun();
  EXPECT_EQ(cache_.size(), 500u);
  EXPECT_EQ(totals.counters[LoadCounter::kRequests], 0u);
}

TEST_F(LoadRunTest, AValueThatSomebodyChangedIsFound) {
  MustRun();
  options_.prefill = Prefill::kNo;
  options_.value_sizes = *ValueSizes::Parse("99");
  const absl::StatusOr<RunTotals> totals = RunLoad(options_, nullptr);
  ASSERT_TRUE(totals.ok());
  EXPECT_FALSE(totals->clean());
  EXPECT_EQ(totals->invalid_replies, 10u);
  EXPECT_NE(totals->problem.find("instead of 99"), std::string::npos) << totals->problem;
}

TEST_F(LoadRunTest, WhoCannotBeReachedIsSaid) {
  options_.target = "unix:/nonexistent/socket";
  EXPECT_FALSE(RunLoad(options_, nullptr).ok());
  options_.target = "no such host";
  EXPECT_FALSE(RunLoad(options_, nullptr).ok());
  options_.target = "";
  EXPECT_FALSE(RunLoad(options_, nullptr).ok());
  options_.target = "127.0.0.1:1";
  const absl::StatusOr<RunTotals> totals = RunLoad(options_, nullptr);
  ASSERT_FALSE(totals.ok());
  EXPECT_NE(totals.status().message().find("refused"), std::string::npos) << totals.status();
}

TEST_F(LoadRunTest, TheReportHasItsShape) {
  options_.server_pid = getpid();
  const RunTotals totals = MustRun();
  const std::string text = RunAsJson(options_, totals);
  Json::Value json;
  std::istringstream stream(text);
  ASSERT_TRUE(Json::parseFromStream(Json::CharReaderBuilder(), stream, &json, nullptr)) << text;
  for (const auto& [name, value] : SpellLoadOptions(options_)) {
    EXPECT_EQ(json["parameters"][name].asString(), value);
  }
  for (const char* name : {"requests", "hits", "misses", "done", "refused", "errors", "unanswered",
                           "unsent", "invalid_replies", "lost_connections"}) {
    EXPECT_TRUE(json["counts"][name].isUInt64()) << name;
  }
  EXPECT_EQ(json["counts"]["requests"].asUInt64(), totals.counters[LoadCounter::kRequests]);
  double before = 0;
  for (const char* name : {"p50", "p90", "p95", "p99", "p99_9", "p99_99"}) {
    EXPECT_GE(json["latency_us"][name].asDouble(), before) << name;
    before = json["latency_us"][name].asDouble();
  }
  EXPECT_TRUE(json["latency_us"]["max"].isDouble());
  EXPECT_TRUE(json["clean"].asBool());
  EXPECT_GT(json["requests_per_s"].asDouble(), 0);
  EXPECT_GT(json["server_cpu"]["us_per_request"].asDouble(), 0);
  EXPECT_NE(SummarizeRun(options_, totals).find("server CPU"), std::string::npos);
}

TEST_F(LoadRunTest, AnUnknownServerProcessIsAnError) {
  options_.server_pid = 4'000'000;
  EXPECT_FALSE(RunLoad(options_, nullptr).ok());
}

}  // namespace
}  // namespace ringcache::loadgen

#include "admin/metrics/exposer.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "admin/metrics/full_backend.h"
#include "admin/metrics/scrape.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ringcache::admin {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

std::unique_ptr<MetricsExposer> StartOrFail(Backend* backend,
                                            const std::string& listen = "127.0.0.1") {
  auto exposer = MetricsExposer::Start(listen, 0, backend);
  EXPECT_TRUE(exposer.ok()) << exposer.status();
  return exposer.ok() ? *std::move(exposer) : nullptr;
}

std::string Scrape(const MetricsExposer& exposer) {
  return BodyOf(Get(exposer.port(), "/metrics"));
}

std::string ReadFile(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// The lines of what promtool has to say of `text`; empty if it is content.
std::set<std::string> AskPromtool(const std::string& text) {
  const std::string folder = ::testing::TempDir();
  std::ofstream(folder + "/metrics.txt") << text;
  const std::string command = absl::StrCat("/usr/bin/promtool check metrics <", folder,
                                           "/metrics.txt >", folder, "/said.txt 2>&1");
  // 3: it has something to say. Anything else is a text that Prometheus would refuse.
  const int status = std::system(command.c_str());
  const std::string said = ReadFile(folder + "/said.txt");
  EXPECT_TRUE(status == 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 3)) << status << said;
  return absl::StrSplit(said, '\n', absl::SkipEmpty());
}

TEST(MetricsExposer, ServesTheMetricsOfTheBackend) {
  const auto backend = FullBackend();
  const auto exposer = StartOrFail(backend.get());
  ASSERT_NE(exposer, nullptr);
  EXPECT_GT(exposer->port(), 0);
  const std::string reply = Get(exposer->port(), "/metrics");
  EXPECT_THAT(reply, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(reply, HasSubstr("\nmemcached_up 1\n"));
  EXPECT_THAT(reply, HasSubstr("\nmemcached_version{version=\"1.0\"} 1\n"));
  EXPECT_THAT(reply, HasSubstr("\nringcache_build_info{version=\"1.0\",kind=\"server\"} 1\n"));
  EXPECT_THAT(reply, HasSubstr("\nringcache_ring_members{pool=\"main\"} 2\n"));
  EXPECT_THAT(reply, HasSubstr("{command=\"get\",le=\"0.00025\"}"));
}

TEST(MetricsExposer, ServesNothingElse) {
  const auto backend = FullBackend();
  const auto exposer = StartOrFail(backend.get());
  ASSERT_NE(exposer, nullptr);
  for (const char* path : {"/", "/etc/passwd", "/../../../../etc/passwd", "/%2e%2e/etc/passwd"}) {
    const std::string reply = Get(exposer->port(), path);
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 40")) << path;
    EXPECT_THAT(reply, Not(HasSubstr("root:"))) << path;
  }
}

TEST(MetricsExposer, PromtoolComplainsOfNothingButInheritedNames) {
  const auto backend = FullBackend();
  const auto exposer = StartOrFail(backend.get());
  ASSERT_NE(exposer, nullptr);
  Scrape(*exposer);
  std::set<std::string> said = AskPromtool(Scrape(*exposer));
  const std::string accepted = ReadFile("admin/metrics/testdata/promtool_accepted.txt");
  for (const absl::string_view line : absl::StrSplit(accepted, '\n', absl::SkipEmpty())) {
    if (line[0] == '#') continue;
    EXPECT_EQ(said.erase(std::string(line)), 1u) << "is not said: " << line;
  }
  EXPECT_THAT(said, IsEmpty());
}

class FixedRing : public RingView {
 public:
  explicit FixedRing(RingInfo info) : info_(std::move(info)) {}
  const RingInfo& info() const override { return info_; }
  std::vector<std::uint32_t> Locate(absl::string_view, std::size_t) const override { return {}; }
  absl::StatusOr<RingPlan> Plan(const MembershipChange&) const override { return RingPlan(); }

 private:
  const RingInfo info_;
};

TEST(MetricsExposer, NamesMayHoldAnyBytesAndFiguresMayBeNone) {
  const auto backend = FullBackend();
  const std::string odd = "a\"b\\c\nd e{}=,\xc3\xa4";
  RingInfo info;
  info.pool = odd;
  info.members = {
      {odd, "", std::numeric_limits<double>::infinity(), MemberState::kDown, std::nan(""), 1e-300}};
  backend->Change([&](FakeBackend::State& state) {
    state.stats->members[0].pool = odd;
    state.stats->members[0].name = odd;
    state.rings = std::vector<std::shared_ptr<const RingView>>{std::make_shared<FixedRing>(info)};
  });
  const auto exposer = StartOrFail(backend.get());
  ASSERT_NE(exposer, nullptr);
  const std::string text = Scrape(*exposer);
  const std::string escaped = "a\\\"b\\\\c\\nd e{}=,\xc3\xa4";
  EXPECT_THAT(text, HasSubstr(absl::StrCat("ringcache_member_up{pool=\"", escaped, "\",member=\"",
                                           escaped, "\"} 5000\n")));
  AskPromtool(text);
}

// As a backend may that has all histograms in local variables.
class DeepRing : public FixedRing {
 public:
  DeepRing() : FixedRing(RingInfo()) {}
  const RingInfo& info() const override {
    volatile char much[1 << 20];
    for (std::size_t i = 0; i < sizeof(much); i += 1024) much[i] = 1;
    return FixedRing::info();
  }
};

TEST(MetricsExposer, ABackendMayTakeMoreStackThanTheLibraryHas) {
  const auto backend = FullBackend();
  backend->Change([](FakeBackend::State& state) {
    state.rings = std::vector<std::shared_ptr<const RingView>>{std::make_shared<DeepRing>()};
  });
  const auto exposer = StartOrFail(backend.get());
  ASSERT_NE(exposer, nullptr);
  EXPECT_THAT(Scrape(*exposer), HasSubstr("ringcache_ring_members"));
}

TEST(MetricsExposer, ABackendThatFailsIsNotUp) {
  const auto backend = FullBackend();
  backend->Change([](FakeBackend::State& state) {
    state.stats = absl::DeadlineExceededError("workers do not answer");
    state.latencies = state.stats.status();
    state.rings = absl::UnavailableError("no members yet");
  });
  const auto exposer = StartOrFail(backend.get());
  ASSERT_NE(exposer, nullptr);
  std::string text = Scrape(*exposer);
  EXPECT_THAT(text, HasSubstr("\nmemcached_up 0\n"));
  EXPECT_THAT(text, HasSubstr("\nringcache_live 1\n"));
  EXPECT_THAT(text, HasSubstr("\nringcache_discovery_ready 0\n"));
  EXPECT_THAT(text, HasSubstr("\nprocess_open_fds "));
  text.erase(text.find("memcached_up"), 12);
  EXPECT_THAT(text, Not(HasSubstr("\nmemcached_cu")));
  EXPECT_THAT(text, Not(HasSubstr("ringcache_worker")));
}

TEST(MetricsExposer, AProcessWithoutARingShowsNone) {
  const auto backend = FullBackend();
  backend->Change([](FakeBackend::State& state) {
    state.rings = absl::FailedPreconditionError("give --discovery");
  });
  const auto exposer = StartOrFail(backend.get());
  ASSERT_NE(exposer, nullptr);
  const std::string text = Scrape(*exposer);
  EXPECT_THAT(text, Not(HasSubstr("ringcache_ring")));
  EXPECT_THAT(text, Not(HasSubstr("ringcache_discovery")));
}

TEST(MetricsExposer, APortThatIsTakenIsAnErrorThatSaysSo) {
  const auto backend = FullBackend();
  const auto first = StartOrFail(backend.get());
  ASSERT_NE(first, nullptr);
  const auto second = MetricsExposer::Start("127.0.0.1", first->port(), backend.get());
  EXPECT_EQ(second.status().message(), absl::StrCat("cannot listen on 127.0.0.1, port ",
                                                    first->port(), ": Address already in use"));
}

TEST(MetricsExposer, WhatIsNoAddressOrPortIsRefused) {
  const auto backend = FullBackend();
  EXPECT_THAT(MetricsExposer::Start("localhost", 0, backend.get()).status().message(),
              HasSubstr("'localhost' is no numeric address, such as 0.0.0.0"));
  EXPECT_TRUE(absl::IsInvalidArgument(MetricsExposer::Start("", 0, backend.get()).status()));
  EXPECT_TRUE(
      absl::IsInvalidArgument(MetricsExposer::Start("0.0.0.0", 65536, backend.get()).status()));
  EXPECT_TRUE(
      absl::IsInvalidArgument(MetricsExposer::Start("0.0.0.0", -1, backend.get()).status()));
  EXPECT_THAT(MetricsExposer::Start("192.0.2.1", 0, backend.get()).status().message(),
              HasSubstr("Cannot assign requested address"));
}

TEST(MetricsExposer, AnyAddressIsAnyOfIPv4) {
  const auto backend = FullBackend();
  for (const char* any : {"0.0.0.0", "::"}) {
    const auto exposer = StartOrFail(backend.get(), any);
    ASSERT_NE(exposer, nullptr) << any;
    EXPECT_THAT(Scrape(*exposer), HasSubstr("memcached_up 1")) << any;
  }
  EXPECT_EQ(MetricsExposer::Start("::1", 0, backend.get()).status().message(),
            "/metrics is served on IPv4 only, not on ::1");
}

TEST(MetricsExposer, SilentConnectionsDoNotKeepScrapesAway) {
  const auto backend = FullBackend();
  const auto exposer = StartOrFail(backend.get());
  ASSERT_NE(exposer, nullptr);
  std::vector<int> silent;
  for (int i = 0; i < 4; ++i) silent.push_back(ConnectTo(exposer->port()));
  EXPECT_THAT(Get(exposer->port(), "/metrics"), HasSubstr("memcached_up 1"));
  for (const int descriptor : silent) close(descriptor);
}

TEST(MetricsExposer, EndsSoon) {
  const auto backend = FullBackend();
  absl::Duration least = absl::InfiniteDuration();
  for (int i = 0; i < 5; ++i) {
    auto exposer = StartOrFail(backend.get());
    ASSERT_NE(exposer, nullptr);
    Scrape(*exposer);
    const absl::Time before = absl::Now();
    exposer.reset();
    least = std::min(least, absl::Now() - before);
  }
  EXPECT_LT(least, absl::Seconds(1));
}

TEST(MetricsExposer, EndsThoughClientsAreSilent) {
  const auto backend = FullBackend();
  auto exposer = StartOrFail(backend.get());
  ASSERT_NE(exposer, nullptr);
  const int silent = ConnectTo(exposer->port());
  exposer.reset();
  close(silent);
}

struct ThreadFacts {
  bool blocks_terminate = false;
  int nice = 0;
};

std::vector<ThreadFacts> FactsOfThreads() {
  std::vector<ThreadFacts> threads;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    ThreadFacts& facts = threads.emplace_back();
    const std::string status = ReadFile(task.path().string() + "/status");
    const std::size_t mask = status.find("\nSigBlk:");
    EXPECT_NE(mask, std::string::npos) << task.path();
    if (mask == std::string::npos) continue;
    facts.blocks_terminate =
        (std::stoull(status.substr(mask + 8), nullptr, 16) >> (SIGTERM - 1)) & 1;
    facts.nice = getpriority(PRIO_PROCESS, std::stoul(task.path().filename().string()));
  }
  return threads;
}

TEST(MetricsExposer, ThreadsAreFewAndTakeSignalsAndPriorityFromTheirStarter) {
  const auto backend = FullBackend();
  const std::size_t before = FactsOfThreads().size();
  std::unique_ptr<MetricsExposer> exposer;
  std::thread starter([&] {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 7);
    exposer = StartOrFail(backend.get());
  });
  starter.join();
  ASSERT_NE(exposer, nullptr);
  Scrape(*exposer);
  const std::vector<ThreadFacts> threads = FactsOfThreads();
  // One that accepts, two that serve, and one that collects.
  EXPECT_EQ(threads.size(), before + 4);
  const auto is_low = [](const ThreadFacts& one) { return one.blocks_terminate && one.nice == 7; };
  EXPECT_EQ(std::count_if(threads.begin(), threads.end(), is_low), 4);
}

}  // namespace
}  // namespace ringcache::admin

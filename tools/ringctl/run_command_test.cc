// The whole program but for main, with the admin interface of a real service over a fake backend.

#include "tools/ringctl/run_command.h"

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "admin/backend/fake_backend.h"
#include "admin/service/service.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/ringctl/admin_connection.h"
#include "tools/ringctl/captured_stream.h"

namespace ringcache::ringctl {
namespace {

using admin::FakeBackend;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

struct Outcome {
  ExitStatus status;
  std::string out;
  std::string error;
};

class RunCommandTest : public ::testing::Test {
 protected:
  RunCommandTest() { Start(); }

  void Start() {
    admin::AdminOptions options;
    options.grpc = {0, true};
    options.metrics = {admin::AdminPort::kOff, false};
    options.listen = "127.0.0.1";
    const auto ignore = [](absl::string_view) {};
    auto service = admin::Service::Start(options, &backend_, ignore, ignore);
    ASSERT_TRUE(service.ok()) << service.status();
    service_ = *std::move(service);
    port_ = service_->grpc_port();
  }

  // With a timeout that a busy machine does not reach.
  Outcome Run(const std::string& arguments) {
    return RunAt(absl::StrCat(arguments, " --timeout=60 --address=127.0.0.1:", port_));
  }
  Outcome RunAt(const std::string& arguments) {
    const std::vector<absl::string_view> words = absl::StrSplit(arguments, ' ', absl::SkipEmpty());
    const auto line = ParseCommandLine(words);
    EXPECT_TRUE(line.ok()) << line.status();
    if (!line.ok()) return {ExitStatus::kUsage, "", ""};
    SilenceGrpc();
    CapturedStream out, error;
    Console console(out.stream(), error.stream(), /*is_terminal=*/false);
    RunCommand(*line, &console);
    const ExitStatus status = console.Finish();
    return {status, out.text(), error.text()};
  }
  // What it prints if all is well.
  std::string Prints(const std::string& arguments) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.status, ExitStatus::kDone) << outcome.error;
    EXPECT_EQ(outcome.error, "");
    return outcome.out;
  }

  FakeBackend backend_;
  std::unique_ptr<admin::Service> service_;
  int port_ = 0;
};

TEST_F(RunCommandTest, AWellProcessServes) {
  EXPECT_EQ(Prints("health"), "serving\n");
  EXPECT_EQ(Prints("health liveness"), "serving\n");
}

TEST_F(RunCommandTest, ASickProcessSaysWhy) {
  backend_.Change([](FakeBackend::State& state) {
    state.health.liveness = {false, "it is stuck"};
  });
  // The health service looks from time to time.
  Outcome outcome;
  do {
    outcome = Run("health liveness");
  } while (outcome.status == ExitStatus::kDone);
  EXPECT_EQ(outcome.status, ExitStatus::kNotServing);
  EXPECT_EQ(outcome.out, "not serving: it is stuck\n");
  EXPECT_THAT(Run("health liveness --json").out, HasSubstr("\"serving\":false"));
}

TEST_F(RunCommandTest, AnUnknownServiceIsToldTheNearest) {
  const Outcome outcome = Run("health readyness");
  EXPECT_EQ(outcome.status, ExitStatus::kRefused);
  EXPECT_THAT(outcome.error, HasSubstr("do you mean readiness?"));
}

TEST_F(RunCommandTest, NobodyThereIsUnreachable) {
  service_.reset();
  const Outcome outcome = Run("health");
  EXPECT_EQ(outcome.status, ExitStatus::kUnreachable);
  EXPECT_THAT(outcome.error, StartsWith("ringctl: cannot connect to 127.0.0.1:"));
  EXPECT_THAT(outcome.error, HasSubstr("Connection refused"));
}

TEST_F(RunCommandTest, WhoDoesNotAnswerIsUnreachable) {
  backend_.HoldUp();
  const Outcome outcome = RunAt(absl::StrCat("stats --timeout=0.1 --address=127.0.0.1:", port_));
  EXPECT_EQ(outcome.status, ExitStatus::kUnreachable);
  EXPECT_THAT(outcome.error, HasSubstr("did not answer within 100ms"));
  backend_.Release();
}

TEST_F(RunCommandTest, ReportsArePrinted) {
  EXPECT_THAT(Prints("program"), HasSubstr("cache-0"));
  EXPECT_THAT(Prints("stats"), HasSubstr("requests"));
  EXPECT_THAT(Prints("stats --slabs"), HasSubstr("class"));
  EXPECT_THAT(Prints("stats --workers"), HasSubstr("worker"));
  EXPECT_THAT(Prints("stats --members"), HasSubstr("connection refused"));
  EXPECT_THAT(Prints("stats --all"), HasSubstr("curr_items"));
  EXPECT_THAT(Prints("latency"), HasSubstr("main/a:11211"));
  EXPECT_THAT(Prints("settings"), HasSubstr("maxbytes  67108864\n"));
  EXPECT_THAT(Prints("hotkeys --count=1"), HasSubstr("hot"));
  EXPECT_THAT(Prints("ring"), HasSubstr("main, ketama with md5, version 1, 3 members: *:11211\n"));
  EXPECT_THAT(Prints("locate a --owners=2"), HasSubstr("b:11211  c:11211  a\n"));
  EXPECT_THAT(Prints("plan --members=5"), HasSubstr("25.00 % of the keys move"));
}

TEST_F(RunCommandTest, JsonIsOneObject) {
  for (const char* command : {"program", "stats", "latency", "settings", "hotkeys", "ring",
                              "locate a", "plan --members=5", "reset", "undrain"}) {
    const std::string text = Prints(absl::StrCat(command, " --json"));
    EXPECT_THAT(text, StartsWith("{")) << command;
    EXPECT_EQ(text.find('\n'), text.size() - 1) << command;
  }
}

TEST_F(RunCommandTest, WishesReachTheProcess) {
  EXPECT_EQ(Prints("verbosity 2"), "");
  EXPECT_EQ(Prints("reload"), "the configuration\n");
  EXPECT_EQ(Prints("reset"), "");
  EXPECT_EQ(Prints("flush"), "");
  EXPECT_EQ(Prints("flush --delay=1.5"), "");
  EXPECT_EQ(Prints("undrain"), "does not drain\n");
  EXPECT_THAT(backend_.state().wishes,
              ElementsAre("verbosity 2", "reload", "reset", "flush 0", "flush 1.5s", "undrain"));
}

TEST_F(RunCommandTest, WhatTheProcessRefusesIsSaidInItsWords) {
  backend_.Change([](FakeBackend::State& state) {
    state.wish = absl::FailedPreconditionError("a server has nothing to reload");
  });
  const Outcome outcome = Run("reload");
  EXPECT_EQ(outcome.status, ExitStatus::kRefused);
  EXPECT_THAT(outcome.error, HasSubstr(": a server has nothing to reload\n"));
  EXPECT_THAT(Run("drain").error, HasSubstr(": a server has nothing to reload\n"));
  EXPECT_THAT(outcome.out, IsEmpty());
}

TEST_F(RunCommandTest, AnUnknownPoolIsToldThePoolsThatThereAre) {
  const Outcome outcome = Run("ring --pool=other");
  EXPECT_EQ(outcome.status, ExitStatus::kRefused);
  EXPECT_EQ(outcome.error, "ringctl: there is no pool 'other'; there are main\n");
}

TEST_F(RunCommandTest, ADrainIsBegunAndNotWaitedForWithoutALimit) {
  EXPECT_EQ(Prints("drain --wait=5 --limit=0"), "announcing, 5 s left at most, 3 connections\n");
  EXPECT_THAT(backend_.state().wishes, ElementsAre("drain 5s"));
}

TEST_F(RunCommandTest, ADrainIsOverWhenItsConnectionsAreClosed) {
  std::thread closes([this] {
    while (!backend_.state().drain.draining) std::this_thread::yield();
    backend_.Change([](FakeBackend::State& state) {
      state.drain.phase = "closing";
      state.drain.connections = 0;
    });
  });
  EXPECT_THAT(Prints("drain"), EndsWith("all connections are closed\n"));
  closes.join();
}

TEST_F(RunCommandTest, ADrainThatIsTakenBackIsNoSuccess) {
  std::thread takes_back([this] {
    while (!backend_.state().drain.draining) std::this_thread::yield();
    EXPECT_TRUE(backend_.Undrain().ok());
  });
  const Outcome outcome = Run("drain");
  takes_back.join();
  EXPECT_EQ(outcome.status, ExitStatus::kRefused);
  EXPECT_THAT(outcome.error, HasSubstr("the drain was taken back"));
}

TEST_F(RunCommandTest, ADrainThatOutlastsTheLimitGoesOn) {
  const Outcome outcome = Run("drain --limit=0.3");
  EXPECT_EQ(outcome.status, ExitStatus::kDone);
  EXPECT_THAT(outcome.error, HasSubstr("still drains after 0.3 seconds"));
}

TEST_F(RunCommandTest, PodsThatDoNotAnswerAreRowsOfTheTable) {
  const Outcome outcome =
      RunAt(absl::StrCat("stats --timeout=60 --discovery=127.0.0.1,/x.sock --admin-port=", port_));
  EXPECT_EQ(outcome.status, ExitStatus::kUnreachable);
  EXPECT_EQ(outcome.error, "");
  EXPECT_THAT(outcome.out, HasSubstr("\n127.0.0.1 "));
  EXPECT_THAT(outcome.out, HasSubstr("a Unix socket has no admin port"));
  const Outcome json =
      RunAt(absl::StrCat("stats --json --timeout=60 --discovery=127.0.0.1 --admin-port=", port_));
  EXPECT_EQ(json.status, ExitStatus::kDone);
  EXPECT_THAT(json.out, StartsWith("{\"pods\":[{\"name\":\"127.0.0.1\","));
}

}  // namespace
}  // namespace ringcache::ringctl

// Plays every transcript against the session, the program and memcached.

#include "server/transcripts/transcript.h"

#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/options.h"
#include "server/session_fixture.h"
#include "server/stats_report.h"
#include "server/test_process.h"

namespace ringcache::server {
namespace {

constexpr char kFolder[] = "server/transcripts";
constexpr std::size_t kFragmentSizes[] = {1, 2, 5, 10, 100, 1 << 20};

// A miss that tells where the reply before it ends.
constexpr absl::string_view kEndRequest = "mg end-of-exchange k\r\n";
constexpr absl::string_view kEndReply = "EN kend-of-exchange\r\n";

std::vector<std::string> TranscriptNames() {
  std::vector<std::string> names;
  DIR* folder = opendir(kFolder);
  while (const dirent* entry = folder == nullptr ? nullptr : readdir(folder)) {
    const absl::string_view name = entry->d_name;
    if (absl::EndsWith(name, ".txt")) names.emplace_back(name.substr(0, name.size() - 4));
  }
  if (folder != nullptr) closedir(folder);
  std::sort(names.begin(), names.end());
  return names;
}

class TranscriptTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const std::string path = absl::StrCat(kFolder, "/", GetParam(), ".txt");
    std::ifstream file(path);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    const absl::StatusOr<Transcript> transcript = ParseTranscript(text);
    ASSERT_TRUE(transcript.ok()) << path << ": " << transcript.status();
    transcript_ = *transcript;
    ASSERT_FALSE(transcript_.exchanges.empty()) << path;
  }

  ServerOptions Options() const {
    std::vector<const char*> arguments;
    for (const std::string& option : transcript_.options) arguments.push_back(option.c_str());
    return ParseCommandLine(arguments, ReadWholeFile)->options;
  }

  // Plays against whoever listens on `port`.
  void PlayOn(int port, bool is_memcached) {
    auto client = std::make_unique<TestClient>(port);
    ASSERT_TRUE(client->connected());
    ReplyMatcher matcher;
    for (const Exchange& exchange : transcript_.exchanges) {
      client->Send(matcher.Fill(exchange.request));
      std::string reply;
      if (exchange.ends) {
        reply = client->ReadAll();
        EXPECT_TRUE(client->closed() || !exchange.differs.empty()) << "line " << exchange.line;
        client = std::make_unique<TestClient>(port);
      } else {
        client->Send(kEndRequest);
        reply = client->ReadUntil(kEndReply);
        ASSERT_TRUE(absl::EndsWith(reply, kEndReply))
            << "line " << exchange.line << ": no end after '" << reply.substr(0, 300) << "'";
        reply.resize(reply.size() - kEndReply.size());
      }
      std::string why;
      const bool as_expected = matcher.Matches(exchange, reply, &why);
      if (is_memcached && !exchange.differs.empty()) {
        EXPECT_FALSE(as_expected) << "line " << exchange.line << ": does not differ any more";
      } else {
        EXPECT_TRUE(as_expected) << why;
      }
    }
  }

  Transcript transcript_;
};

TEST_P(TranscriptTest, TheSessionPlaysItAtAnyFragmentSize) {
  for (std::size_t fragment : kFragmentSizes) {
    WorkerFixture worker(Options());
    const std::vector<std::unique_ptr<Worker>> no_workers;
    const ServerGauges gauges;
    StatsReport report(&worker.options, worker.store.get(), &worker.clock, &no_workers, &gauges,
                       &worker.events, {&worker.stats.prefixes()});
    worker.control.set_report(&report);
    auto client = std::make_unique<ClientFixture>(&worker);
    ReplyMatcher matcher;
    for (const Exchange& exchange : transcript_.exchanges) {
      const std::string reply = client->Ask(matcher.Fill(exchange.request), fragment);
      std::string why;
      EXPECT_TRUE(matcher.Matches(exchange, reply, &why))
          << "fragments of " << fragment << ", " << why;
      EXPECT_EQ(!client->connection.open(), exchange.ends) << "line " << exchange.line;
      if (!client->connection.open()) client = std::make_unique<ClientFixture>(&worker);
    }
    client.reset();
    EXPECT_EQ(worker.store->CheckInvariants(), "");
  }
}

TEST_P(TranscriptTest, TheProgramPlaysIt) {
  std::vector<std::string> arguments = {"-p", "0", "-l", "127.0.0.1", "-t", "2"};
  arguments.insert(arguments.end(), transcript_.options.begin(), transcript_.options.end());
  TestProcess process("server/server", arguments);
  ASSERT_TRUE(process.started());
  PlayOn(process.port(), /*is_memcached=*/false);
}

TEST_P(TranscriptTest, MemcachedPlaysIt) {
  if (!transcript_.differs.empty()) GTEST_SKIP() << transcript_.differs;
  std::vector<std::string> arguments = {"-p", "-1", "-l", "127.0.0.1", "-t", "2", "-U", "0"};
  if (geteuid() == 0) arguments.insert(arguments.end(), {"-u", "root"});
  arguments.insert(arguments.end(), transcript_.options.begin(), transcript_.options.end());
  TestProcess process("memcached", arguments);
  ASSERT_TRUE(process.started()) << "memcached is not installed or does not start";
  PlayOn(process.port(), /*is_memcached=*/true);
}

INSTANTIATE_TEST_SUITE_P(All, TranscriptTest, testing::ValuesIn(TranscriptNames()),
                         [](const testing::TestParamInfo<std::string>& info) {
                           return info.param;
                         });

TEST(TranscriptParserTest, SaysWhereALineIsWrong) {
  EXPECT_FALSE(ParseTranscript("> get a\n? what\n").ok());
  EXPECT_EQ(ParseTranscript("> get a\n? what\n").status().message(),
            "line 2: '? what' is no transcript line");
}

TEST(ReplyMatcherTest, RemembersIdsByNumber) {
  Exchange exchange;
  exchange.reply = {"A <cas1>", "B <cas2>", "C <cas1>"};
  std::string why;
  EXPECT_TRUE(ReplyMatcher().Matches(exchange, "A 7\r\nB 8\r\nC 7\r\n", &why));
  EXPECT_FALSE(ReplyMatcher().Matches(exchange, "A 7\r\nB 8\r\nC 9\r\n", &why));
  EXPECT_FALSE(ReplyMatcher().Matches(exchange, "A 7\r\nB 8\r\n", &why));
}

}  // namespace
}  // namespace ringcache::server

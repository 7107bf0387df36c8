// Plays the server's transcripts through a router in front of one server. What may differ, and why,
// stands in transcript_differences.txt; all else is equal.

#include "server/transcripts/transcript.h"

#include <dirent.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "server/test_process.h"

namespace ringcache::router {
namespace {

using server::Exchange;
using server::ReplyMatcher;
using server::TestClient;
using server::TestProcess;
using server::Transcript;

constexpr char kFolder[] = "server/transcripts";
constexpr char kDifferences[] = "router/transcript_differences.txt";

// A miss that tells where the reply before it ends: its own, since mn is answered by the router.
constexpr absl::string_view kEndRequest = "mg end-of-exchange k\r\n";
constexpr absl::string_view kEndReply = "EN kend-of-exchange\r\n";

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  return std::string((std::istreambuf_iterator<char>(file)), {});
}

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

// What transcript_differences.txt says.
struct Differences {
  // First words of requests that concern one server: played on the server itself.
  std::set<std::string> to_server;
  // By transcript and the line where an exchange begins: what is answered instead.
  std::map<std::string, std::map<int, std::vector<std::string>>> replies;
};

// Malformed lines are failures of the test that reads them.
Differences ReadDifferences() {
  Differences differences;
  std::vector<std::string>* replies = nullptr;
  const std::string text = ReadFile(kDifferences);
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (line.empty() || absl::StartsWith(line, "#")) continue;
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(line.substr(2), absl::MaxSplits(": ", 1));
    const std::vector<std::string> words = absl::StrSplit(parts.first, ' ');
    int number = 0;
    if (replies != nullptr && absl::StartsWith(line, "< ")) {
      replies->emplace_back(line.substr(2));
    } else if (absl::StartsWith(line, "= ") && words.size() == 1 && !parts.second.empty()) {
      differences.to_server.insert(words[0]);
    } else if (absl::StartsWith(line, "@ ") && words.size() == 2 && !parts.second.empty() &&
               absl::SimpleAtoi(words[1], &number)) {
      replies = &differences.replies[words[0]][number];
    } else {
      ADD_FAILURE() << kDifferences << ": '" << line << "'";
    }
  }
  return differences;
}

// A transcript, and a router in front of a server to play it on.
class Stage {
 public:
  explicit Stage(const std::string& name) {
    const absl::StatusOr<Transcript> transcript =
        server::ParseTranscript(ReadFile(absl::StrCat(kFolder, "/", name, ".txt")));
    EXPECT_TRUE(transcript.ok()) << transcript.status();
    if (transcript.ok()) transcript_ = *transcript;
    EXPECT_FALSE(transcript_.exchanges.empty());
    Differences differences = ReadDifferences();
    to_server_ = std::move(differences.to_server);
    replies_ = std::move(differences.replies[name]);
  }

  // Requests that begin so are played on the router all the same.
  void Route(const std::string& word) { to_server_.erase(word); }

  void Start() {
    std::vector<std::string> arguments = {"-p", "0", "-l", "127.0.0.1", "-t", "2"};
    arguments.insert(arguments.end(), transcript_.options.begin(), transcript_.options.end());
    server_ = std::make_unique<TestProcess>("server/server", arguments);
    ASSERT_TRUE(server_->started());
    router_ = std::make_unique<TestProcess>(
        "router/router",
        std::vector<std::string>{"--port=0", "--listen-addresses=127.0.0.1", "--num-proxies=2",
                                 "--max-held-value=4194304", "--enable-flush-cmd",
                                 absl::StrCat("--servers=127.0.0.1:", server_->port())});
    ASSERT_TRUE(router_->started());
    server_client_ = Connect(*server_);
    client_ = Connect(*router_);
  }

  const std::vector<Exchange>& exchanges() const { return transcript_.exchanges; }
  bool IsOfServer(const Exchange& exchange) const {
    return absl::c_any_of(to_server_, [&](const std::string& word) { return Has(exchange, word); });
  }
  // Whether a line of the request begins with it.
  static bool Has(const Exchange& exchange, absl::string_view word) {
    return absl::c_any_of(absl::StrSplit(exchange.request, "\r\n"), [&](absl::string_view line) {
      return line.substr(0, line.find(' ')) == word;
    });
  }
  // By the line where an exchange begins: what the router answers instead.
  const std::map<int, std::vector<std::string>>& replies() const { return replies_; }

  // The reply to an exchange: what comes before the end's, or before the connection is closed.
  std::string Ask(const Exchange& exchange) {
    return IsOfServer(exchange) ? Ask(exchange, *server_, &server_client_)
                                : Ask(exchange, *router_, &client_);
  }
  ReplyMatcher* matcher() { return &matcher_; }

 private:
  static std::unique_ptr<TestClient> Connect(const TestProcess& process) {
    auto client = std::make_unique<TestClient>(process.port());
    EXPECT_TRUE(client->connected());
    return client;
  }

  std::string Ask(const Exchange& exchange, const TestProcess& process,
                  std::unique_ptr<TestClient>* client) {
    (*client)->Send(matcher_.Fill(exchange.request));
    if (exchange.ends) {
      std::string reply = (*client)->ReadAll();
      if (!(*client)->closed()) absl::StrAppend(&reply, "(not closed)");
      *client = Connect(process);
      return reply;
    }
    (*client)->Send(kEndRequest);
    std::string reply = (*client)->ReadUntil(kEndReply);
    if (absl::EndsWith(reply, kEndReply)) {
      reply.resize(reply.size() - kEndReply.size());
    } else {
      absl::StrAppend(&reply, "(no end)");
      *client = Connect(process);
    }
    return reply;
  }

  Transcript transcript_;
  std::set<std::string> to_server_;
  std::map<int, std::vector<std::string>> replies_;
  std::unique_ptr<TestProcess> server_;
  std::unique_ptr<TestProcess> router_;
  std::unique_ptr<TestClient> server_client_;
  std::unique_ptr<TestClient> client_;
  ReplyMatcher matcher_;
};

class TranscriptTest : public testing::TestWithParam<std::string> {
 protected:
  void Play(const Exchange& exchange) {
    const std::string reply = stage_.Ask(exchange);
    std::string why;
    const auto instead = stage_.replies().find(exchange.line);
    if (instead == stage_.replies().end()) {
      EXPECT_TRUE(stage_.matcher()->Matches(exchange, reply, &why))
          << (stage_.IsOfServer(exchange) ? "server: " : "") << why;
      return;
    }
    EXPECT_FALSE(ReplyMatcher(*stage_.matcher()).Matches(exchange, reply, &why))
        << "line " << exchange.line << ": does not differ any more";
    Exchange expected = exchange;
    expected.reply = instead->second;
    EXPECT_TRUE(stage_.matcher()->Matches(expected, reply, &why)) << why;
    met_.insert(exchange.line);
  }

  Stage stage_{GetParam()};
  std::set<int> met_;
};

TEST_P(TranscriptTest, TheRouterPlaysIt) {
  if (absl::c_all_of(stage_.exchanges(),
                     [this](const Exchange& exchange) { return stage_.IsOfServer(exchange); })) {
    GTEST_SKIP() << "it is about one server";
  }
  ASSERT_NO_FATAL_FAILURE(stage_.Start());
  for (const Exchange& exchange : stage_.exchanges()) Play(exchange);
  for (const auto& [line, replies] : stage_.replies()) {
    EXPECT_EQ(met_.count(line), 1) << kDifferences << ": no exchange begins in line " << line;
  }
}

INSTANTIATE_TEST_SUITE_P(All, TranscriptTest, testing::ValuesIn(TranscriptNames()),
                         [](const testing::TestParamInfo<std::string>& info) {
                           return info.param;
                         });

// Whether the router answers a request that begins so, in any transcript, otherwise than the
// server.
bool Differs(const std::string& word) {
  for (const std::string& name : TranscriptNames()) {
    Stage stage(name);
    stage.Route(word);
    const auto has = [&word](const Exchange& exchange) { return Stage::Has(exchange, word); };
    if (absl::c_none_of(stage.exchanges(), has)) continue;
    stage.Start();
    for (const Exchange& exchange : stage.exchanges()) {
      const std::string reply = stage.Ask(exchange);
      std::string why;
      if (stage.replies().count(exchange.line) > 0) continue;
      if (!stage.matcher()->Matches(exchange, reply, &why)) return true;
    }
  }
  return false;
}

TEST(TranscriptDifferencesTest, WhatIsPlayedOnTheServerDiffers) {
  const Differences differences = ReadDifferences();
  EXPECT_FALSE(differences.to_server.empty());
  for (const std::string& word : differences.to_server) {
    EXPECT_TRUE(Differs(word)) << kDifferences << ": '" << word << "' does not differ any more";
  }
}

TEST(TranscriptDifferencesTest, AreOfTranscriptsThatExist) {
  const std::vector<std::string> names = TranscriptNames();
  for (const auto& [name, replies] : ReadDifferences().replies) {
    EXPECT_EQ(std::count(names.begin(), names.end(), name), 1) << name;
  }
}

}  // namespace
}  // namespace ringcache::router

#include "server/session.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/session_fixture.h"

namespace ringcache::server {
namespace {

std::string Repeat(absl::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) absl::StrAppend(&out, text);
  return out;
}

std::string SetCommand(absl::string_view key, std::size_t bytes, char fill) {
  return absl::StrCat("set ", key, " 0 0 ", bytes, "\r\n", std::string(bytes, fill), "\r\n");
}

std::string ValueReply(absl::string_view key, std::size_t bytes, char fill) {
  return absl::StrCat("VALUE ", key, " 0 ", bytes, "\r\n", std::string(bytes, fill), "\r\nEND\r\n");
}

class SessionTest : public testing::Test {
 protected:
  WorkerFixture worker_;
  ClientFixture client_{&worker_};
};

TEST_F(SessionTest, AnswersABatchWithOneSend) {
  client_.Ask(SetCommand("a", 10, 'a'));
  EXPECT_EQ(client_.Ask(Repeat("get a\r\n", 200)), Repeat(ValueReply("a", 10, 'a'), 200));
  EXPECT_EQ(client_.connection.sends(), 2);
}

TEST_F(SessionTest, AnIdleSessionOwnsNoBuffer) {
  client_.Ask(SetCommand("a", 10, 'a'));
  EXPECT_EQ(worker_.worker->buffers.buffers_in_use(), 1u) << "the worker's reply buffer";
  client_.Ask("get a");
  EXPECT_EQ(worker_.worker->buffers.buffers_in_use(), 1u) << "half a line needs no buffer";
  EXPECT_EQ(client_.Ask("\r\n"), ValueReply("a", 10, 'a'));
}

TEST_F(SessionTest, IdleTimeIsNotMeasuredByTheWallClock) {
  client_.Ask("mn\r\n");
  worker_.loop.Advance(absl::Seconds(7));
  EXPECT_EQ(client_.session.idle_s(), 7);
  worker_.loop.SetWallClock(worker_.loop.WallNow() + absl::Hours(24));
  EXPECT_EQ(client_.session.idle_s(), 7);
  worker_.loop.SetWallClock(worker_.loop.WallNow() - absl::Hours(48));
  EXPECT_EQ(client_.session.idle_s(), 7);
  client_.Ask("mn\r\n");
  EXPECT_EQ(client_.session.idle_s(), 0);
}

TEST_F(SessionTest, APeerThatDoesNotReadStopsExecutionAndIsBounded) {
  client_.Ask(SetCommand("a", 10000, 'a'));
  client_.connection.set_window(1000);
  const int requests = 2000;
  client_.connection.Receive(Repeat("get a\r\n", requests));
  EXPECT_TRUE(client_.connection.paused());
  EXPECT_TRUE(client_.session.blocked());
  EXPECT_LE(client_.connection.pending_bytes(), 256u * 1024);
  EXPECT_LE(worker_.worker->buffers.buffers_in_use(), ReplyBuffer::kMaxChunks + 2);
  // Window by window everything comes, once and in order.
  for (int i = 0; i < 20000 && client_.connection.paused(); ++i) {
    client_.connection.OpenWindow(100000);
  }
  EXPECT_EQ(client_.connection.Take(), Repeat(ValueReply("a", 10000, 'a'), requests));
  EXPECT_FALSE(client_.session.blocked());
}

TEST_F(SessionTest, AMultigetThatIsHeldUpGoesOnAtTheNextKey) {
  client_.Ask(SetCommand("a", 10000, 'a') + SetCommand("b", 9000, 'b'));
  const std::string request = "get" + Repeat(" a x b", 500) + "\r\nmn\r\n";
  const std::string expected = client_.Ask(request);
  EXPECT_EQ(expected, Repeat(absl::StrCat("VALUE a 0 10000\r\n", std::string(10000, 'a'),
                                          "\r\nVALUE b 0 9000\r\n", std::string(9000, 'b'), "\r\n"),
                             500) +
                          "END\r\nMN\r\n");
  client_.connection.set_window(0);
  client_.connection.Receive(request);
  for (int i = 0; i < 20000 && client_.connection.paused(); ++i) {
    client_.connection.OpenWindow(77777);
  }
  EXPECT_EQ(client_.connection.Take(), expected);
}

TEST_F(SessionTest, LargeValuesAreSentFromWhereTheyLie) {
  client_.Ask(SetCommand("big", 500000, 'b'));
  client_.connection.set_window(100);
  client_.connection.Receive("get big\r\n");
  EXPECT_TRUE(client_.connection.paused());
  EXPECT_LE(worker_.worker->buffers.buffers_in_use(), 2u) << "the value is in no buffer";
  // Deleted and replaced meanwhile, the bytes stay as they were.
  ClientFixture other(&worker_);
  EXPECT_EQ(other.Ask("delete big\r\n"), "DELETED\r\n");
  EXPECT_EQ(other.Ask(SetCommand("big", 500000, 'x')), "STORED\r\n");
  client_.connection.OpenWindow();
  EXPECT_EQ(client_.connection.Take(), ValueReply("big", 500000, 'b'));
  EXPECT_EQ(worker_.store->CheckInvariants(), "");
}

TEST_F(SessionTest, PinnedBytesPerPeerAreBounded) {
  client_.Ask(SetCommand("big", 500000, 'b'));
  client_.connection.set_window(0);
  client_.connection.Receive(Repeat("get big\r\n", 100));
  EXPECT_LE(client_.connection.pending_bytes(), ReplyBuffer::kMaxPinnedBytes + 600000);
  client_.connection.OpenWindow();
  EXPECT_EQ(client_.connection.Take(), Repeat(ValueReply("big", 500000, 'b'), 100));
}

TEST_F(SessionTest, ALargeValueIsReceivedIntoItsItem) {
  const std::string command = SetCommand("big", 300000, 'b');
  client_.connection.Receive(command.substr(0, 5000));
  const absl::Span<char> room = client_.session.LendReceiveBuffer();
  EXPECT_EQ(room.size(), 300000 + command.find('\n') + 1 - 5000) << "the rest of the value";
  client_.session.OnReceived(0);
  EXPECT_EQ(client_.Ask(command.substr(5000)), "STORED\r\n");
  EXPECT_EQ(client_.Ask("get big\r\n"), ValueReply("big", 300000, 'b'));
}

TEST_F(SessionTest, AValueThatNeverComesLeavesNothingBehind) {
  {
    ClientFixture client(&worker_);
    client.connection.Receive("set big 0 0 300000\r\n" + std::string(100000, 'x'));
  }
  EXPECT_EQ(worker_.store->Stats().items, 0u);
  EXPECT_EQ(worker_.store->CheckInvariants(), "");
}

TEST_F(SessionTest, YieldsAfterItsShareOfAWakeUp) {
  ServerOptions options;
  options.max_operations_per_event = 10;
  WorkerFixture worker(options);
  ClientFixture client(&worker);
  client.Ask(SetCommand("a", 1, 'a'));
  const int before = client.connection.yields();
  EXPECT_EQ(client.Ask(Repeat("get a\r\n", 95)), Repeat(ValueReply("a", 1, 'a'), 95));
  EXPECT_EQ(client.connection.yields() - before, 9);
  // Keys count, not lines.
  EXPECT_EQ(client.Ask("get" + Repeat(" a", 30) + "\r\n"),
            Repeat("VALUE a 0 1\r\na\r\n", 30) + "END\r\n");
  EXPECT_GE(client.connection.yields() - before, 11);
  ServerTotals totals;
  worker.stats.AddTo(&totals);
  EXPECT_EQ(totals[ServerCounter::kYields], static_cast<std::uint64_t>(client.connection.yields()));
}

TEST_F(SessionTest, YieldsAfterItsShareEvenIfRepliesFillTheBuffer) {
  ServerOptions options;
  options.max_operations_per_event = 10;
  WorkerFixture worker(options);
  ClientFixture client(&worker);
  client.Ask(SetCommand("a", 200000, 'a'));
  const int before = client.connection.yields();
  // One send takes six of them: the bound on pinned bytes.
  client.Ask(Repeat("get a\r\n", 45));
  EXPECT_EQ(client.connection.yields() - before, 4);
}

TEST_F(SessionTest, NothingIsExecutedAfterQuit) {
  EXPECT_EQ(client_.Ask("set a 0 0 1\r\na\r\nquit\r\ndelete a\r\n"), "STORED\r\n");
  EXPECT_FALSE(client_.connection.open());
  ClientFixture other(&worker_);
  EXPECT_EQ(other.Ask("get a\r\n"), "VALUE a 0 1\r\na\r\nEND\r\n");
}

TEST_F(SessionTest, NothingIsExecutedAfterQuitEvenIfRepliesAreHeldUp) {
  client_.Ask(SetCommand("a", 100, 'a'));
  client_.connection.set_window(10);
  client_.connection.Receive("get a\r\nquit\r\ndelete a\r\n");
  client_.connection.OpenWindow();
  ClientFixture other(&worker_);
  EXPECT_EQ(other.Ask("get a\r\n"), ValueReply("a", 100, 'a'));
}

TEST_F(SessionTest, DrainingAnIdleSessionClosesIt) {
  client_.session.Drain();
  EXPECT_TRUE(client_.connection.drained());
}

TEST_F(SessionTest, DrainingAnswersWhatWasReceived) {
  client_.Ask(SetCommand("a", 10000, 'a'));
  client_.connection.set_window(0);
  client_.connection.Receive(Repeat("get a\r\n", 100));
  client_.session.Drain();
  EXPECT_TRUE(client_.connection.open());
  client_.connection.OpenWindow();
  EXPECT_EQ(client_.connection.Take(), Repeat(ValueReply("a", 10000, 'a'), 100));
  EXPECT_FALSE(client_.connection.open());
}

TEST_F(SessionTest, APeerThatFinishedSendingGetsItsReplies) {
  client_.Ask(SetCommand("a", 10000, 'a'));
  client_.connection.set_window(0);
  client_.connection.Receive(Repeat("get a\r\n", 100));
  client_.connection.EndOfPeer();
  EXPECT_TRUE(client_.connection.open());
  client_.connection.OpenWindow();
  EXPECT_EQ(client_.connection.Take(), Repeat(ValueReply("a", 10000, 'a'), 100));
  EXPECT_FALSE(client_.connection.open());
}

TEST_F(SessionTest, APeerThatFinishedSendingAndIsOwedNothingIsClosed) {
  client_.connection.Receive("get a");
  client_.connection.EndOfPeer();
  EXPECT_FALSE(client_.connection.open());
}

TEST_F(SessionTest, ARetrievalLineMayFillTheWholeBuffer) {
  client_.Ask(SetCommand("k", 1, 'k'));
  std::string line = "get" + Repeat(" abcdefghi", 6553);
  line.resize(65536 - 4);
  line += " k\r\n";
  EXPECT_EQ(client_.Ask(line), "VALUE k 0 1\r\nk\r\nEND\r\n");
  EXPECT_EQ(client_.Ask(line, 1000), "VALUE k 0 1\r\nk\r\nEND\r\n");
}

// Clients put all keys of a multiget into one line, however many there are.
TEST_F(SessionTest, ARetrievalLineOfAnyLengthIsOneRetrieval) {
  client_.Ask(SetCommand("a", 1, 'x') + SetCommand("last", 1, 'y'));
  const std::string reply = "VALUE a 0 1\r\nx\r\n";
  for (const char* head : {"get ", "  get  ", "gat 0 "}) {
    for (const int keys : {40'000, 100'001}) {
      std::string line = head;
      std::string expected;
      for (int i = 0; i < keys; ++i) {
        absl::StrAppend(&line, i % 1000 == 0 ? "a " : "none ");
        if (i % 1000 == 0) absl::StrAppend(&expected, reply);
      }
      absl::StrAppend(&line, "last \r\nget a\r\n");
      absl::StrAppend(&expected, "VALUE last 0 1\r\ny\r\nEND\r\n", reply, "END\r\n");
      for (const std::size_t fragment : {std::size_t{1} << 20, std::size_t{1460}}) {
        client_.connection.Receive(line, fragment);
        ASSERT_EQ(client_.connection.Take(), expected) << head << keys << " " << fragment;
      }
    }
  }
  EXPECT_EQ(worker_.worker->buffers.buffers_in_use(), 1u);
}

TEST_F(SessionTest, ALongRetrievalLineThatIsHeldUpGoesOn) {
  client_.Ask(SetCommand("a", 1000, 'a'));
  client_.connection.set_window(1000);
  const int keys = 50'000;
  client_.connection.Receive(absl::StrCat("get ", Repeat("a ", keys), "\r\n"));
  EXPECT_TRUE(client_.connection.paused());
  for (int i = 0; i < 20'000 && client_.connection.paused(); ++i) {
    client_.connection.OpenWindow(100'000);
  }
  client_.connection.OpenWindow();
  const std::string value = absl::StrCat("VALUE a 0 1000\r\n", std::string(1000, 'a'), "\r\n");
  EXPECT_EQ(client_.connection.Take(), absl::StrCat(Repeat(value, keys), "END\r\n"));
}

TEST_F(SessionTest, ATooLongKeyAnywhereInALongRetrievalLineIsRefused) {
  client_.connection.Receive(
      absl::StrCat("get ", Repeat("none ", 20'000), std::string(251, 'k'), "\r\nmn\r\n"));
  EXPECT_EQ(client_.connection.Take(), "CLIENT_ERROR bad command line format\r\nMN\r\n");
}

TEST_F(SessionTest, EndlessLinesWithoutKeysAreClosed) {
  for (const char* begin : {"get  ", "get a  ", "get x", "mg a v v", "x", " ", "\r"}) {
    ClientFixture client(&worker_);
    const absl::string_view last = absl::string_view(begin).substr(std::string(begin).size() - 1);
    client.connection.Receive(absl::StrCat(begin, Repeat(last, 200'000)));
    EXPECT_FALSE(client.connection.open()) << begin;
  }
}

TEST_F(SessionTest, LongStatisticsGoOutWhole) {
  worker_.control.stats_reply = Repeat("STAT a b\r\n", 100000) + "END\r\n";
  EXPECT_EQ(client_.Ask("stats\r\nmn\r\nstats\r\n"),
            worker_.control.stats_reply + "MN\r\n" + worker_.control.stats_reply);
}

TEST_F(SessionTest, ErrorsWaitForRoomLikeReplies) {
  client_.Ask(SetCommand("a", 16000, 'a'));
  const std::string request = Repeat("get a\r\nnonsense\r\nset b 0 0 x\r\n", 100);
  const std::string expected = client_.Ask(request);
  client_.connection.set_window(0);
  client_.connection.Receive(request);
  client_.connection.OpenWindow();
  EXPECT_EQ(client_.connection.Take(), expected);
}

// Lets in whoever sets the key "password" first.
class PasswordPolicy final : public AccessPolicy {
 public:
  Access Check(const protocol::Request& request) override {
    return request.operation == protocol::Operation::kSet && request.key == "password"
               ? Access::kUnrestricted
               : Access::kDenied;
  }
};

// Values that lie in many chunks.
class SessionHugeValueTest : public testing::Test {
 protected:
  static constexpr std::size_t kBytes = std::size_t{12} << 20;

  static ServerOptions Options() {
    ServerOptions options;
    options.memory_limit_bytes = std::size_t{40} << 20;
    options.max_item_bytes = std::size_t{18} << 20;
    return options;
  }
  // Not alike anywhere, and not in step with chunks.
  static std::string Text(std::size_t bytes) {
    std::string text;
    for (std::uint32_t word = 1; text.size() < bytes; word = word * 1664525u + 1013904223u) {
      absl::StrAppend(&text, word, ",");
    }
    text.resize(bytes);
    return text;
  }
  static std::string Set(absl::string_view key, absl::string_view value) {
    return absl::StrCat("set ", key, " 0 0 ", value.size(), "\r\n", value, "\r\n");
  }
  static std::string Value(absl::string_view key, absl::string_view value) {
    return absl::StrCat("VALUE ", key, " 0 ", value.size(), "\r\n", value, "\r\nEND\r\n");
  }

  WorkerFixture worker_{Options()};
  ClientFixture client_{&worker_};
};

TEST_F(SessionHugeValueTest, AreStoredAndServedInFragmentsOfAnySize) {
  for (const std::size_t fragment : {std::size_t{1000}, std::size_t{65536}, kBytes}) {
    const std::string value = Text(fragment == 1000 ? 3'000'000 : kBytes);
    ASSERT_EQ(client_.Ask(Set("huge", value), fragment), "STORED\r\n");
    ASSERT_EQ(client_.Ask("get huge\r\n"), Value("huge", value)) << fragment;
  }
  EXPECT_EQ(worker_.store->CheckInvariants(), "");
}

TEST_F(SessionHugeValueTest, GoOutAsThePeerTakesThemThoughDeletedMeanwhile) {
  const std::string value = Text(kBytes);
  client_.Ask(Set("huge", value));
  client_.connection.set_window(1000);
  client_.connection.Receive("mn\r\nget huge nothing huge\r\nmn\r\n");
  EXPECT_EQ(client_.Ask(""), absl::StrCat("MN\r\n", Value("huge", value)).substr(0, 1000));
  EXPECT_TRUE(client_.connection.paused());
  ClientFixture other(&worker_);
  const std::string one = absl::StrCat("VALUE huge 0 ", value.size(), "\r\n", value, "\r\n");
  std::string reply = absl::StrCat("MN\r\n", one).substr(0, 1000);
  while (client_.connection.paused()) {
    client_.connection.OpenWindow(5'000'000);
    reply += client_.connection.Take();
    other.Ask("append huge 0 0 1\r\n!\r\n");
  }
  EXPECT_TRUE(absl::StartsWith(reply, absl::StrCat("MN\r\n", one)));
  EXPECT_TRUE(absl::EndsWith(reply, "!\r\nEND\r\nMN\r\n")) << "the second is the newer";
  EXPECT_EQ(worker_.store->CheckInvariants(), "");
}

TEST_F(SessionHugeValueTest, AreSentWholeToAPeerThatQuitsOrSendsNoMore) {
  const std::string value = Text(kBytes);
  client_.Ask(Set("huge", value));
  for (const bool quits : {true, false}) {
    ClientFixture client(&worker_);
    client.connection.set_window(1000);
    client.connection.Receive(absl::StrCat("get huge\r\n", quits ? "quit\r\n" : ""));
    if (!quits) client.connection.EndOfPeer();
    client.connection.OpenWindow();
    EXPECT_EQ(client.connection.Take(), Value("huge", value)) << quits;
    EXPECT_FALSE(client.connection.open());
  }
  EXPECT_EQ(worker_.store->CheckInvariants(), "");
}

TEST_F(SessionHugeValueTest, OneThatFindsNoMemoryHalfwayIsRefusedAndTheRestIgnored) {
  std::vector<std::unique_ptr<ClientFixture>> slow;
  std::string refused;
  const std::string value = Text(kBytes);
  const std::string command = Set("huge", value);
  client_.Ask("set huge 0 0 3\r\nold\r\n");
  for (int i = 0; i < 3; ++i) {
    slow.push_back(std::make_unique<ClientFixture>(&worker_));
    refused += slow.back()->Ask(command.substr(0, command.size() - 1000));
  }
  EXPECT_EQ(refused, "SERVER_ERROR out of memory storing object\r\n");
  EXPECT_EQ(client_.Ask("get huge\r\n"), "END\r\n") << "what would be stale is gone";
  EXPECT_EQ(slow[2]->Ask(absl::StrCat(command.substr(command.size() - 1000), "mn\r\n")), "MN\r\n");
  EXPECT_EQ(slow[0]->Ask(command.substr(command.size() - 1000)), "STORED\r\n");
  slow.clear();
  EXPECT_EQ(client_.Ask("get huge\r\n"), Value("huge", value));
  EXPECT_EQ(worker_.store->CheckInvariants(), "");
}

TEST_F(SessionHugeValueTest, OneThatEndsWrongOrNeverIsForgotten) {
  const std::string value = Text(kBytes);
  EXPECT_EQ(client_.Ask(absl::StrCat("set huge 0 0 ", value.size(), "\r\n", value, "xx\r\n")),
            "CLIENT_ERROR bad data chunk\r\nERROR\r\n");
  {
    ClientFixture gone(&worker_);
    gone.connection.Receive(Set("huge", value).substr(0, kBytes / 2));
  }
  EXPECT_EQ(worker_.store->Stats().item_bytes, 0u);
  EXPECT_EQ(client_.Ask("mg huge v\r\n"), "EN\r\n");
}

TEST(SessionAccessTest, AsksThePolicyBeforeItDispatches) {
  PasswordPolicy policy;
  WorkerFixture worker(ServerOptions(), &policy);
  ClientFixture client(&worker);
  EXPECT_EQ(client.Ask("get a\r\nset a 0 0 3\r\nget\r\nmn\r\n"),
            Repeat("CLIENT_ERROR unauthenticated\r\n", 3));
  EXPECT_EQ(client.Ask("set password 0 0 1\r\nx\r\nget a\r\n"), "STORED\r\nEND\r\n");
}

TEST(SessionMemoryTest, AFullCacheWithoutEvictionAnswersAnError) {
  ServerOptions options;
  options.evict = false;
  options.memory_limit_bytes = 4 << 20;
  WorkerFixture worker(options);
  ClientFixture client(&worker);
  std::string reply;
  for (int i = 0; i < 200 && !absl::StartsWith(reply, "SERVER_ERROR"); ++i) {
    reply = client.Ask(SetCommand(absl::StrCat("k", i), 60000, 'x'));
  }
  EXPECT_EQ(reply, "SERVER_ERROR out of memory storing object\r\n");
  // With client flags the item has another layout, so it cannot be overwritten where it lies.
  const std::string with_flags =
      absl::StrCat("set k0 1 0 60000\r\n", std::string(60000, 'y'), "\r\nget k0\r\n");
  EXPECT_EQ(client.Ask(with_flags), "SERVER_ERROR out of memory storing object\r\nEND\r\n")
      << "what would be stale is gone";
  ServerTotals totals;
  worker.stats.AddTo(&totals);
  EXPECT_EQ(totals[ServerCounter::kOutOfMemory], 2u);
}

}  // namespace
}  // namespace ringcache::server

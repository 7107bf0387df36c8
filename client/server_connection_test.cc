#include "client/server_connection.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "client/reply_recorder.h"
#include "client/scripted_server.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/loop_fixture.h"

namespace ringcache::client {
namespace {

using protocol::Operation;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Long enough for a busy machine; what has to time out is given less.
constexpr absl::Duration kLong = absl::Seconds(60);

class Witness final : public ServerConnection::Observer {
 public:
  void OnAnswering() override { ++answering; }
  void OnLost(CallFailure failure, absl::string_view problem) override {
    lost.push_back(absl::StrCat(FailureText(failure), ": ", problem));
  }
  void OnTimeout() override { ++timeouts; }
  void OnReplied(protocol::Operation, std::int64_t) override { ++replied; }

  int answering = 0;
  int timeouts = 0;
  int replied = 0;
  std::vector<std::string> lost;
};

class ServerConnectionTest : public net::LoopFixture {
 protected:
  void Open(ConnectionOptions options = {}) {
    connection_ = std::make_unique<ServerConnection>(
        &resources_, Endpoint{server_.address(), "", ""}, options, &witness_);
  }

  std::optional<CallFailure> Get(const std::string& key, absl::Duration timeout = kLong) {
    protocol::Request request;
    request.operation = Operation::kGet;
    request.key = key;
    return connection_->Call(request, {}, timeout, &recorder_, ++tag_);
  }
  std::optional<CallFailure> Set(const std::string& key, const OutgoingValue& value,
                                 bool quiet = false) {
    protocol::Request request;
    request.operation = Operation::kSet;
    request.key = key;
    request.quiet = quiet;
    request.value_bytes = static_cast<std::uint32_t>(value.bytes.size());
    return connection_->Call(request, value, kLong, &recorder_, ++tag_);
  }
  std::optional<CallFailure> Meta(Operation operation, const std::string& key,
                                  const std::string& flags) {
    protocol::Request request;
    request.operation = operation;
    request.key = key;
    request.meta.text = flags;
    return connection_->Call(request, {}, kLong, &recorder_, ++tag_);
  }
  void AnswerWithKeys() {
    server_.AnswerLines([](absl::string_view line) {
      const absl::string_view key = line.substr(4);
      return absl::StrCat("VALUE ", key, " 0 ", key.size(), "\r\n", key, "\r\nEND\r\n");
    });
  }
  void RunUntilCompleted(std::size_t calls) {
    RunUntil([&] { return recorder_.completed() == calls; });
  }
  const std::vector<std::string>& told() const { return recorder_.lines(); }

  ConnectionResources resources_{loop_.get()};
  ScriptedServer server_{loop_.get()};
  ReplyRecorder recorder_;
  Witness witness_;
  std::uint64_t tag_ = 0;
  std::unique_ptr<ServerConnection> connection_;
};

TEST_F(ServerConnectionTest, RepliesAreMatchedInOrder) {
  AnswerWithKeys();
  Open();
  EXPECT_EQ(Get("a"), std::nullopt);
  EXPECT_EQ(Get("bb"), std::nullopt);
  EXPECT_THAT(told(), IsEmpty());
  RunUntilCompleted(2);
  EXPECT_THAT(told(), ElementsAre("1 a=a", "1 END", "2 bb=bb", "2 END"));
  EXPECT_EQ(witness_.answering, 1);
  EXPECT_EQ(witness_.replied, 2);
  EXPECT_EQ(connection_->pending_calls(), 0);
  EXPECT_EQ(connection_->queued_bytes(), 0);
}

TEST_F(ServerConnectionTest, CallsOfOneWakeUpLeaveInOneWrite) {
  Open();
  for (int i = 0; i < 50; ++i) EXPECT_EQ(Get(absl::StrCat("key", i)), std::nullopt);
  RunUntil([&] { return server_.connections() == 1 && !server_.received(0).empty(); });
  EXPECT_EQ(server_.receptions(), 1);
  EXPECT_EQ(server_.connections(), 1);
}

TEST_F(ServerConnectionTest, FlushSendsWithoutWaitingForAWakeUp) {
  AnswerWithKeys();
  Open();
  Get("a");
  RunUntilCompleted(1);
  Get("b");
  EXPECT_GT(connection_->queued_bytes(), 0);
  resources_.flush_queue.FlushAll();
  EXPECT_EQ(connection_->queued_bytes(), 0);
  RunUntilCompleted(2);
}

TEST_F(ServerConnectionTest, ACallMadeFromAReplyIsAnswered) {
  AnswerWithKeys();
  Open();
  recorder_.set_on_completed([this](std::uint64_t tag) {
    if (tag < 5) {
      EXPECT_EQ(Get(absl::StrCat("after", tag)), std::nullopt);
    }
  });
  Get("first");
  RunUntilCompleted(5);
  EXPECT_EQ(told().back(), "5 END");
}

TEST_F(ServerConnectionTest, ClassicAndMetaCallsShareAConnection) {
  Open();
  Get("a");
  Meta(Operation::kMetaGet, "b", "v");
  Meta(Operation::kMetaDelete, "c", "");
  Set("d", OutgoingValue::Borrowed("1234"));
  RunUntil([&] {
    return server_.connections() == 1 &&
           server_.received(0) == "get a\r\nmg b v\r\nmd c\r\nset d 0 0 4\r\n1234\r\n";
  });
  server_.Say(0, "END\r\nVA 2\r\nhi\r\nHD\r\nSTORED\r\n");
  RunUntilCompleted(4);
  EXPECT_THAT(told(), ElementsAre("1 END", "2 VA=hi", "3 HD", "4 STORED"));
}

TEST_F(ServerConnectionTest, AQuietCallHasNoReply) {
  AnswerWithKeys();
  Open();
  server_.set_script([](std::string* received) -> std::string {
    return received->find("get ") == std::string::npos ? "" : "END\r\n";
  });
  Set("a", OutgoingValue::Borrowed("x"), /*quiet=*/true);
  Get("b");
  RunUntilCompleted(1);
  EXPECT_THAT(told(), ElementsAre("2 END"));
  EXPECT_EQ(server_.received(0), "set a 0 0 1 noreply\r\nx\r\nget b\r\n");
}

TEST_F(ServerConnectionTest, LongValuesAreSentFromWhereTheyLie) {
  Open();
  const std::string large(3 << 20, 'v');
  std::string expected;
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(Set("k", OutgoingValue::Owned(large)), std::nullopt);
    EXPECT_EQ(Set("s", OutgoingValue::Owned("short")), std::nullopt);
    absl::StrAppend(&expected, "set k 0 0 ", large.size(), "\r\n", large, "\r\n",
                    "set s 0 0 5\r\nshort\r\n");
  }
  RunUntil(
      [&] { return server_.connections() == 1 && server_.received(0).size() == expected.size(); });
  EXPECT_TRUE(server_.received(0) == expected);
  EXPECT_EQ(connection_->queued_bytes(), 0);
}

TEST_F(ServerConnectionTest, ABatchHoldsAsManyLongValuesAsThereAreSpans) {
  Open();
  const std::string value(OutgoingValue::kCopyBytes + 1, 'v');
  std::string expected;
  for (std::size_t i = 0; i < 3 * SendBatch::kMaxLongValues + 1; ++i) {
    EXPECT_EQ(Set("k", OutgoingValue::Owned(value)), std::nullopt);
    absl::StrAppend(&expected, "set k 0 0 ", value.size(), "\r\n", value, "\r\n");
  }
  RunUntil(
      [&] { return server_.connections() == 1 && server_.received(0).size() == expected.size(); });
  EXPECT_TRUE(server_.received(0) == expected);
}

TEST_F(ServerConnectionTest, ALongValueIsReceivedWhole) {
  Open();
  Get("large");
  Get("next");
  RunUntil([&] { return server_.connections() == 1 && !server_.received(0).empty(); });
  std::string large(5 << 20, 'x');
  large.back() = 'y';
  server_.Say(0, absl::StrCat("VALUE large 0 ", large.size(), "\r\n"));
  server_.Say(0, large);
  server_.Say(0, "\r\nEND\r\nEND\r\n");
  RunUntilCompleted(2);
  EXPECT_THAT(told(), ElementsAre("1 large=5242880 bytes", "1 END", "2 END"));
  EXPECT_TRUE(recorder_.values()[0] == large);
}

TEST_F(ServerConnectionTest, ALateReplyIsDroppedAndTheNextOneMatched) {
  Open();
  Get("slow", absl::Milliseconds(5));
  Get("patient");
  RunUntilCompleted(1);
  EXPECT_THAT(told(), ElementsAre("1 timed out"));
  EXPECT_EQ(witness_.timeouts, 1);
  server_.Say(0, "VALUE slow 0 4\r\nlate\r\nEND\r\nVALUE patient 0 2\r\nok\r\nEND\r\n");
  RunUntilCompleted(2);
  EXPECT_THAT(told(), ElementsAre("1 timed out", "2 patient=ok", "2 END"));
  EXPECT_TRUE(server_.IsOpen(0));
}

TEST_F(ServerConnectionTest, AShorterTimeoutAfterALongerOneIsKept) {
  Open();
  Get("patient");
  Get("hasty", absl::Milliseconds(5));
  RunUntilCompleted(1);
  EXPECT_THAT(told(), ElementsAre("2 timed out"));
}

TEST_F(ServerConnectionTest, AServerThatIsStuckIsLeft) {
  ConnectionOptions options;
  options.max_given_up_calls = 3;
  Open(options);
  for (int i = 0; i < 4; ++i) Get("k", absl::Milliseconds(5));
  Get("patient");
  RunUntilCompleted(5);
  EXPECT_EQ(told()[3], "4 timed out");
  EXPECT_EQ(told()[4], "5 timed out");
  EXPECT_EQ(witness_.lost.size(), 1);
  RunUntil([&] { return server_.connections() == 1 && !server_.IsOpen(0); });
}

TEST_F(ServerConnectionTest, WhatIsNoReplyFailsAllThatIsPending) {
  Open();
  Get("a");
  Get("b");
  Get("c");
  RunUntil([&] { return server_.connections() == 1 && !server_.received(0).empty(); });
  server_.Say(0, "END\r\nHTTP/1.1 400 Bad Request\r\n");
  RunUntilCompleted(3);
  EXPECT_THAT(told(),
              ElementsAre("1 END", "2 answered what is no reply", "3 answered what is no reply"));
  ASSERT_EQ(witness_.lost.size(), 1);
  EXPECT_THAT(witness_.lost[0], HasSubstr("HTTP/1.1 400 Bad Request"));
}

TEST_F(ServerConnectionTest, WhatNobodyAskedForClosesTheConnection) {
  AnswerWithKeys();
  Open();
  Get("a");
  RunUntilCompleted(1);
  server_.Say(0, "END\r\n");
  RunUntil([&] { return !witness_.lost.empty(); });
  EXPECT_THAT(witness_.lost[0], HasSubstr("answers no request"));
  EXPECT_EQ(Get("b"), std::nullopt);
  RunUntilCompleted(2);
  EXPECT_EQ(server_.connections(), 2);
}

TEST_F(ServerConnectionTest, AValueAboveTheBoundClosesTheConnection) {
  ConnectionOptions options;
  options.max_value_bytes = 1000;
  Open(options);
  Get("a");
  RunUntil([&] { return server_.connections() == 1 && !server_.received(0).empty(); });
  server_.Say(0, "VALUE a 0 1001\r\n");
  RunUntilCompleted(1);
  EXPECT_THAT(told(), ElementsAre("1 answered what is no reply"));
}

TEST_F(ServerConnectionTest, AClosedConnectionFailsCallsAndTheNextCallConnectsAnew) {
  Open();
  Get("a");
  RunUntil([&] { return server_.connections() == 1 && !server_.received(0).empty(); });
  server_.Say(0, "VALUE a 0 100\r\npart of a value");
  RunUntil([&] { return witness_.answering == 1; });
  server_.HangUp(0);
  RunUntilCompleted(1);
  EXPECT_THAT(told(), ElementsAre("1 connection lost"));
  EXPECT_EQ(Get("b"), std::nullopt);
  RunUntil([&] { return server_.connections() == 2 && server_.received(1) == "get b\r\n"; });
  server_.Say(1, "END\r\n");
  RunUntilCompleted(2);
  EXPECT_EQ(told().back(), "2 END");
}

TEST_F(ServerConnectionTest, ARefusalFailsAtOnceAndCallsFailWithoutAnAttemptForAWhile) {
  ConnectionOptions options;
  options.first_backoff = options.max_backoff = absl::Seconds(600);
  Open(options);
  server_.Stop();
  EXPECT_EQ(Get("a"), std::nullopt);
  RunUntilCompleted(1);
  EXPECT_THAT(told(), ElementsAre("1 cannot connect"));
  EXPECT_EQ(Get("b"), CallFailure::kNotConnected);
  server_.Restart();
  EXPECT_EQ(Get("c"), CallFailure::kNotConnected);
  AnswerWithKeys();
  connection_->EndBackoff();
  EXPECT_EQ(Get("d"), std::nullopt);
  RunUntilCompleted(2);
  EXPECT_EQ(told().back(), "4 END");
}

TEST_F(ServerConnectionTest, ARefusalThatComesBeforeTheFirstWriteIsToldAsOne) {
  Open();
  server_.Stop();
  EXPECT_EQ(Get("a"), std::nullopt);
  resources_.flush_queue.FlushAll();
  RunUntilCompleted(1);
  EXPECT_THAT(told(), ElementsAre("1 cannot connect"));
}

TEST_F(ServerConnectionTest, ItComesBackByItselfAfterThePause) {
  ConnectionOptions options;
  options.first_backoff = options.max_backoff = absl::Milliseconds(2);
  Open(options);
  server_.Stop();
  Get("a");
  RunUntilCompleted(1);
  server_.Restart();
  AnswerWithKeys();
  RunUntil([&] { return Get("b") == std::nullopt; });
  RunUntilCompleted(2);
  EXPECT_THAT(told().back(), HasSubstr(" END"));
}

TEST_F(ServerConnectionTest, PendingCallsAreBounded) {
  ConnectionOptions options;
  options.max_pending_calls = 2;
  Open(options);
  EXPECT_EQ(Get("a"), std::nullopt);
  EXPECT_EQ(Get("b"), std::nullopt);
  EXPECT_EQ(Get("c"), CallFailure::kQueueFull);
}

TEST_F(ServerConnectionTest, QueuedBytesAreBounded) {
  ConnectionOptions options;
  options.max_queued_bytes = 1000;
  Open(options);
  EXPECT_EQ(Set("a", OutgoingValue::Owned(std::string(100'000, 'x'))), std::nullopt);
  EXPECT_EQ(Get("b"), CallFailure::kQueueFull);
}

TEST_F(ServerConnectionTest, DestroyingItFailsWhatIsPendingAndTakesNoMore) {
  Open();
  Get("a");
  std::optional<CallFailure> again;
  protocol::Request request;
  recorder_.set_on_completed([&, connection = connection_.get()](std::uint64_t) {
    again = connection->Call(request, {}, kLong, &recorder_, 2);
  });
  connection_.reset();
  EXPECT_THAT(told(), ElementsAre("1 the client was closed"));
  EXPECT_EQ(again, CallFailure::kClosed);
}

TEST_F(ServerConnectionTest, ItCanBeClosedFromWithinAReply) {
  AnswerWithKeys();
  Open();
  recorder_.set_on_completed([this](std::uint64_t tag) {
    if (tag == 1) connection_->Close(CallFailure::kMemberDown);
  });
  Get("a");
  Get("b");
  RunUntilCompleted(2);
  EXPECT_THAT(told(), ElementsAre("1 a=a", "1 END", "2 marked down"));
  EXPECT_EQ(Get("c"), std::nullopt);
  RunUntilCompleted(3);
}

TEST_F(ServerConnectionTest, ItCanBeClosedFromWithinATimeout) {
  Open();
  recorder_.set_on_completed([this](std::uint64_t tag) {
    if (tag == 1) connection_->Close(CallFailure::kMemberDown);
  });
  Get("a", absl::Milliseconds(2));
  Get("b");
  RunUntilCompleted(2);
  EXPECT_THAT(told(), ElementsAre("1 timed out", "2 marked down"));
}

TEST(ConnectionOptionsTest, WrongValuesAreNamed) {
  ConnectionOptions options;
  EXPECT_TRUE(options.Validate().ok());
  options.connect_timeout = absl::ZeroDuration();
  EXPECT_THAT(std::string(options.Validate().message()), HasSubstr("connect_timeout"));
  options = {};
  options.max_backoff = absl::Milliseconds(1);
  EXPECT_THAT(std::string(options.Validate().message()), HasSubstr("max_backoff"));
  options = {};
  options.max_pending_calls = 0;
  EXPECT_THAT(std::string(options.Validate().message()), HasSubstr("max_pending_calls"));
}

// Reads its own requests again when their replies or failures are told.
class Rereader final : public ReplyReceiver {
 public:
  void OnReply(std::uint64_t tag, const protocol::Reply&, const ReceivedValue& value,
               bool last) override {
    if (last) told.push_back(absl::StrCat(Line(tag), " -> ", Shown(value.wire)));
  }
  void OnFailure(std::uint64_t tag, CallFailure failure) override {
    told.push_back(absl::StrCat(Line(tag), " -> ", FailureText(failure)));
  }

  std::vector<RequestPlace> places;
  std::vector<std::string> told;

 private:
  static std::string Shown(absl::string_view text) {
    return absl::StrReplaceAll(text, {{"\r\n", "|"}});
  }
  std::string Line(std::uint64_t tag) const {
    const absl::string_view text = places[tag].text();
    return std::string(text.substr(0, text.find('\r')));
  }
};

TEST_F(ServerConnectionTest, KeptRequestsCanBeReadUntilTheyAreAnswered) {
  AnswerWithKeys();
  ConnectionOptions options;
  options.keep_requests = true;
  Open(options);
  Rereader rereader;
  rereader.places.resize(20);
  const auto get = [&](std::uint64_t tag) {
    const std::string key = absl::StrCat("key", tag);
    protocol::Request request;
    request.operation = Operation::kGet;
    request.key = key;
    EXPECT_EQ(connection_->Call(request, {}, kLong, &rereader, tag, &rereader.places[tag]),
              std::nullopt);
  };
  // Of several batches, the second of which is made while the first one waits for its replies.
  for (std::uint64_t tag = 0; tag < 10; ++tag) get(tag);
  connection_->Flush();
  for (std::uint64_t tag = 10; tag < 20; ++tag) get(tag);
  RunUntil([&] { return rereader.told.size() == 20; });
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(rereader.told[i], absl::StrCat("get key", i, " -> END|"));
  }
}

TEST_F(ServerConnectionTest, KeptRequestsCanBeReadWhenTheyFail) {
  ConnectionOptions options;
  options.keep_requests = true;
  Open(options);
  Rereader rereader;
  rereader.places.resize(2);
  const OutgoingValue value = OutgoingValue::Owned(std::string(10'000, 'v'));
  for (std::uint64_t tag = 0; tag < 2; ++tag) {
    const std::string key = absl::StrCat("key", tag);
    protocol::Request request;
    request.operation = Operation::kSet;
    request.key = key;
    request.value_bytes = static_cast<std::uint32_t>(value.bytes.size());
    EXPECT_EQ(connection_->Call(request, value, kLong, &rereader, tag, &rereader.places[tag]),
              std::nullopt);
    ASSERT_NE(rereader.places[tag].long_value(), nullptr);
    EXPECT_EQ(rereader.places[tag].long_value()->bytes, value.bytes);
  }
  connection_->Flush();
  connection_->Close(CallFailure::kConnectionLost);
  EXPECT_THAT(rereader.told, ElementsAre("set key0 0 0 10000 -> connection lost",
                                         "set key1 0 0 10000 -> connection lost"));
}

TEST_F(ServerConnectionTest, WhatWasReceivedStaysUntilItIsGivenUp) {
  AnswerWithKeys();
  resources_.keep_received = true;
  Open();
  class Keeper final : public ReplyReceiver {
   public:
    void OnReply(std::uint64_t, const protocol::Reply&, const ReceivedValue& value,
                 bool last) override {
      if (!last) wire = value.wire;
    }
    void OnFailure(std::uint64_t, CallFailure) override {}
    absl::string_view wire;
  } keeper;
  protocol::Request request;
  request.operation = Operation::kGet;
  request.key = "a";
  EXPECT_EQ(connection_->Call(request, {}, kLong, &keeper, 0), std::nullopt);
  RunUntil([&] { return !resources_.received.empty(); });
  EXPECT_EQ(keeper.wire, "VALUE a 0 1\r\na\r\n");
  EXPECT_EQ(resources_.receive_buffers.buffers_in_use(), 1);
  resources_.received.clear();
  EXPECT_EQ(resources_.receive_buffers.buffers_in_use(), 0);
}

}  // namespace
}  // namespace ringcache::client

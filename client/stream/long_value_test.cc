// Values past the bound of what is held whole, on a connection to a server in simulated time.

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/connection_options.h"
#include "client/connection_resources.h"
#include "client/endpoint.h"
#include "client/reply_receiver.h"
#include "client/server_connection.h"
#include "client/stream/simulated_peer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/simulated_loop.h"
#include "net/simulated_network.h"
#include "net/socket_address.h"
#include "protocol/request.h"

namespace ringcache::client {
namespace {

using protocol::Operation;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr absl::Duration kTimeout = absl::Seconds(1);
constexpr std::size_t kLargeBytes = 80'000;

// Takes long values in parts, and writes down what it is told.
class PartTaker final : public ReplyReceiver {
 public:
  absl::Duration OnLongValue(std::uint64_t tag, const protocol::Reply&,
                             absl::string_view line) override {
    told.push_back(absl::StrCat(tag, " ", line.substr(0, line.size() - 2)));
    return part_timeout;
  }
  void OnPart(std::uint64_t, absl::string_view bytes) override {
    largest = std::max(largest, bytes.size());
    value.append(bytes.data(), bytes.size());
  }
  void OnReply(std::uint64_t tag, const protocol::Reply& reply, const ReceivedValue& of,
               bool) override {
    told.push_back(absl::StrCat(tag, of.in_parts ? " complete" : " ",
                                protocol::HasValue(reply.kind) ? of.bytes : "END"));
  }
  void OnFailure(std::uint64_t tag, CallFailure failure) override {
    told.push_back(absl::StrCat(tag, " ", FailureText(failure)));
  }

  absl::Duration part_timeout = kTimeout;
  std::string value;
  std::size_t largest = 0;
  std::vector<std::string> told;
};

class Witness final : public ServerConnection::Observer {
 public:
  void OnAnswering() override {}
  void OnLost(CallFailure, absl::string_view) override { ++lost; }
  void OnTimeout() override { ++timeouts; }
  void OnReplied(protocol::Operation, std::int64_t) override {}

  int lost = 0;
  int timeouts = 0;
};

class LongValueTest : public testing::Test {
 protected:
  LongValueTest() { resources_.max_held_value_bytes = 0; }

  void Open(const ConnectionOptions& options = {}) {
    connection_ = std::make_unique<ServerConnection>(&resources_, Endpoint{address_, "", ""},
                                                     options, &witness_);
  }
  void Call(Operation operation, const std::string& key, absl::Duration timeout = kTimeout) {
    protocol::Request request;
    request.operation = operation;
    request.key = key;
    if (operation == Operation::kMetaGet) request.meta.text = "v";
    EXPECT_EQ(connection_->Call(request, {}, timeout, &taker_, ++tag_), std::nullopt);
  }
  void Get(const std::string& key, absl::Duration timeout = kTimeout) {
    Call(Operation::kGet, key, timeout);
  }
  // The beginning of a value of kLargeBytes has come.
  void BeginLarge() {
    loop_.RunFor(absl::ZeroDuration());
    peer_.Say(absl::StrCat("VALUE large 0 ", kLargeBytes, "\r\n", large_.substr(0, 1000)));
    loop_.RunFor(absl::ZeroDuration());
    ASSERT_EQ(taker_.value.size(), 1000);
  }
  std::string LastOfLarge() const { return absl::StrCat(large_.substr(1000), "\r\nEND\r\n"); }
  static std::string Varied(std::size_t bytes) {
    std::string value(bytes, '\0');
    for (std::size_t i = 0; i < bytes; ++i) value[i] = static_cast<char>(i * 7 + i / 251);
    return value;
  }

  const std::string large_ = Varied(kLargeBytes);
  net::SimulatedLoop loop_;
  net::SimulatedNetwork network_{&loop_};
  const net::SocketAddress address_ = net::SocketAddress::Loopback(11211);
  SimulatedPeer peer_{&network_, address_};
  ConnectionResources resources_{&loop_, &network_};
  PartTaker taker_;
  Witness witness_;
  std::uint64_t tag_ = 0;
  std::unique_ptr<ServerConnection> connection_;
};

TEST_F(LongValueTest, ItIsToldInPartsAtEveryFragmentSize) {
  for (const std::size_t fragment_bytes : {1, 2, 5, 1000, 0}) {
    net::LinkOptions link;
    link.fragment_bytes = fragment_bytes;
    network_.SetLink(address_, link);
    taker_ = PartTaker();
    tag_ = 0;
    Open();
    Get("large");
    Get("next");
    Call(Operation::kMetaGet, "meta");
    loop_.RunFor(absl::ZeroDuration());
    peer_.Say(absl::StrCat("VALUE large 0 ", kLargeBytes, "\r\n", large_, "\r\nEND\r\n"));
    peer_.Say("VALUE next 0 5\r\nshort\r\nEND\r\nVA 70000\r\n");
    peer_.Say(absl::StrCat(std::string(70'000, 'v'), "\r\n"));
    loop_.RunFor(absl::ZeroDuration());
    EXPECT_THAT(taker_.told, ElementsAre("1 VALUE large 0 80000", "1 complete", "1 END", "2 short",
                                         "2 END", "3 VA 70000", "3 complete"));
    EXPECT_TRUE(taker_.value == absl::StrCat(large_, std::string(70'000, 'v')));
    EXPECT_LE(taker_.largest, resources_.receive_buffers.buffer_bytes());
    EXPECT_EQ(resources_.receive_buffers.buffers_in_use(), 0);
    EXPECT_EQ(connection_->pending_calls(), 0);
  }
}

TEST_F(LongValueTest, WhatIsHeldWholeIsToldWhole) {
  resources_.max_held_value_bytes = kLargeBytes;
  Open();
  Get("large");
  Get("larger");
  loop_.RunFor(absl::ZeroDuration());
  peer_.Say(absl::StrCat("VALUE large 0 ", kLargeBytes, "\r\n", large_, "\r\nEND\r\n"));
  peer_.Say(absl::StrCat("VALUE larger 0 ", kLargeBytes + 1, "\r\n", large_, "!\r\nEND\r\n"));
  loop_.RunFor(absl::ZeroDuration());
  EXPECT_THAT(taker_.told, ElementsAre(absl::StrCat("1 ", large_), "1 END",
                                       "2 VALUE larger 0 80001", "2 complete", "2 END"));
}

TEST_F(LongValueTest, WhileItFlowsItsCallIsNotGivenUp) {
  Open();
  Get("large");
  BeginLarge();
  loop_.RunFor(kTimeout * 0.9);
  peer_.Say(large_.substr(1000, 1000));
  loop_.RunFor(kTimeout * 0.9);
  peer_.Say(absl::StrCat(large_.substr(2000), "\r\nEND\r\n"));
  loop_.RunFor(kTimeout * 2);
  EXPECT_THAT(taker_.told, ElementsAre("1 VALUE large 0 80000", "1 complete", "1 END"));
  EXPECT_EQ(witness_.timeouts, 0);
}

TEST_F(LongValueTest, OneThatStallsIsGivenUpAndItsRestIsDropped) {
  Open();
  Get("large");
  Get("patient", kTimeout * 10);
  BeginLarge();
  loop_.RunFor(kTimeout * 0.9);
  peer_.Say(large_.substr(1000, 1000));
  loop_.RunFor(kTimeout * 0.9);
  EXPECT_EQ(taker_.told.size(), 1);
  loop_.RunFor(kTimeout * 0.2);
  EXPECT_THAT(taker_.told, ElementsAre("1 VALUE large 0 80000", "1 timed out"));
  EXPECT_EQ(witness_.timeouts, 1);
  peer_.Say(absl::StrCat(large_.substr(2000), "\r\nEND\r\nEND\r\n"));
  loop_.RunFor(absl::ZeroDuration());
  EXPECT_EQ(taker_.value.size(), 2000);
  EXPECT_EQ(taker_.told.back(), "2 END");
  EXPECT_EQ(connection_->pending_calls(), 0);
}

TEST_F(LongValueTest, OneWhoseCallWasGivenUpBeforeIsDropped) {
  Open();
  Get("large", kTimeout);
  Get("patient", kTimeout * 10);
  loop_.RunFor(kTimeout * 2);
  peer_.Say(absl::StrCat("VALUE large 0 ", kLargeBytes, "\r\n", large_, "\r\nEND\r\nEND\r\n"));
  loop_.RunFor(absl::ZeroDuration());
  EXPECT_THAT(taker_.told, ElementsAre("1 timed out", "2 END"));
  EXPECT_THAT(taker_.value, IsEmpty());
}

TEST_F(LongValueTest, CallsThatTimeOutBehindItDoNotSpeakAgainstTheServer) {
  ConnectionOptions options;
  options.max_given_up_calls = 1;
  Open(options);
  Get("large", kTimeout * 10);
  BeginLarge();
  for (int i = 0; i < 5; ++i) Get("behind", kTimeout);
  loop_.RunFor(kTimeout * 2);
  EXPECT_EQ(taker_.told.size(), 1 + 5);
  EXPECT_EQ(witness_.timeouts, 0);
  EXPECT_EQ(witness_.lost, 0);
  peer_.Say(LastOfLarge());
  loop_.RunFor(absl::ZeroDuration());
  EXPECT_EQ(taker_.told.back(), "1 END");
}

TEST_F(LongValueTest, AServerThatIsLostInItsMidstFailsTheCall) {
  Open();
  Get("large");
  BeginLarge();
  peer_.HangUp();
  loop_.RunFor(absl::ZeroDuration());
  EXPECT_THAT(taker_.told, ElementsAre("1 VALUE large 0 80000", "1 connection lost"));
  // Nothing of it is left for the next connection.
  Get("next");
  loop_.RunFor(absl::ZeroDuration());
  peer_.Say("VALUE next 0 2\r\nok\r\nEND\r\n");
  loop_.RunFor(absl::ZeroDuration());
  EXPECT_EQ(taker_.told[2], "2 ok");
}

TEST_F(LongValueTest, OneWithoutItsNewlineClosesTheConnection) {
  Open();
  Get("large");
  BeginLarge();
  peer_.Say(absl::StrCat(large_.substr(1000), "xxEND\r\n"));
  loop_.RunFor(absl::ZeroDuration());
  EXPECT_EQ(taker_.told.back(), "1 answered what is no reply");
  EXPECT_TRUE(peer_.was_left());
}

}  // namespace
}  // namespace ringcache::client

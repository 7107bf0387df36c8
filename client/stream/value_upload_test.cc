#include "client/stream/value_upload.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/connection_resources.h"
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

constexpr std::size_t kLargeBytes = 5'000'000;

class ValueUploadTest : public testing::Test,
                        private ValueUpload::Receiver,
                        private ServerConnection::Observer {
 protected:
  void Make() {
    ValueUpload::Receiver* const receiver = this;
    ServerConnection::Observer* const observer = this;
    upload_ = std::make_unique<ValueUpload>(&resources_, times_, receiver, observer);
  }
  // Begins to set a key to a value of `bytes` bytes.
  void Begin(std::size_t bytes) {
    value_ = std::string(bytes, '\0');
    for (std::size_t i = 0; i < bytes; ++i) value_[i] = static_cast<char>(i * 7 + i / 251);
    block_ = absl::StrCat(value_, "\r\n");
    given_ = 0;
    Make();
    protocol::Request request;
    request.operation = Operation::kSet;
    request.key = "k";
    request.value_bytes = static_cast<std::uint32_t>(bytes);
    EXPECT_EQ(upload_->Start(address_, request), std::nullopt);
    head_ = absl::StrCat("set k 0 0 ", bytes, "\r\n");
  }
  // Gives as much of `bytes` as there is room for, in pieces of at most `piece_bytes`.
  void Give(std::size_t bytes, std::size_t piece_bytes = ~std::size_t{0}) {
    while (bytes > 0 && upload_->missing_bytes() > 0 && upload_->has_room()) {
      const absl::Span<char> room = upload_->Lend();
      ASSERT_FALSE(room.empty());
      const std::size_t piece = std::min({room.size(), piece_bytes, bytes});
      std::memcpy(room.data(), block_.data() + given_, piece);
      given_ += piece;
      bytes -= piece;
      upload_->Give(piece);
    }
  }
  void GiveAll(std::size_t piece_bytes = ~std::size_t{0}) {
    while (upload_->missing_bytes() > 0) {
      Give(block_.size(), piece_bytes);
      Settle();
    }
  }
  void Settle() { loop_.RunFor(absl::ZeroDuration()); }

  net::SimulatedLoop loop_;
  net::SimulatedNetwork network_{&loop_};
  const net::SocketAddress address_ = net::SocketAddress::Loopback(11211);
  SimulatedPeer server_{&network_, address_};
  ConnectionResources resources_{&loop_, &network_};
  UploadTimes times_;
  std::string value_;
  std::string block_;
  std::string head_;
  std::size_t given_ = 0;
  std::vector<std::string> told_;  // and what the observer heard, in brackets
  int rooms_ = 0;
  std::unique_ptr<ValueUpload> upload_;

 private:
  void OnUploadReply(const protocol::Reply&, absl::string_view line) override {
    told_.push_back(std::string(line.substr(0, line.size() - 2)));
  }
  void OnUploadFailure(CallFailure failure) override {
    told_.push_back(std::string(FailureText(failure)));
  }
  void OnUploadRoom() override { ++rooms_; }
  void OnAnswering() override {}
  void OnLost(CallFailure failure, absl::string_view) override {
    told_.push_back(absl::StrCat("(", FailureText(failure), ")"));
  }
  void OnTimeout() override { told_.push_back("(timed out)"); }
  void OnReplied(protocol::Operation, std::int64_t) override {}
};

TEST_F(ValueUploadTest, AValueArrivesWholeWhateverItsPieces) {
  for (const std::size_t fragment_bytes :
       {std::size_t{1}, std::size_t{2}, std::size_t{5}, std::size_t{1448}, std::size_t{0}}) {
    net::LinkOptions link;
    link.fragment_bytes = fragment_bytes;
    network_.SetLink(address_, link);
    told_.clear();
    Begin(200'000);
    GiveAll(fragment_bytes == 0 ? block_.size() : fragment_bytes);
    EXPECT_TRUE(server_.received() == absl::StrCat(head_, block_)) << fragment_bytes;
    EXPECT_EQ(upload_->pending_calls(), 1u);
    server_.Say("STORED\r\n");
    Settle();
    EXPECT_THAT(told_, ElementsAre("STORED"));
    EXPECT_EQ(upload_->pending_calls(), 0u);
    EXPECT_TRUE(server_.was_left());
    EXPECT_EQ(resources_.receive_buffers.buffers_in_use(), 0u);
  }
}

TEST_F(ValueUploadTest, AServerThatDoesNotReadIsGivenNoMoreThanTheBound) {
  server_.set_reads(false);
  Begin(kLargeBytes);
  Settle();
  Give(block_.size());
  Settle();
  Give(block_.size());
  EXPECT_FALSE(upload_->has_room());
  const std::size_t buffer_bytes = resources_.receive_buffers.buffer_bytes();
  EXPECT_EQ(resources_.receive_buffers.buffers_in_use() * buffer_bytes,
            ValueUpload::kMaxUnsentBytes);
  EXPECT_EQ(rooms_, 0);
  server_.set_reads(true);
  Settle();
  EXPECT_EQ(rooms_, 1);
  EXPECT_TRUE(upload_->has_room());
  GiveAll();
  EXPECT_TRUE(server_.received() == absl::StrCat(head_, block_));
}

TEST_F(ValueUploadTest, AnEarlyReplyEndsIt) {
  Begin(kLargeBytes);
  Give(100'000);
  Settle();
  server_.Say("SERVER_ERROR object too large for cache\r\n");
  Settle();
  EXPECT_THAT(told_, ElementsAre("SERVER_ERROR object too large for cache"));
  EXPECT_EQ(upload_->missing_bytes(), block_.size() - 100'000);
  EXPECT_TRUE(server_.was_left());
}

TEST_F(ValueUploadTest, OneThatIsCancelledLeavesTheServerWithAPart) {
  Begin(kLargeBytes);
  Give(100'000);
  Settle();
  upload_->Cancel();
  Settle();
  EXPECT_TRUE(server_.was_left());
  EXPECT_LT(server_.received().size(), block_.size());
  EXPECT_THAT(told_, IsEmpty());
  EXPECT_EQ(resources_.receive_buffers.buffers_in_use(), 0u);
}

TEST_F(ValueUploadTest, ALostServerFailsIt) {
  Begin(kLargeBytes);
  Give(100'000);
  Settle();
  server_.HangUp();
  Settle();
  EXPECT_THAT(told_, ElementsAre("(connection lost)", "connection lost"));
}

TEST_F(ValueUploadTest, ARefusalIsToldAsOne) {
  network_.StopListening(address_);
  Begin(kLargeBytes);
  Give(100'000);
  Settle();
  EXPECT_THAT(told_, ElementsAre("(cannot connect)", "cannot connect"));
}

TEST_F(ValueUploadTest, AServerThatDoesNotAcceptIsLeft) {
  network_.SetDeaf(address_, true);
  Begin(kLargeBytes);
  loop_.RunFor(times_.connect * 0.9);
  EXPECT_THAT(told_, IsEmpty());
  loop_.RunFor(times_.connect);
  EXPECT_THAT(told_, ElementsAre("(cannot connect)", "cannot connect"));
}

TEST_F(ValueUploadTest, AnAddressWithoutARouteFailsAtOnce) {
  network_.SetUnreachable(address_, true);
  Make();
  protocol::Request request;
  request.operation = Operation::kSet;
  request.key = "k";
  EXPECT_EQ(upload_->Start(address_, request), CallFailure::kNotConnected);
  EXPECT_EQ(upload_->pending_calls(), 0u);
  upload_.reset();
  EXPECT_THAT(told_, IsEmpty());
}

TEST_F(ValueUploadTest, ProgressOfTheServerMovesItsTimeOn) {
  server_.set_reads(false);
  Begin(kLargeBytes);
  Settle();
  Give(block_.size());
  for (int i = 0; i < 5; ++i) {
    loop_.RunFor(times_.server * 0.7);
    server_.set_reads(true);
    Settle();
    server_.set_reads(false);
    Give(block_.size());
  }
  EXPECT_THAT(told_, IsEmpty());
  loop_.RunFor(times_.server * 2);
  EXPECT_THAT(told_, ElementsAre("(timed out)", "timed out"));
}

TEST_F(ValueUploadTest, AServerThatDoesNotReplyIsLeft) {
  Begin(200'000);
  GiveAll();
  loop_.RunFor(times_.server * 0.9);
  EXPECT_THAT(told_, IsEmpty());
  loop_.RunFor(times_.server);
  EXPECT_THAT(told_, ElementsAre("(timed out)", "timed out"));
}

TEST_F(ValueUploadTest, ASourceThatStallsEndsItAndIsNotHeldAgainstTheServer) {
  Begin(kLargeBytes);
  for (int i = 0; i < 3; ++i) {
    Give(1000);
    loop_.RunFor(times_.source * 0.9);
  }
  EXPECT_THAT(told_, IsEmpty());
  loop_.RunFor(times_.source);
  EXPECT_THAT(told_, ElementsAre("timed out"));
  EXPECT_TRUE(server_.was_left());
}

TEST_F(ValueUploadTest, WhatIsNoReplyFailsIt) {
  Begin(kLargeBytes);
  Settle();
  server_.Say("VALUE k 0 1\r\n");
  Settle();
  EXPECT_THAT(told_, ElementsAre("(answered what is no reply)", "answered what is no reply"));
}

TEST_F(ValueUploadTest, OneThatIsDestroyedIsToldAsClosed) {
  Begin(kLargeBytes);
  upload_.reset();
  EXPECT_THAT(told_, ElementsAre("the client was closed"));
}

}  // namespace
}  // namespace ringcache::client

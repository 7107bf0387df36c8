// A member behind a gate: what is sent to it, and when.

#include "client/gate/member_gate.h"

#include <atomic>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/call_failure.h"
#include "client/connection_resources.h"
#include "client/down_marks.h"
#include "client/member_client.h"
#include "client/reply_receiver.h"
#include "client/simulation/simulated_backend.h"
#include "discovery/member.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/simulated_loop.h"
#include "net/simulated_network.h"
#include "net/socket_address.h"
#include "protocol/reply.h"
#include "protocol/request.h"

namespace ringcache::client {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class FakeGate final : public MemberGate {
 public:
  FakeGate() : MemberGate(&access_) {}
  bool Bars(absl::string_view key) const override { return barred.count(std::string(key)) > 0; }
  void Keep(absl::string_view, bool, MemberGate*) override {}
  void Grant(MemberAccess access) { access_ = access; }

  std::set<std::string> barred;

 private:
  std::atomic<MemberAccess> access_{MemberAccess::kAll};
};

class IgnoringReceiver final : public ReplyReceiver {
 public:
  void OnReply(std::uint64_t, const protocol::Reply&, const ReceivedValue&, bool) override {}
  void OnFailure(std::uint64_t, CallFailure) override {}
};

class MemberGateTest : public testing::Test, private MemberGates {
 protected:
  MemberGateTest() {
    resources_.gates = this;
    discovery::Member member;
    member.name = "cache-0";
    member.port = 11211;
    member.address = backend_.address();
    member_.emplace(&resources_, member, MemberOptions(), &marks_);
  }

  std::optional<CallFailure> Get(absl::string_view key, bool base64 = false) {
    protocol::Request request;
    request.operation = base64 ? protocol::Operation::kMetaGet : protocol::Operation::kGet;
    request.key = key;
    request.key_is_base64 = base64;
    const auto failure = member_->Call(request, {}, absl::Seconds(1), &replies_, 0);
    loop_.RunFor(absl::Milliseconds(10));
    return failure;
  }
  std::optional<CallFailure> GetLine() {
    const auto write = [](char* out) {
      const absl::string_view line = "get a b\r\n";
      return line.copy(out, line.size()) + out;
    };
    const auto failure =
        member_->CallLine(protocol::Operation::kGet, 100, write, absl::Seconds(1), &replies_, 0);
    loop_.RunFor(absl::Milliseconds(10));
    return failure;
  }

  net::SimulatedLoop loop_;
  net::SimulatedNetwork network_{&loop_};
  SimulatedBackend backend_{&loop_, &network_,
                            net::SocketAddress::Parse("10.0.0.1:11211", 0).value()};
  ConnectionResources resources_{&loop_, &network_};
  DownMarks marks_;
  FakeGate gate_;
  std::string asked_for_;
  IgnoringReceiver replies_;
  std::optional<MemberClient> member_;

 private:
  MemberGate* GateOf(const std::string& member) override {
    asked_for_ = member;
    return &gate_;
  }
};

TEST_F(MemberGateTest, IsThatOfTheMembersName) {
  EXPECT_EQ(asked_for_, "cache-0:11211");
  EXPECT_EQ(member_->gate(), &gate_);
}

TEST_F(MemberGateTest, AnOpenOneLetsAllPass) {
  gate_.barred = {"a"};
  EXPECT_EQ(Get("a"), std::nullopt);
  EXPECT_EQ(GetLine(), std::nullopt);
  EXPECT_THAT(backend_.seen_lines(), ElementsAre("get a", "get a b"));
}

TEST_F(MemberGateTest, AShutOneLetsNothingPass) {
  gate_.Grant(MemberAccess::kNone);
  EXPECT_FALSE(member_->is_usable());
  EXPECT_EQ(Get("a"), CallFailure::kMemberDown);
  EXPECT_EQ(GetLine(), CallFailure::kMemberDown);
  gate_.Grant(MemberAccess::kAll);
  EXPECT_EQ(Get("b"), std::nullopt);
  EXPECT_THAT(backend_.seen_lines(), ElementsAre("get b"));
}

TEST_F(MemberGateTest, KeysCanBeBarredOneByOne) {
  gate_.Grant(MemberAccess::kSomeKeys);
  gate_.barred = {"a"};
  EXPECT_TRUE(member_->is_usable());
  EXPECT_EQ(Get("a"), CallFailure::kMemberDown);
  EXPECT_EQ(Get("YQ==", true), CallFailure::kMemberDown);
  EXPECT_EQ(Get("b"), std::nullopt);
  // Whose keys are not seen.
  EXPECT_EQ(GetLine(), CallFailure::kMemberDown);
  EXPECT_THAT(backend_.seen_lines(), ElementsAre("get b"));
}

TEST_F(MemberGateTest, AnAnsweredProbeDoesNotOpenIt) {
  backend_.Die();
  (void)Get("a");
  EXPECT_FALSE(member_->is_up());
  gate_.Grant(MemberAccess::kNone);
  backend_.ComeBack();
  ASSERT_TRUE(loop_.RunUntil([this] { return member_->is_up(); }, absl::Minutes(1)));
  backend_.ForgetSeen();
  EXPECT_FALSE(member_->is_usable());
  EXPECT_EQ(Get("a"), CallFailure::kMemberDown);
  EXPECT_THAT(backend_.seen_lines(), IsEmpty());
}

TEST_F(MemberGateTest, MarksThatAreIgnoredDoNotOpenIt) {
  marks_.set_limit(0);
  backend_.Die();
  (void)Get("a");
  EXPECT_TRUE(member_->is_usable());
  gate_.Grant(MemberAccess::kNone);
  EXPECT_FALSE(member_->is_usable());
}

}  // namespace
}  // namespace ringcache::client

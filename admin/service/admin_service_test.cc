#include "admin/service/admin_service.h"

#include <array>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "admin/backend/fake_backend.h"
#include "admin/service/grpc_server.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"

namespace ringcache::admin {
namespace {

// Long enough for a machine that does much else.
constexpr absl::Duration kPatience = absl::Seconds(60);

// One call that runs while the test goes on.
struct RunningCall {
  grpc::ClientContext context;
  v1::GetStatsRequest request;
  v1::Stats reply;
  std::promise<grpc::Status> status;
};

class AdminServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    auto server = GrpcServer::Start({"127.0.0.1:0"}, {&service_});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    stub_ = v1::Admin::NewStub(grpc::CreateChannel(
        "127.0.0.1:" + std::to_string(server_->ports()[0]), grpc::InsecureChannelCredentials()));
  }
  void TearDown() override {
    service_.Close();
    ticker_.Close();
  }

  // Calls `method` of the stub; its reply is forgotten.
  template <typename Request, typename Reply>
  grpc::Status Call(grpc::Status (v1::Admin::Stub::*method)(grpc::ClientContext*, const Request&,
                                                            Reply*),
                    const Request& request = {}) {
    grpc::ClientContext context;
    SetLimit(&context);
    Reply reply;
    return (stub_.get()->*method)(&context, request, &reply);
  }
  static void SetLimit(grpc::ClientContext* context) {
    context->set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
  }
  std::unique_ptr<RunningCall> BeginGetStats() {
    auto call = std::make_unique<RunningCall>();
    SetLimit(&call->context);
    stub_->async()->GetStats(
        &call->context, &call->request, &call->reply,
        [one = call.get()](grpc::Status status) { one->status.set_value(std::move(status)); });
    return call;
  }
  // Both threads of the pool wait for the backend until it is released.
  std::vector<std::unique_ptr<RunningCall>> HoldUpAllThreads() {
    backend_.HoldUp();
    std::vector<std::unique_ptr<RunningCall>> calls;
    for (int i = 0; i < CallPool::kThreads; ++i) calls.push_back(BeginGetStats());
    backend_.AwaitStatsReads(CallPool::kThreads);
    return calls;
  }
  std::unique_ptr<grpc::ClientReader<v1::Stats>> WatchStats(grpc::ClientContext* context,
                                                            absl::Duration interval) {
    SetLimit(context);
    v1::WatchStatsRequest request;
    request.mutable_interval()->set_nanos(static_cast<int>(absl::ToInt64Nanoseconds(interval)));
    return stub_->WatchStats(context, request);
  }

  FakeBackend backend_;
  bool may_change_ = true;
  Ticker ticker_{AdminService::kMaxWatches};
  AdminService service_{&backend_, [this](absl::string_view) { return may_change_; }, &pool_,
                        &ticker_};
  CallPool pool_;
  std::unique_ptr<GrpcServer> server_;
  std::unique_ptr<v1::Admin::Stub> stub_;
};

TEST_F(AdminServiceTest, WhoMayNotChangeAnythingMayReadAll) {
  may_change_ = false;
  EXPECT_TRUE(Call(&v1::Admin::Stub::GetStats).ok());
  EXPECT_TRUE(Call(&v1::Admin::Stub::GetDrain).ok());
  for (const grpc::Status& status :
       {Call(&v1::Admin::Stub::Drain), Call(&v1::Admin::Stub::Undrain),
        Call(&v1::Admin::Stub::SetVerbosity), Call(&v1::Admin::Stub::Reload),
        Call(&v1::Admin::Stub::ResetStats), Call(&v1::Admin::Stub::Flush)}) {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  }
  EXPECT_EQ(Call(&v1::Admin::Stub::Drain).error_message(),
            "Drain is answered on loopback addresses and Unix sockets only; call it there, or "
            "start the program with --admin-open");
  EXPECT_TRUE(backend_.state().wishes.empty());
}

TEST_F(AdminServiceTest, CodesAndSentencesOfABackendReachTheCaller) {
  backend_.Change([](auto& state) {
    state.rings = absl::FailedPreconditionError("no ring is observed; give --discovery");
  });
  const grpc::Status status = Call(&v1::Admin::Stub::GetRing);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(status.error_message(), "no ring is observed; give --discovery");
  v1::SetVerbosityRequest request;
  request.set_level(9);
  EXPECT_EQ(Call(&v1::Admin::Stub::SetVerbosity, request).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(AdminServiceTest, AFloodIsRefusedPastTheQueue) {
  const auto held_up = HoldUpAllThreads();
  constexpr int kPast = 20;
  std::vector<std::unique_ptr<RunningCall>> flood;
  for (std::size_t i = 0; i < CallPool::kMaxWaiting + kPast; ++i) flood.push_back(BeginGetStats());
  std::vector<std::future<grpc::Status>> replies;
  for (const auto& call : flood) replies.push_back(call->status.get_future());
  int refused = 0;
  // Those that are refused are answered while the others wait.
  while (refused < kPast) {
    for (auto& reply : replies) {
      if (!reply.valid()) continue;
      if (reply.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) continue;
      const grpc::Status status = reply.get();
      EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
      EXPECT_EQ(status.error_message(), "64 calls wait already; try again later");
      ++refused;
    }
  }
  EXPECT_EQ(backend_.state().stats_reads, CallPool::kThreads);
  backend_.Release();
  for (auto& reply : replies) {
    if (reply.valid()) {
      EXPECT_TRUE(reply.get().ok());
    }
  }
  for (const auto& call : held_up) EXPECT_TRUE(call->status.get_future().get().ok());
}

TEST_F(AdminServiceTest, ACallThatNobodyWaitsForIsNotBegun) {
  may_change_ = false;
  const auto held_up = HoldUpAllThreads();
  const auto call = BeginGetStats();
  call->context.TryCancel();
  EXPECT_EQ(call->status.get_future().get().error_code(), grpc::StatusCode::CANCELLED);
  // This is refused without the pool. It is on the same connection, so the server knows of the
  // cancellation before.
  EXPECT_FALSE(Call(&v1::Admin::Stub::Drain).ok());
  backend_.Release();
  for (const auto& one : held_up) EXPECT_TRUE(one->status.get_future().get().ok());
  EXPECT_TRUE(Call(&v1::Admin::Stub::GetStats).ok());
  EXPECT_EQ(backend_.state().stats_reads, CallPool::kThreads + 1);
}

TEST_F(AdminServiceTest, StatsAreWatched) {
  grpc::ClientContext context;
  const auto reader = WatchStats(&context, absl::Milliseconds(100));
  v1::Stats stats;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(reader->Read(&stats));
    EXPECT_EQ(stats.general().uptime(), 1000u);
  }
  context.TryCancel();
}

TEST_F(AdminServiceTest, NothingIsReadForAWatchThatNobodyReads) {
  // More than is on its way to a client that does not take it.
  backend_.Change([](auto& state) { state.stats = FullStats(/*slabs=*/5000, 0, 0); });
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  const auto other = v1::Admin::NewStub(
      grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(server_->ports()[0]),
                                grpc::InsecureChannelCredentials(), arguments));
  grpc::ClientContext slow_context;
  SetLimit(&slow_context);
  v1::WatchStatsRequest request;
  request.mutable_interval()->set_nanos(100'000'000);
  const auto slow = other->WatchStats(&slow_context, request);
  backend_.AwaitStatsReads(1);
  grpc::ClientContext context;
  const auto reader = WatchStats(&context, absl::Milliseconds(100));
  constexpr int kRead = 10;
  v1::Stats stats;
  for (int i = 0; i < kRead; ++i) ASSERT_TRUE(reader->Read(&stats));
  // The last two of this one may be on their way; the other has one that waits, and perhaps one
  // that is on its way.
  EXPECT_LE(backend_.state().stats_reads, kRead + 2 + 2);
  slow_context.TryCancel();
  context.TryCancel();
}

TEST_F(AdminServiceTest, AnIntervalThatIsTooShortIsRefused) {
  grpc::ClientContext context;
  const auto reader = WatchStats(&context, absl::Milliseconds(99));
  v1::Stats stats;
  EXPECT_FALSE(reader->Read(&stats));
  const grpc::Status status = reader->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(status.error_message(), "interval is 99ms; give 100ms to 1h");
}

TEST_F(AdminServiceTest, AWatchEndsWithWhatTheBackendFailsWith) {
  grpc::ClientContext context;
  const auto reader = WatchStats(&context, absl::Milliseconds(100));
  v1::Stats stats;
  ASSERT_TRUE(reader->Read(&stats));
  backend_.Change([](auto& state) { state.stats = absl::DeadlineExceededError("no answer"); });
  while (reader->Read(&stats)) {
  }
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST_F(AdminServiceTest, AWatchOfRingsTellsChangesOnly) {
  grpc::ClientContext context;
  SetLimit(&context);
  const auto reader = stub_->WatchRing(&context, v1::WatchRingRequest());
  v1::Rings rings;
  ASSERT_TRUE(reader->Read(&rings));
  EXPECT_EQ(rings.rings(0).members_size(), 3);
  backend_.Change([](auto& state) {
    state.rings = std::vector<std::shared_ptr<const RingView>>{FakeRing("main", 4)};
  });
  ASSERT_TRUE(reader->Read(&rings));
  EXPECT_EQ(rings.rings(0).members_size(), 4);
  context.TryCancel();
}

TEST_F(AdminServiceTest, WatchesAreBounded) {
  std::array<grpc::ClientContext, AdminService::kMaxWatches + 1> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<v1::Stats>>> readers;
  v1::Stats stats;
  for (std::size_t i = 0; i < AdminService::kMaxWatches; ++i) {
    readers.push_back(WatchStats(&contexts[i], absl::Milliseconds(500)));
    ASSERT_TRUE(readers.back()->Read(&stats));
  }
  readers.push_back(WatchStats(&contexts.back(), absl::Milliseconds(500)));
  EXPECT_FALSE(readers.back()->Read(&stats));
  EXPECT_EQ(readers.back()->Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  for (auto& context : contexts) context.TryCancel();
}

TEST_F(AdminServiceTest, AMessageThatIsTooLongIsRefused) {
  v1::LocateKeysRequest request;
  for (int i = 0; i < 1000; ++i) request.add_keys(std::string(250, 'k'));
  EXPECT_TRUE(Call(&v1::Admin::Stub::LocateKeys, request).ok());
  for (int i = 0; i < 2000; ++i) request.add_keys(std::string(250, 'k'));
  EXPECT_EQ(Call(&v1::Admin::Stub::LocateKeys, request).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(AdminServiceTest, CompressedMessagesAreRefused) {
  grpc::ClientContext context;
  SetLimit(&context);
  context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  v1::LocateKeysRequest request;
  for (int i = 0; i < 100; ++i) request.add_keys(std::string(250, 'k'));
  v1::Locations reply;
  EXPECT_EQ(stub_->LocateKeys(&context, request, &reply).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

}  // namespace
}  // namespace ringcache::admin

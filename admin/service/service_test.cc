#include "admin/service/service.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "admin/backend/fake_backend.h"
#include "admin/proto/admin.grpc.pb.h"
#include "admin/service/quiet_thread.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"

namespace ringcache::admin {
namespace {

using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

// Long enough for a machine that does much else.
constexpr absl::Duration kPatience = absl::Seconds(60);

class ServiceTest : public testing::Test {
 protected:
  ServiceTest() {
    options_.listen = "127.0.0.1";
    options_.grpc = {0, true};
    options_.metrics = {};
  }

  absl::StatusOr<std::unique_ptr<Service>> Start() {
    return Service::Start(
        options_, &backend_, [this](absl::string_view text) { notices_.emplace_back(text); },
        [this](absl::string_view text) { warnings_.emplace_back(text); });
  }
  std::unique_ptr<Service> MustStart() {
    auto service = Start();
    EXPECT_TRUE(service.ok()) << service.status();
    return service.ok() ? *std::move(service) : nullptr;
  }
  static std::shared_ptr<grpc::Channel> Connect(const std::string& address) {
    grpc::ChannelArguments arguments;
    // Not the connection of a test that ran before.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
  }
  static std::shared_ptr<grpc::Channel> Connect(const Service& service) {
    return Connect("127.0.0.1:" + std::to_string(service.grpc_port()));
  }
  static void SetLimit(grpc::ClientContext* context) {
    context->set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
  }
  // What a check says: "SERVING", or the error.
  static std::string Check(const std::shared_ptr<grpc::Channel>& channel,
                           const std::string& name = "") {
    grpc::ClientContext context;
    SetLimit(&context);
    HealthCheckRequest request;
    request.set_service(name);
    HealthCheckResponse response;
    const grpc::Status status = Health::NewStub(channel)->Check(&context, request, &response);
    if (!status.ok()) return status.error_message();
    return HealthCheckResponse::ServingStatus_Name(response.status());
  }
  static std::string TemporaryPath() {
    std::string folder = "/tmp/service_test_XXXXXX";
    EXPECT_NE(mkdtemp(folder.data()), nullptr);
    return folder + "/admin.sock";
  }

  FakeBackend backend_;
  AdminOptions options_;
  std::vector<std::string> notices_;
  std::vector<std::string> warnings_;
};

TEST_F(ServiceTest, ItSaysWhereItIsServed) {
  const auto service = MustStart();
  ASSERT_GT(service->grpc_port(), 0);
  EXPECT_EQ(service->metrics_port(), AdminPort::kOff);
  EXPECT_EQ(notices_,
            std::vector<std::string>{"gRPC on 127.0.0.1:" + std::to_string(service->grpc_port())});
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(ServiceTest, NothingIsServedIfAllIsOff) {
  options_.grpc = {};
  const auto service = MustStart();
  EXPECT_EQ(service->grpc_port(), AdminPort::kOff);
  EXPECT_TRUE(notices_.empty());
}

TEST_F(ServiceTest, ADefaultPortThatIsTakenIsLeftOff) {
  const auto first = MustStart();
  notices_.clear();
  options_.grpc = {first->grpc_port(), false};
  const auto second = MustStart();
  EXPECT_EQ(second->grpc_port(), AdminPort::kOff);
  EXPECT_TRUE(notices_.empty());
  const std::string port = std::to_string(first->grpc_port());
  EXPECT_EQ(warnings_, std::vector<std::string>{
                           "--admin-port is left off: cannot listen on 127.0.0.1:" + port +
                           ": another program does; --admin-port=PORT chooses another "
                           "port, --admin-port=off none"});
}

TEST_F(ServiceTest, APortThatWasAskedForAndIsTakenIsAnError) {
  const auto first = MustStart();
  options_.grpc = {first->grpc_port(), true};
  const auto second = Start();
  ASSERT_FALSE(second.ok());
  const std::string port = std::to_string(first->grpc_port());
  EXPECT_EQ(second.status().message(),
            "--admin-port=" + port + ": cannot listen on 127.0.0.1:" + port +
                ": another program does; --admin-port=PORT chooses another port, "
                "--admin-port=off none");
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(ServiceTest, MetricsHaveAPortOfTheirOwn) {
  options_.metrics = {0, true};
  const auto first = MustStart();
  ASSERT_GT(first->metrics_port(), 0);
  const std::string port = std::to_string(first->metrics_port());
  ASSERT_EQ(notices_.size(), 2u);
  EXPECT_EQ(notices_[1], "/metrics on 127.0.0.1:" + port);
  options_.metrics = {first->metrics_port(), false};
  EXPECT_EQ(MustStart()->metrics_port(), AdminPort::kOff);
  ASSERT_EQ(warnings_.size(), 1u);
  EXPECT_EQ(warnings_[0], "--metrics-port is left off: cannot listen on 127.0.0.1:" + port +
                              ": another program does; --metrics-port=PORT chooses another port, "
                              "--metrics-port=off none");
  options_.metrics.asked_for = true;
  EXPECT_EQ(Start().status().code(), absl::StatusCode::kAlreadyExists);
}

TEST_F(ServiceTest, AnAddressThatIsNoneIsAnError) {
  options_.listen = "localhost";
  options_.grpc = {0, false};
  EXPECT_EQ(Start().status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ServiceTest, AllAddressesMeansLoopbackToo) {
  options_.listen = "0.0.0.0";
  const auto service = MustStart();
  EXPECT_EQ(Check(Connect(*service)), "SERVING");
}

TEST_F(ServiceTest, AddressesOfIpv6AreServed) {
  options_.listen = "::";
  const auto service = MustStart();
  EXPECT_EQ(Check(Connect("[::1]:" + std::to_string(service->grpc_port()))), "SERVING");
  EXPECT_EQ(Check(Connect(*service)), "SERVING");
}

TEST_F(ServiceTest, AUnixSocketIsServedBesidesThePort) {
  options_.unix_socket = TemporaryPath();
  auto service = MustStart();
  ASSERT_EQ(notices_.size(), 2u);
  EXPECT_EQ(notices_[1], "gRPC on " + options_.unix_socket);
  EXPECT_EQ(Check(Connect(*service)), "SERVING");
  EXPECT_EQ(Check(Connect("unix:" + options_.unix_socket)), "SERVING");
  EXPECT_EQ(std::filesystem::status(options_.unix_socket).permissions(),
            std::filesystem::perms::owner_all);
  EXPECT_FALSE(Start().ok()) << "somebody serves it";
  service.reset();
  EXPECT_FALSE(std::filesystem::exists(options_.unix_socket));
}

TEST_F(ServiceTest, AUnixSocketNeedsNoPort) {
  options_.unix_socket = TemporaryPath();
  options_.grpc = {};
  const auto service = MustStart();
  EXPECT_EQ(Check(Connect("unix:" + options_.unix_socket)), "SERVING");
}

TEST_F(ServiceTest, EachServiceOfHealthHasItsVerdict) {
  const auto service = MustStart();
  const auto channel = Connect(*service);
  backend_.Change([](auto& state) {
    state.health = {{true, ""}, {false, "it drains"}, {true, ""}};
  });
  EXPECT_EQ(Check(channel, "liveness"), "SERVING");
  EXPECT_EQ(Check(channel, "readiness"), "NOT_SERVING");
  EXPECT_EQ(Check(channel, ""), "NOT_SERVING");
  EXPECT_EQ(Check(channel, "startup"), "SERVING");
  backend_.Change([](auto& state) {
    state.health = {{false, "a worker is stuck"}, {true, ""}, {false, "no members yet"}};
  });
  EXPECT_EQ(Check(channel, "liveness"), "NOT_SERVING");
  EXPECT_EQ(Check(channel, "readiness"), "SERVING");
  EXPECT_EQ(Check(channel, ""), "SERVING");
  EXPECT_EQ(Check(channel, "startup"), "NOT_SERVING");
  EXPECT_EQ(Check(channel, "Liveness"),
            "there is no such service; ask liveness, readiness, startup, or none");
}

TEST_F(ServiceTest, AWatchOfHealthIsToldOfChanges) {
  const auto service = MustStart();
  const auto channel = Connect(*service);
  grpc::ClientContext context;
  SetLimit(&context);
  HealthCheckRequest request;
  request.set_service("readiness");
  const auto stub = Health::NewStub(channel);
  const auto reader = stub->Watch(&context, request);
  HealthCheckResponse response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::SERVING);
  backend_.Change([](auto& state) { state.health.readiness.serving = false; });
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::NOT_SERVING);
  backend_.Change([](auto& state) { state.health.readiness.serving = true; });
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::SERVING);
  context.TryCancel();
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(ServiceTest, AWatchOfAnUnknownServiceSaysSoAndStays) {
  const auto service = MustStart();
  grpc::ClientContext context;
  SetLimit(&context);
  HealthCheckRequest request;
  request.set_service("other");
  const auto stub = Health::NewStub(Connect(*service));
  const auto reader = stub->Watch(&context, request);
  HealthCheckResponse response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::SERVICE_UNKNOWN);
  context.TryCancel();
}

TEST_F(ServiceTest, EndingWaitsForNoClient) {
  auto service = MustStart();
  const auto channel = Connect(*service);
  grpc::ClientContext health_context;
  const auto health = Health::NewStub(channel);
  const auto health_reader = health->Watch(&health_context, HealthCheckRequest());
  HealthCheckResponse response;
  ASSERT_TRUE(health_reader->Read(&response));
  grpc::ClientContext stats_context;
  const auto admin = v1::Admin::NewStub(channel);
  const auto stats_reader = admin->WatchStats(&stats_context, v1::WatchStatsRequest());
  v1::Stats stats;
  ASSERT_TRUE(stats_reader->Read(&stats));
  const absl::Time begin = absl::Now();
  service.reset();
  EXPECT_LT(absl::Now() - begin, kPatience / 2);
  EXPECT_FALSE(health_reader->Read(&response));
  EXPECT_EQ(health_reader->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  while (stats_reader->Read(&stats)) {
  }
  EXPECT_EQ(stats_reader->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

// The threads of this process.
std::set<int> Threads() {
  std::set<int> threads;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) {
    threads.insert(std::stoi(entry.path().filename()));
  }
  return threads;
}

TEST_F(ServiceTest, ItsThreadsHaveALowPriority) {
  const std::set<int> before = Threads();
  const auto service = MustStart();
  int quiet = 0;
  for (const int thread : Threads()) {
    if (before.contains(thread)) continue;
    EXPECT_GE(getpriority(PRIO_PROCESS, static_cast<id_t>(thread)), kQuietNiceness);
    ++quiet;
  }
  EXPECT_GT(quiet, 0);
}

}  // namespace
}  // namespace ringcache::admin

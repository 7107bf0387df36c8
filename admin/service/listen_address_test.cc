#include "admin/service/listen_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <string>

#include "gtest/gtest.h"
#include "net/descriptor.h"

namespace ringcache::admin {
namespace {

class ListenAddressTest : public testing::Test {
 protected:
  // A socket that listens on a port of 127.0.0.1; its port is in `port_`.
  net::Descriptor ListenSomewhere() {
    net::Descriptor socket(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* bytes = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(socket.get(), bytes, size), 0);
    EXPECT_EQ(listen(socket.get(), 1), 0);
    EXPECT_EQ(getsockname(socket.get(), bytes, &size), 0);
    port_ = ntohs(address.sin_port);
    return socket;
  }
  // One that is bound to a Unix socket's path, and listens.
  net::Descriptor ListenAt(const std::string& path) {
    net::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
    EXPECT_EQ(bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(listen(socket.get(), 1), 0);
    return socket;
  }
  // Short enough for a socket, wherever the tests' folder is.
  std::string TemporaryPath() {
    std::string folder = "/tmp/listen_address_XXXXXX";
    EXPECT_NE(mkdtemp(folder.data()), nullptr);
    return folder + "/admin.sock";
  }
  static std::string Why(const absl::Status& status) { return std::string(status.message()); }

  int port_ = 0;
};

TEST_F(ListenAddressTest, APortThatIsFreeIsFine) {
  EXPECT_TRUE(CheckPort("127.0.0.1", 0).ok());
  EXPECT_TRUE(CheckPort("0.0.0.0", 0).ok());
  { const net::Descriptor socket = ListenSomewhere(); }
  EXPECT_TRUE(CheckPort("127.0.0.1", port_).ok());
}

TEST_F(ListenAddressTest, APortThatIsTakenIsToldFromOtherMistakes) {
  const net::Descriptor socket = ListenSomewhere();
  EXPECT_EQ(CheckPort("127.0.0.1", port_).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(CheckPort("0.0.0.0", port_).code(), absl::StatusCode::kAlreadyExists);
  // TEST-NET-3: nobody's.
  const absl::Status elsewhere = CheckPort("203.0.113.77", port_);
  EXPECT_EQ(elsewhere.code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(Why(elsewhere).find("--admin-listen is no address of this machine"), std::string::npos);
}

TEST_F(ListenAddressTest, ANameIsNoAddress) {
  for (const char* listen : {"localhost", "", "127.0.0.1:80", "[::1]"}) {
    EXPECT_EQ(CheckPort(listen, 0).code(), absl::StatusCode::kInvalidArgument) << listen;
  }
  EXPECT_EQ(Why(CheckPort("localhost", 0)),
            "--admin-listen is 'localhost', which is no numeric address; give one, such as "
            "0.0.0.0 or ::");
}

TEST_F(ListenAddressTest, AStaleSocketIsRemoved) {
  const std::string path = TemporaryPath();
  { const net::Descriptor socket = ListenAt(path); }
  ASSERT_EQ(access(path.c_str(), F_OK), 0);
  EXPECT_TRUE(CheckUnixSocket(path).ok());
  EXPECT_NE(access(path.c_str(), F_OK), 0);
  EXPECT_TRUE(CheckUnixSocket(path).ok());
}

TEST_F(ListenAddressTest, ASocketThatIsServedIsLeftAlone) {
  const std::string path = TemporaryPath();
  const net::Descriptor socket = ListenAt(path);
  EXPECT_EQ(Why(CheckUnixSocket(path)),
            "--admin-socket=" + path + " is served by another program; give another path");
  EXPECT_EQ(access(path.c_str(), F_OK), 0);
  unlink(path.c_str());
}

TEST_F(ListenAddressTest, AnotherFileIsLeftAlone) {
  const std::string path = TemporaryPath();
  std::ofstream(path) << "text";
  EXPECT_EQ(Why(CheckUnixSocket(path)),
            "--admin-socket=" + path + " is there and is no socket; give another path");
  EXPECT_EQ(access(path.c_str(), F_OK), 0);
  unlink(path.c_str());
}

TEST_F(ListenAddressTest, APathMayBeTooLong) {
  const std::string path = "/tmp/" + std::string(120, 'a');
  EXPECT_EQ(Why(CheckUnixSocket(path)),
            "--admin-socket=" + path + " is too long; give at most 107 bytes");
}

TEST_F(ListenAddressTest, AddressesAreWrittenAsUsual) {
  EXPECT_EQ(AddressText("127.0.0.1", 11210), "127.0.0.1:11210");
  EXPECT_EQ(AddressText("::", 11210), "[::]:11210");
  EXPECT_EQ(UnixSocketUri("/run/a-b_c.sock"), "unix:/run/a-b_c.sock");
  EXPECT_EQ(UnixSocketUri("/run/50% ?#"), "unix:/run/50%25%20%3f%23");
}

}  // namespace
}  // namespace ringcache::admin

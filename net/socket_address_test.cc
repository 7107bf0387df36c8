#include "net/socket_address.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ringcache::net {
namespace {

constexpr std::uint16_t kDefaultPort = 11211;

std::string Printed(absl::string_view text) {
  const absl::StatusOr<SocketAddress> address = SocketAddress::Parse(text, kDefaultPort);
  return address.ok() ? address->ToString() : absl::StrCat("error: ", address.status().message());
}

TEST(SocketAddressTest, ParsesAndPrints) {
  EXPECT_EQ(Printed("1.2.3.4:80"), "1.2.3.4:80");
  EXPECT_EQ(Printed("1.2.3.4"), "1.2.3.4:11211");
  EXPECT_EQ(Printed("127.0.0.1:0"), "127.0.0.1:0");
  EXPECT_EQ(Printed("[::1]:65535"), "[::1]:65535");
  EXPECT_EQ(Printed("[::1]"), "[::1]:11211");
  EXPECT_EQ(Printed("::"), "[::]:11211");
  EXPECT_EQ(Printed("fe80::1:2"), "[fe80::1:2]:11211");
  EXPECT_EQ(Printed("unix:/run/cache.sock"), "unix:/run/cache.sock");
  EXPECT_EQ(Printed("/run/cache.sock"), "unix:/run/cache.sock");
}

TEST(SocketAddressTest, SaysWhatIsWrongAndWhatWouldBeRight) {
  const struct {
    std::string text;
    const char* complaint;
  } kCases[] = {
      {"1.2.3.4:65536", "\"65536\" is not a port"},
      {"1.2.3.4:-1", "\"-1\" is not a port"},
      {"1.2.3.4:", "\"\" is not a port"},
      {"1.2.3.4:1x", "\"1x\" is not a port"},
      {"1.2.3:80", "\"1.2.3\" is not an IPv4 or IPv6 address"},
      {"cache.example", "\"cache.example\" is not an IPv4 or IPv6 address"},
      {"[::1", "the \"[\" is not closed"},
      {"[::1]80", "\"80\" follows the \"]\""},
      {"", "the host is missing"},
      {":80", "the host is missing"},
      {"unix:", "the path of the unix socket is missing"},
      {"/" + std::string(200, 'x'), "the path has 201 bytes; the system takes 107"},
  };
  for (const auto& c : kCases) {
    const std::string printed = Printed(c.text);
    EXPECT_TRUE(absl::StrContains(printed, c.complaint)) << printed;
    EXPECT_TRUE(absl::StrContains(printed, "; write host:port, 1.2.3.4:11211")) << printed;
  }
}

TEST(SocketAddressTest, AStarIsEveryAddressOfBothFamilies) {
  for (const char* text : {"*:1234", ":1234"}) {
    const auto addresses = SocketAddress::ResolveForBinding(text, kDefaultPort);
    ASSERT_TRUE(addresses.ok()) << addresses.status();
    ASSERT_EQ(addresses->size(), 2u);
    EXPECT_EQ((*addresses)[0].ToString(), "0.0.0.0:1234");
    EXPECT_EQ((*addresses)[1].ToString(), "[::]:1234");
  }
}

TEST(SocketAddressTest, NamesAreLookedUpForBindingOnly) {
  const auto addresses = SocketAddress::ResolveForBinding("localhost:1234", kDefaultPort);
  ASSERT_TRUE(addresses.ok()) << addresses.status();
  for (const SocketAddress& address : *addresses) EXPECT_EQ(address.port(), 1234);
  EXPECT_FALSE(SocketAddress::Parse("localhost:1234", kDefaultPort).ok());
}

TEST(SocketAddressTest, BindingErrorsAreThoseOfParsing) {
  for (const char* text : {"[::1", "unix:", "localhost:x"}) {
    const auto addresses = SocketAddress::ResolveForBinding(text, kDefaultPort);
    EXPECT_TRUE(absl::IsInvalidArgument(addresses.status())) << addresses.status();
  }
}

TEST(SocketAddressTest, TheHostStandsAlone) {
  EXPECT_EQ(SocketAddress::Parse("1.2.3.4:5", 0)->host(), "1.2.3.4");
  EXPECT_EQ(SocketAddress::Parse("[::1]:5", 0)->host(), "::1");
  EXPECT_EQ(SocketAddress::Parse("unix:/run/cache.sock", 0)->host(), "/run/cache.sock");
}

TEST(SocketAddressTest, ComparesByValue) {
  EXPECT_EQ(SocketAddress::Loopback(80), *SocketAddress::Parse("127.0.0.1:80", 1));
  EXPECT_NE(SocketAddress::Loopback(80), SocketAddress::Loopback(81));
  EXPECT_EQ(SocketAddress().ToString(), "0.0.0.0:0");
  EXPECT_EQ(SocketAddress::Parse("/a", 1)->port(), 0);
  EXPECT_EQ(SocketAddress::Parse("/a", 1)->path(), "/a");
}

}  // namespace
}  // namespace ringcache::net

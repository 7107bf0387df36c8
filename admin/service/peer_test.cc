#include "admin/service/peer.h"

#include "gtest/gtest.h"

namespace ringcache::admin {
namespace {

TEST(PeerTest, LoopbackAddressesAndUnixSocketsAreLocal) {
  for (const char* peer : {"ipv4:127.0.0.1:41234", "ipv4:127.255.0.9:1", "ipv6:[::1]:41234",
                           "ipv6:%5B::1%5D:41234", "ipv6:[::ffff:127.0.0.1]:41234",
                           "ipv6:%5B::ffff:127.0.0.1%5D:41234", "unix:", "unix:/run/admin.sock"}) {
    EXPECT_TRUE(IsLocalPeer(peer)) << peer;
  }
}

TEST(PeerTest, OtherAddressesAreNot) {
  for (const char* peer :
       {"ipv4:10.0.0.1:41234", "ipv4:128.0.0.1:1", "ipv4:0.0.0.0:1", "ipv6:[::2]:41234",
        "ipv6:%5Bfe80::1%25eth0%5D:1", "ipv6:[::ffff:10.0.0.1]:1", "ipv6:[2001:db8::1]:1"}) {
    EXPECT_FALSE(IsLocalPeer(peer)) << peer;
  }
}

TEST(PeerTest, WhatIsNotUnderstoodIsNotLocal) {
  for (const char* peer :
       {"", "unknown", "ipv4:", "ipv4:127.0.0.1", "ipv4:127.1:1", "ipv6:::1", "ipv6:[::1",
        "ipv6:]:1", "ipv6:[]:1", "dns:localhost:1", "127.0.0.1:1"}) {
    EXPECT_FALSE(IsLocalPeer(peer)) << peer;
  }
}

}  // namespace
}  // namespace ringcache::admin

// The discovery program of "Deploying Memcached on GKE": finds the pods behind a headless Service,
// keeps a value on one of them and reads it back. discover.py is the same with pymemcache; as both
// place keys alike, each finds what the other has stored.

#include <cstdio>
#include <string>

#include "client/blocking_client.h"

using ringcache::client::BlockingClient;

int main(int argc, char** argv) {
  const std::string service =
      argc > 1 ? argv[1] : "dns+mycache-memcached.default.svc.cluster.local:11211";
  // Among Ringcache's own clients leave the defaults: then a pod that comes back with another
  // address moves no key.
  ringcache::client::BlockingOptions options;
  options.cluster.ring.placement = ringcache::hashring::PlacementKind::kRendezvous;
  options.cluster.identity = ringcache::client::Identity::kAddress;

  const auto client = BlockingClient::Connect(service, options);
  if (!client.ok()) {
    std::fprintf(stderr, "%s\n", std::string(client.status().message()).c_str());
    return 1;
  }
  (*client)->Set("mykey", "hello");
  const auto result = (*client)->Get("mykey");
  std::printf("%s\n", result.ok() ? result.text.c_str() : Describe(result).c_str());
  return result.ok() ? 0 : 1;
}

// Follows a pool and prints every change:
//
//   tools/bazel run //discovery/example:follow -- dns+localhost:11211

#include <functional>
#include <iostream>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "discovery/discovery_address.h"
#include "discovery/watcher.h"
#include "discovery/watcher_factory.h"
#include "net/epoll_event_loop.h"

int main(int argc, char** argv) {
  const auto address = ringcache::discovery::DiscoveryAddress::Parse(argc == 2 ? argv[1] : "");
  if (!address.ok()) {
    std::cerr << address.status().message() << "\n";
    return 2;
  }
  const auto loop = ringcache::net::EpollEventLoop::Create();
  if (!loop.ok()) {
    std::cerr << loop.status().message() << "\n";
    return 1;
  }
  const auto watcher = ringcache::discovery::MakeWatcher(loop->get(), *address,
                                                         ringcache::discovery::WatcherOptions());
  if (!watcher.ok()) {
    std::cerr << watcher.status().message() << "\n";
    return 1;
  }
  (*watcher)->Start([](const std::shared_ptr<const ringcache::discovery::Snapshot>& snapshot) {
    std::cout << "version " << snapshot->version << "\n";
    for (const ringcache::discovery::Member& member : snapshot->members) {
      std::cout << "  " << member.name << ":" << member.port << " weight " << member.weight
                << " at " << member.address.ToString() << (member.vanished ? ", vanished" : "")
                << "\n";
    }
    std::cout << std::flush;
  });
  // What goes wrong shows in the statistics alone.
  std::string trouble;
  std::function<void()> look = [&] {
    const std::string now = (*watcher)->stats().last_error;
    if (now != trouble) std::cout << (now.empty() ? "all is well again" : now) << std::endl;
    trouble = now;
    (*loop)->RunAfter(absl::Seconds(1), look);
  };
  look();
  (*loop)->Run();
}

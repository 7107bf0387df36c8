// Any bytes as a configuration: it is read and built, or refused in one line that names a place in
// it; what was built gives all its pools back, and is the same when it is built again.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "net/epoll_event_loop.h"
#include "router/backend/backend_pools.h"
#include "router/config/config_places.h"
#include "router/config/router_config.h"
#include "router/route/route_types.h"
#include "router/route/tree_builder.h"

namespace ringcache::router {
namespace {

constexpr absl::string_view kName = "r.json";
constexpr absl::string_view kKeys[] = {"key", "", "/", "/a/b", "/a/b/", "/a/b/key", "/././key"};

void Require(bool condition) {
  if (!condition) std::abort();
}

// "r.json:<line>: ...".
void RequirePlace(const absl::Status& status, absl::string_view text) {
  absl::string_view message = status.message();
  Require(absl::ConsumePrefix(&message, absl::StrCat(kName, ":")));
  std::size_t line = 0;
  Require(absl::SimpleAtoi(message.substr(0, message.find(':')), &line));
  // The library counts carriage returns as well.
  const auto breaks = absl::c_count_if(text, [](char c) { return c == '\n' || c == '\r'; });
  Require(line >= 1 && line <= static_cast<std::size_t>(breaks) + 1);
  Require(message.size() <= ConfigPlaces::kMaxProblemBytes + 32);
  for (const unsigned char c : message) Require(!absl::ascii_iscntrl(c));
}

class Builder {
 public:
  ~Builder() { Require(pools_.size() == 0); }

  // What the tree is like, or the error.
  std::string Build(const RouterConfig& config, absl::string_view text) {
    RouteTreeOptions options;
    options.types = types_;
    const auto tree = BuildRouteTree(config, {}, options, &pools_);
    if (!tree.ok()) {
      RequirePlace(tree.status(), text);
      return std::string(tree.status().message());
    }
    std::string shown;
    for (const absl::string_view key : kKeys) {
      absl::string_view rest;
      const Route* const route = (*tree)->For(key, &rest);
      Require(absl::EndsWith(key, rest));
      absl::StrAppend(&shown, rest, "=", route == nullptr ? "none" : route->name(), " ");
    }
    for (const auto& [name, pool] : (*tree)->pools()) {
      Require(name == pool.name);
      absl::StrAppend(&shown, name, "=", pool.address.ToString(), " ");
    }
    return shown;
  }

 private:
  const absl::Span<const RouteType> types_ = RouteTypes();
  const std::unique_ptr<net::EventLoop> loop_ = net::EpollEventLoop::Create().value();
  client::ConnectionResources resources_{loop_.get()};
  BackendPools pools_{&resources_, {}};
};

}  // namespace

void TestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto file = ConfigFile::Parse(std::string(kName), text);
  if (!file.ok()) return RequirePlace(file.status(), text);
  const auto config = RouterConfig::Read(*file);
  if (!config.ok()) return RequirePlace(config.status(), text);
  Builder builder;
  const std::string once = builder.Build(**config, text);
  Require(builder.Build(**config, text) == once);
}

}  // namespace ringcache::router

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ringcache::router::TestOneInput(data, size);
  return 0;
}

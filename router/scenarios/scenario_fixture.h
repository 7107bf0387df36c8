// Base of the scenarios: all of a router's data path but its sockets, in simulated time. A text of
// configuration becomes routes, discovery follows its pools through a name server that says what
// the test says, and six servers are there to be members of them:
//
//   Serve(Config({{"A", List({0, 1})}}, R"("PoolRoute|A")"));
//   member(0).Die();
//
// Thread safety: none.

#ifndef RINGCACHE_ROUTER_SCENARIOS_SCENARIO_FIXTURE_H_
#define RINGCACHE_ROUTER_SCENARIOS_SCENARIO_FIXTURE_H_

#include <cstddef>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "discovery/scripted_resolver.h"
#include "router/backend/pool_followers.h"
#include "router/config/router_config.h"
#include "router/router_fixture.h"

namespace ringcache::router {

class ScenarioFixture : public RouterFixture {
 protected:
  static constexpr std::size_t kServers = 6;
  static constexpr absl::Duration kSecond = absl::Seconds(1);
  // As Router's.
  static constexpr absl::Duration kPatience = absl::Seconds(3);
  // Past the time to live of what the name server says, every change of it is known.
  static constexpr absl::Duration kRefresh = absl::Seconds(6);
  static constexpr absl::Duration kGrace = absl::Seconds(30);
  static constexpr char kMiss[] = "END\r\n";

  ScenarioFixture();

  // The router begins to serve by `config`, as soon as it knows its pools.
  void Serve(const std::string& config);
  // The configuration is another one now, which is taken up as Router does. Fails with what is
  // wrong with it; then all is as it was.
  absl::Status Reload(const std::string& config);
  // How many configurations were taken into use.
  int configurations() const { return configurations_; }

  // Texts. A pool is its name and its JSON.
  static std::string Config(const std::vector<std::pair<std::string, std::string>>& pools,
                            absl::string_view route);
  // A pool of these servers; `fields` are more of it, such as "\"max_down\": 1".
  static std::string List(const std::vector<std::size_t>& servers, absl::string_view fields = "");
  // A pool of the pods of a headless Service.
  static std::string Following(absl::string_view service, absl::string_view fields = "");

  // The name server says from now on that these pods are the service's, each on its server.
  using Pods = std::map<std::string, std::size_t>;
  void SetPods(const std::string& service, const Pods& pods);
  // That this host name is that server's.
  void SetHost(const std::string& host, std::size_t server);
  // Nothing is answered from now on but this; kNone ends it.
  using DnsError = discovery::DnsError;
  void FailDns(DnsError error) { dns_.FailWith(error); }
  // How long each answer takes.
  void SetDnsLatency(absl::Duration latency) { dns_.latency = latency; }
  // One member is missing in what the name server says of services, and that it is, is told.
  void TruncateDns();

  // A key of that server in the first pool that has it; another one for another number.
  std::string KeyOf(std::size_t server, int number = 0) const;
  // Many keys, whoever owns them.
  static std::vector<std::string> Keys(int count);
  // The server that owns each key of pool "A" now; kServers if it is none of them.
  std::map<std::string, std::size_t> Owners(const std::vector<std::string>& keys) const;

  static std::string Get(absl::string_view key);
  static std::string Delete(absl::string_view key);
  static std::string Hit(absl::string_view key, absl::string_view value);

  struct Told {
    std::string reply;
    absl::Duration after;

    friend bool operator==(const Told&, const Told&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Told& told) {
      return out << '"' << told.reply << "\" after " << told.after;
    }
  };
  // What is answered to `text`, and after how long.
  Told Await(Client& client, absl::string_view text);
  // The value that a server has, or "none".
  std::string ValueAt(std::size_t server, const std::string& key);
  // How often a server was asked such a line.
  std::size_t Count(std::size_t server, absl::string_view line);
  // What all servers were asked so far is not counted any more.
  void ForgetLines();

 private:
  absl::Status Stage(std::shared_ptr<const RouterConfig> config);
  void UseStaged(const std::shared_ptr<const RouterConfig>& config);

  discovery::ScriptedResolver dns_{&loop_};
  std::unique_ptr<PoolFollowers> followers_;
  int configurations_ = 0;
};

}  // namespace ringcache::router

#endif  // RINGCACHE_ROUTER_SCENARIOS_SCENARIO_FIXTURE_H_

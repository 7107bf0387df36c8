// The members of a cluster as one of its servers tells them: config+host:port, for Amazon
// ElastiCache, Google Memorystore and whoever else answers "config get cluster". Each question
// looks the server's name up, asks it, and looks up the members that have a name and no address.
//
// Thread safety: belongs to its loop's thread.

#ifndef RINGCACHE_CLIENT_CONFIG_CONFIG_SOURCE_H_
#define RINGCACHE_CLIENT_CONFIG_CONFIG_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/config/config_call.h"
#include "client/connection_resources.h"
#include "discovery/discovery_address.h"
#include "discovery/dns_resolver.h"
#include "discovery/list_source.h"
#include "discovery/pool_source.h"
#include "net/event_loop.h"
#include "net/socket_address.h"

namespace ringcache::client {

class ConfigSource final : public discovery::PoolSource {
 public:
  // Addresses of the server's name that one question tries, if they give no answer: two replies of
  // each, at kReplyTimeout, fit into the 30 s that a watcher gives a question.
  static constexpr std::size_t kMaxTries = 3;
  // Answers in a row with a version below one that was seen, which are thrown away: a server that
  // has not heard of a change yet. After these, the cluster has begun to count anew; nobody but a
  // restarted client would see it else.
  static constexpr int kMaxOlderAnswers = 10;

  // Neither is owned. REQUIRES: `address` is of kind kConfig.
  ConfigSource(net::EventLoop* loop, discovery::DnsResolver* resolver,
               const discovery::DiscoveryAddress& address);
  ~ConfigSource() override;

  void Ask(Callback done) override;
  void Cancel() override;
  void NotifyOfChanges(std::function<void()> /*changed*/) override {}

 private:
  void TakeAddresses(discovery::PoolAnswer answer);
  void Call();
  void TakeConfig(ConfigCall::Answer answer);
  // Decides between `answer` and the members of before, by the version.
  void UseVersion(std::uint64_t version, discovery::PoolAnswer answer);
  void LookUpNames();
  void TakeNames(const discovery::PoolAnswer& found);
  void Finish();
  void FinishWith(discovery::PoolOutcome outcome, std::string problem);

  net::EventLoop* const loop_;
  discovery::DnsResolver* const resolver_;
  ConnectionResources resources_;
  discovery::ListSource server_;  // a list of one name, or address
  // That which answered last, if any; it is asked first.
  std::optional<net::SocketAddress> answering_;

  std::uint64_t version_ = 0;
  int older_answers_ = 0;
  std::vector<discovery::Candidate> members_;  // of that version, as the server tells them

  // Of the question under way.
  Callback done_;
  discovery::PoolAnswer answer_;
  std::vector<net::SocketAddress> addresses_;
  std::size_t next_address_ = 0;
  std::unique_ptr<ConfigCall> call_;
  std::vector<std::size_t> places_;  // of `names_` in answer_.candidates
  std::unique_ptr<discovery::ListSource> names_;
};

}  // namespace ringcache::client

#endif  // RINGCACHE_CLIENT_CONFIG_CONFIG_SOURCE_H_

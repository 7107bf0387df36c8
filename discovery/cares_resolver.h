// DnsResolver on c-ares: it sends, waits, repeats and chooses among servers; the answers are read
// by dns_answer.h, as c-ares 1.18's own parser of SRV drops TTLs and additional records.
//
// c-ares does not ask over TCP by itself: a truncated answer is known as such, and serves if TCP is
// blocked. And as it calls all servers unreachable when they all fail, the first of them is then
// asked once more, for its word.
//
// Thread safety: belongs to its loop's thread.

#ifndef RINGCACHE_DISCOVERY_CARES_RESOLVER_H_
#define RINGCACHE_DISCOVERY_CARES_RESOLVER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "discovery/cares_channel.h"
#include "discovery/dns_resolver.h"
#include "discovery/hosts_file.h"
#include "net/event_loop.h"

namespace ringcache::discovery {

struct CaresOptions {
  // "10.96.0.10", "127.0.0.1:5353", "[::1]:53"; empty: those of resolv_conf.
  std::vector<std::string> servers = {};
  // Read once: kubelet writes it before a pod starts.
  std::string resolv_conf = "/etc/resolv.conf";
  // Looked at for each question, read when it has changed; empty: none.
  std::string hosts_file = "/etc/hosts";
  // Unset: that of resolv_conf.
  std::optional<SearchPath> search_path = std::nullopt;
  // For the first try; each round over the servers waits twice as long as the one before. With the
  // defaults a question has its last answer, or kTimeout, after 2 + 4 = 6 s for one server.
  absl::Duration timeout = absl::Seconds(2);
  int tries = 2;

  absl::Status Validate() const;
};

class CaresResolver final : public DnsResolver {
 public:
  // Fails if the options are wrong, or resolv.conf cannot be understood. `loop` is not owned.
  static absl::StatusOr<std::unique_ptr<CaresResolver>> Create(net::EventLoop* loop,
                                                               const CaresOptions& options);
  ~CaresResolver() override;

  QueryId Query(const std::string& name, DnsType type, Callback done) override;
  void Cancel(QueryId query) override { callbacks_.erase(query); }
  const SearchPath& search_path() const override { return search_path_; }
  bool IsLocalName(const std::string& name) const override;

 private:
  CaresResolver(net::EventLoop* loop, const CaresOptions& options);
  bool AnswerFromHosts(QueryId query, const std::string& name, DnsType type);
  void AskForTheReason(QueryId query, const std::string& name, DnsType type, DnsReply reply);
  void TakeOverUdp(QueryId query, const std::string& name, DnsType type, DnsReply reply);
  // Calls back from the loop, unless cancelled by then.
  void Deliver(QueryId query, DnsReply reply);

  net::EventLoop* const loop_;
  mutable HostsFile hosts_;
  SearchPath search_path_;
  QueryId last_query_ = 0;
  std::unordered_map<QueryId, Callback> callbacks_;
  // What was posted finds out by this that the resolver is gone.
  const std::shared_ptr<CaresResolver*> self_;
  // Last, as their destruction ends their questions, which may not find anything gone.
  std::unique_ptr<CaresChannel> udp_;
  std::unique_ptr<CaresChannel> tcp_;
  std::unique_ptr<CaresChannel> as_answered_;
};

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_CARES_RESOLVER_H_

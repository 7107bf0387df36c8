// A name server for tests, on a port of the loopback that the kernel chooses, UDP and TCP: it gives
// the records that it has, and misbehaves as it is told.
//
// Thread safety: belongs to its loop's thread.

#ifndef RINGCACHE_DISCOVERY_FAKE_DNS_SERVER_H_
#define RINGCACHE_DISCOVERY_FAKE_DNS_SERVER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "discovery/dns_answer.h"
#include "net/descriptor.h"
#include "net/event_loop.h"
#include "net/socket_address.h"

namespace ringcache::discovery {

class FakeDnsServer {
 public:
  enum class Manner {
    kHonest,
    kSilent,
    kServerFailure,
    kRefusing,
    kWrongId,
    kWrongQuestion,
    kGarbage,        // the right id, then bytes that are no message
    kTruncating,     // over UDP; honest over TCP
    kTruncatingAll,  // over TCP as well
  };

  explicit FakeDnsServer(net::EventLoop* loop);
  ~FakeDnsServer();
  FakeDnsServer(const FakeDnsServer&) = delete;
  FakeDnsServer& operator=(const FakeDnsServer&) = delete;

  // "127.0.0.1:12345"
  std::string address() const;

  Manner manner = Manner::kHonest;
  // What is given for a name and a type; NXDOMAIN if the name has no record at all.
  void Set(const std::string& name, DnsType type, std::vector<DnsRecord> records);
  void Clear() { records_.clear(); }
  // Given with each answer that has a record.
  std::vector<DnsRecord> additional = {};

  int udp_questions() const { return udp_questions_; }
  int tcp_questions() const { return tcp_questions_; }
  // In order; of both.
  const std::vector<std::string>& asked() const { return asked_; }

 private:
  class Socket;

  void Listen();
  void OnUdp();
  void OnTcp();
  // Empty for silence.
  std::string ReplyTo(const std::string& question, bool tcp);
  DnsAnswer AnswerTo(const std::string& name, DnsType type) const;

  net::EventLoop* const loop_;
  net::SocketAddress bound_;
  std::map<std::pair<std::string, DnsType>, std::vector<DnsRecord>> records_;
  int udp_questions_ = 0;
  int tcp_questions_ = 0;
  std::vector<std::string> asked_;
  std::unique_ptr<Socket> udp_;
  std::unique_ptr<Socket> tcp_;
  std::vector<std::unique_ptr<Socket>> connections_;
};

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_FAKE_DNS_SERVER_H_

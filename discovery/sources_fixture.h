// Base of the tests of sources: one question to a source, in simulated time, with a resolver that
// knows what the test says.
//
// Thread safety: none.

#ifndef RINGCACHE_DISCOVERY_SOURCES_FIXTURE_H_
#define RINGCACHE_DISCOVERY_SOURCES_FIXTURE_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "discovery/dns_message.h"
#include "discovery/dns_records.h"
#include "discovery/pool_source.h"
#include "discovery/scripted_resolver.h"
#include "gtest/gtest.h"
#include "net/simulated_loop.h"

namespace ringcache::discovery {

class SourcesFixture : public ::testing::Test {
 protected:
  PoolAnswer Ask(PoolSource* source) {
    std::optional<PoolAnswer> got;
    source->Ask([&got](PoolAnswer answer) { got = std::move(answer); });
    EXPECT_FALSE(got.has_value()) << "called from within Ask";
    loop_.RunFor(absl::Seconds(5));
    EXPECT_TRUE(got.has_value()) << "not called";
    return got.value_or(PoolAnswer{});
  }

  // "a:11211=10.0.0.1|10.0.0.2 b:11212*3=": name, port, weight if it is not 1, addresses.
  static std::string Text(const PoolAnswer& answer) {
    return absl::StrJoin(answer.candidates, " ", [](std::string* out, const Candidate& candidate) {
      absl::StrAppend(out, candidate.name, ":", candidate.port,
                      candidate.weight == 1 ? "" : absl::StrCat("*", candidate.weight), "=");
      absl::StrAppend(out, absl::StrJoin(candidate.addresses, "|",
                                         [](std::string* out, const net::SocketAddress& address) {
                                           std::string text = address.ToString();
                                           out->append(text, 0, text.rfind(':'));
                                         }));
    });
  }

  void SetAddresses(const std::string& name, const std::vector<std::string>& addresses,
                    int ttl_s = 5) {
    std::vector<DnsRecord> v4;
    std::vector<DnsRecord> v6;
    for (const std::string& address : addresses) {
      DnsRecord record = AddressRecord(name, address, ttl_s);
      (record.type == DnsType::kA ? v4 : v6).push_back(std::move(record));
    }
    resolver_.Set(name, DnsType::kA, std::move(v4));
    resolver_.Set(name, DnsType::kAaaa, std::move(v6));
  }
  void SetReverse(const std::string& address, const std::vector<std::string>& names) {
    const std::string question = ReverseName(AddressBytes(address));
    std::vector<DnsRecord> records;
    for (const std::string& name : names) {
      records.push_back(NameRecord(DnsType::kPtr, question, name));
    }
    resolver_.Set(question, DnsType::kPtr, std::move(records));
  }

  net::SimulatedLoop loop_;
  ScriptedResolver resolver_{&loop_};
};

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_SOURCES_FIXTURE_H_

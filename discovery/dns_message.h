// Writes DNS messages for tests: what a server would answer, and what a hostile one would.
//
// Thread safety: none.

#ifndef RINGCACHE_DISCOVERY_DNS_MESSAGE_H_
#define RINGCACHE_DISCOVERY_DNS_MESSAGE_H_

#include <arpa/inet.h>

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "discovery/dns_answer.h"

namespace ringcache::discovery {

inline std::string Short(unsigned value) {
  return {static_cast<char>(value >> 8 & 0xff), static_cast<char>(value & 0xff)};
}
inline std::string Long(std::uint32_t value) { return Short(value >> 16) + Short(value); }

// Labels without compression.
inline std::string WireName(absl::string_view name) {
  std::string wire;
  for (const absl::string_view label : absl::StrSplit(name, '.', absl::SkipEmpty())) {
    wire.push_back(static_cast<char>(label.size()));
    wire.append(label.data(), label.size());
  }
  wire.push_back('\0');
  return wire;
}

// A record of any bytes.
inline std::string WireRecord(absl::string_view name, unsigned type, std::uint32_t ttl_s,
                              const std::string& data) {
  return WireName(name) + Short(type) + Short(1) + Long(ttl_s) +
         Short(static_cast<unsigned>(data.size())) + data;
}
inline std::string WireRecord(const DnsRecord& record) {
  std::string data = record.address;
  if (record.type == DnsType::kSrv) {
    data = Short(record.priority) + Short(record.weight) + Short(record.port);
  }
  if (record.type != DnsType::kA && record.type != DnsType::kAaaa) data += WireName(record.target);
  return WireRecord(record.name, static_cast<unsigned>(record.type),
                    static_cast<std::uint32_t>(absl::ToInt64Seconds(record.ttl)), data);
}

struct WireHeader {
  std::uint16_t id = 0;
  unsigned bits = 0x8180;  // a reply, recursion desired and available
  int answers = 0;
  int authorities = 0;
  int additional = 0;
};
inline std::string WireMessage(const WireHeader& header, absl::string_view question, DnsType type,
                               const std::string& records) {
  return Short(header.id) + Short(header.bits) + Short(1) + Short(header.answers) +
         Short(header.authorities) + Short(header.additional) + WireName(question) +
         Short(static_cast<unsigned>(type)) + Short(1) + records;
}
inline std::string WireMessage(const DnsAnswer& answer, std::uint16_t id) {
  WireHeader header{.id = id};
  header.bits |= static_cast<unsigned>(answer.rcode) | (answer.truncated ? 0x0200u : 0u);
  header.answers = static_cast<int>(answer.answers.size());
  header.additional = static_cast<int>(answer.additional.size());
  std::string records;
  for (const DnsRecord& record : answer.answers) records += WireRecord(record);
  for (const DnsRecord& record : answer.additional) records += WireRecord(record);
  return WireMessage(header, answer.question, answer.question_type, records);
}

// "10.0.0.1" or "::1" in network order.
inline std::string AddressBytes(const std::string& text) {
  char bytes[16];
  if (inet_pton(AF_INET, text.c_str(), bytes) == 1) return std::string(bytes, 4);
  if (inet_pton(AF_INET6, text.c_str(), bytes) == 1) return std::string(bytes, 16);
  return {};
}

inline DnsRecord AddressRecord(std::string name, const std::string& address, int ttl_s = 5) {
  DnsRecord record{.name = std::move(name), .ttl = absl::Seconds(ttl_s)};
  record.address = AddressBytes(address);
  record.type = record.address.size() == 4 ? DnsType::kA : DnsType::kAaaa;
  return record;
}
inline DnsRecord ServiceRecord(std::string name, std::string target, std::uint16_t port,
                               std::uint16_t weight = 0, int ttl_s = 5) {
  return {.name = std::move(name),
          .type = DnsType::kSrv,
          .ttl = absl::Seconds(ttl_s),
          .target = std::move(target),
          .priority = 0,
          .weight = weight,
          .port = port};
}
// kCname or kPtr.
inline DnsRecord NameRecord(DnsType type, std::string name, std::string target, int ttl_s = 5) {
  DnsRecord record{.name = std::move(name), .type = type, .ttl = absl::Seconds(ttl_s)};
  record.target = std::move(target);
  return record;
}

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_DNS_MESSAGE_H_

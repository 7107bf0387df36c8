// Any bytes as a DNS message: the parser reads nothing past its input, and what it accepts keeps to
// the limits of the protocol.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "absl/strings/string_view.h"
#include "discovery/dns_answer.h"

namespace ringcache::discovery {
namespace {

// Each byte of a name may be escaped as four.
constexpr std::size_t kMaxWrittenBytes = 4 * 255;
// A record's name, type, class, TTL and length.
constexpr std::size_t kMinRecordBytes = 11;

void Require(bool condition) {
  if (!condition) std::abort();
}

void RequireSound(const DnsRecord& record) {
  Require(record.name.size() <= kMaxWrittenBytes && record.target.size() <= kMaxWrittenBytes);
  for (const char c : record.name) Require(c > ' ' && c < 127);
  for (const char c : record.target) Require(c > ' ' && c < 127);
  Require(record.ttl >= absl::ZeroDuration());
  if (record.type == DnsType::kA) Require(record.address.size() == 4);
  if (record.type == DnsType::kAaaa) Require(record.address.size() == 16);
}

}  // namespace

void TestOneInput(const std::uint8_t* data, std::size_t size) {
  // A copy of exactly this size, so that AddressSanitizer sees a read past the end.
  const std::unique_ptr<char[]> copy(new char[size]);
  for (std::size_t i = 0; i < size; ++i) copy[i] = static_cast<char>(data[i]);
  const auto answer = ParseDnsAnswer(absl::string_view(copy.get(), size));
  if (!answer.ok()) return;
  const std::size_t records = answer->answers.size() + answer->additional.size();
  Require(records * kMinRecordBytes <= size);
  for (const DnsRecord& record : answer->answers) RequireSound(record);
  for (const DnsRecord& record : answer->additional) RequireSound(record);
  const auto resolved = FollowAliases(*answer);
  if (!resolved.ok()) return;
  for (const DnsRecord& record : resolved->records) {
    Require(record.type == answer->question_type && record.name == resolved->name);
    Require(record.ttl >= resolved->ttl);
  }
}

}  // namespace ringcache::discovery

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ringcache::discovery::TestOneInput(data, size);
  return 0;
}

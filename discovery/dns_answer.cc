#include "discovery/dns_answer.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "discovery/dns_name.h"

namespace ringcache::discovery {
namespace {

constexpr std::size_t kHeaderBytes = 12;
constexpr std::size_t kMaxNameBytes = 255;  // on the wire, with the root's length
constexpr std::uint16_t kClassInternet = 1;
constexpr std::uint8_t kPointerBits = 0xc0;
// RFC 2181, section 8: a TTL with the top bit set counts as zero.
constexpr std::uint32_t kMaxTtlSeconds = 0x7fffffff;
// RFC 1035, section 4.1.1.
constexpr std::uint16_t kResponseBit = 0x8000;
constexpr std::uint16_t kOpcodeBits = 0x7800;
constexpr std::uint16_t kTruncatedBit = 0x0200;
constexpr std::uint16_t kRcodeBits = 0x000f;

// What is left of a message. A read past the end makes it fail, and every later read.
class Cursor {
 public:
  explicit Cursor(absl::string_view message) : message_(message) {}

  bool failed() const { return failed_; }
  std::size_t at() const { return at_; }
  std::size_t left() const { return message_.size() - at_; }
  void Fail() { failed_ = true; }

  std::uint8_t Byte() {
    if (failed_ || left() < 1) {
      failed_ = true;
      return 0;
    }
    return static_cast<std::uint8_t>(message_[at_++]);
  }
  std::uint16_t Short() {
    const std::uint16_t high = Byte();
    return static_cast<std::uint16_t>(high << 8 | Byte());
  }
  std::uint32_t Long() {
    const std::uint32_t high = Short();
    return high << 16 | Short();
  }
  absl::string_view Bytes(std::size_t size) {
    if (failed_ || left() < size) {
      failed_ = true;
      return {};
    }
    at_ += size;
    return message_.substr(at_ - size, size);
  }
  std::string Name();

 private:
  const absl::string_view message_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

void AppendLabel(absl::string_view label, std::string* name) {
  if (!name->empty()) name->push_back('.');
  for (const char c : label) {
    if (absl::ascii_isalnum(c) || c == '-' || c == '_') {
      name->push_back(absl::ascii_tolower(c));
    } else {
      absl::StrAppendFormat(name, "\\%03d", static_cast<unsigned char>(c));
    }
  }
}

// Each pointer leads before the place where the name, or the part of it that a pointer led to,
// began: so there is no circle, and a name has no more pointers than the message has bytes. The
// bound on the name's length ends it long before.
std::string Cursor::Name() {
  std::string name;
  std::size_t bytes = 1;
  std::size_t began = at_;
  std::size_t resume = 0;  // where reading goes on after the name; 0: no pointer yet
  while (!failed_) {
    const std::uint8_t size = Byte();
    if ((size & kPointerBits) == kPointerBits) {
      const std::size_t target = static_cast<std::size_t>(size & ~kPointerBits) << 8 | Byte();
      if (failed_ || target >= began) break;
      if (resume == 0) resume = at_;
      at_ = began = target;
      continue;
    }
    if ((size & kPointerBits) != 0) break;
    if (size == 0) {
      if (failed_) break;
      if (resume != 0) at_ = resume;
      return name;
    }
    bytes += 1 + std::size_t{size};
    if (bytes > kMaxNameBytes) break;
    AppendLabel(Bytes(size), &name);
  }
  failed_ = true;
  return {};
}

bool IsKnown(std::uint16_t type) {
  switch (static_cast<DnsType>(type)) {
    case DnsType::kA:
    case DnsType::kCname:
    case DnsType::kPtr:
    case DnsType::kAaaa:
    case DnsType::kSrv:
      return true;
  }
  return false;
}

void ReadData(Cursor* cursor, std::size_t size, DnsRecord* record) {
  switch (record->type) {
    case DnsType::kA:
    case DnsType::kAaaa:
      if (size != (record->type == DnsType::kA ? 4u : 16u)) return cursor->Fail();
      record->address = std::string(cursor->Bytes(size));
      return;
    case DnsType::kSrv:
      record->priority = cursor->Short();
      record->weight = cursor->Short();
      record->port = cursor->Short();
      record->target = cursor->Name();
      return;
    case DnsType::kCname:
    case DnsType::kPtr:
      record->target = cursor->Name();
      return;
  }
}

// Appends the next record to `*records` if it is of a known type and class.
void ReadRecord(Cursor* cursor, std::vector<DnsRecord>* records) {
  DnsRecord record;
  record.name = cursor->Name();
  const std::uint16_t type = cursor->Short();
  const std::uint16_t record_class = cursor->Short();
  const std::uint32_t ttl = cursor->Long();
  const std::size_t size = cursor->Short();
  if (!IsKnown(type) || record_class != kClassInternet) {
    cursor->Bytes(size);
    return;
  }
  record.type = static_cast<DnsType>(type);
  record.ttl = absl::Seconds(ttl > kMaxTtlSeconds ? 0 : ttl);
  const std::size_t end = cursor->at() + size;
  if (cursor->left() < size) return cursor->Fail();
  ReadData(cursor, size, &record);
  if (cursor->at() != end) cursor->Fail();
  if (!cursor->failed()) records->push_back(std::move(record));
}

absl::Status Malformed(const Cursor& cursor, absl::string_view what) {
  return absl::DataLossError(absl::StrCat("not a DNS answer: ", what, " near byte ", cursor.at()));
}

}  // namespace

absl::StatusOr<DnsAnswer> ParseDnsAnswer(absl::string_view message) {
  Cursor cursor(message);
  if (message.size() < kHeaderBytes) return Malformed(cursor, "too short a header");
  DnsAnswer answer;
  cursor.Short();  // the id, which whoever asked has compared
  const std::uint16_t bits = cursor.Short();
  const int questions = cursor.Short();
  const int answers = cursor.Short();
  const int authorities = cursor.Short();
  const int additional = cursor.Short();
  if ((bits & kResponseBit) == 0 || (bits & kOpcodeBits) != 0 || questions != 1) {
    return Malformed(cursor, "no reply to one question");
  }
  answer.rcode = bits & kRcodeBits;
  answer.truncated = (bits & kTruncatedBit) != 0;
  answer.question = cursor.Name();
  answer.question_type = static_cast<DnsType>(cursor.Short());
  const std::uint16_t question_class = cursor.Short();
  if (cursor.failed() || question_class != kClassInternet) return Malformed(cursor, "the question");
  std::vector<DnsRecord> skipped;
  const auto read = [&cursor](int count, std::vector<DnsRecord>* records) {
    for (int i = 0; i < count && !cursor.failed(); ++i) ReadRecord(&cursor, records);
  };
  read(answers, &answer.answers);
  read(authorities, &skipped);
  read(additional, &answer.additional);
  if (cursor.failed() && !answer.truncated) return Malformed(cursor, "a record");
  return answer;
}

absl::StatusOr<ResolvedRecords> FollowAliases(const DnsAnswer& answer) {
  ResolvedRecords result;
  result.name = answer.question;
  for (int aliases = 0; aliases <= kMaxAliases; ++aliases) {
    const DnsRecord* alias = nullptr;
    for (const DnsRecord& record : answer.answers) {
      if (record.name != result.name) continue;
      if (record.type == answer.question_type) {
        result.records.push_back(record);
        result.ttl = std::min(result.ttl, record.ttl);
      } else if (record.type == DnsType::kCname && alias == nullptr) {
        alias = &record;
      }
    }
    if (!result.records.empty() || alias == nullptr) return result;
    result.name = alias->target;
    result.ttl = std::min(result.ttl, alias->ttl);
  }
  return absl::DataLossError(absl::StrCat("the aliases of ", answer.question,
                                          " go round in a circle or are more than ", kMaxAliases));
}

}  // namespace ringcache::discovery

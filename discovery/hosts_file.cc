#include "discovery/hosts_file.h"

#include <arpa/inet.h>

#include <fstream>
#include <utility>

#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "discovery/dns_name.h"

namespace ringcache::discovery {
namespace {

// The file may change at any time and is looked at again then; this is when somebody looks.
constexpr absl::Duration kTtl = absl::Seconds(5);

// The four or sixteen bytes of a numeric address, empty for what is none.
std::string Bytes(const std::string& text) {
  char bytes[16];
  if (inet_pton(AF_INET, text.c_str(), bytes) == 1) return std::string(bytes, 4);
  if (inet_pton(AF_INET6, text.c_str(), bytes) == 1) return std::string(bytes, 16);
  return {};
}

DnsRecord Record(const std::string& name, std::string bytes) {
  DnsRecord record{.name = name, .ttl = kTtl};
  record.type = bytes.size() == 4 ? DnsType::kA : DnsType::kAaaa;
  record.address = std::move(bytes);
  return record;
}

}  // namespace

HostsFile::HostsFile(std::string path) : path_(std::move(path)) {}

std::vector<DnsRecord> HostsFile::Find(const std::string& name) {
  RefreshIfChanged();
  const auto found = records_.find(name);
  if (found != records_.end()) return found->second;
  if (name == "localhost" || IsBelow(name, "localhost")) {
    return {Record(name, Bytes("127.0.0.1")), Record(name, Bytes("::1"))};
  }
  return {};
}

void HostsFile::RefreshIfChanged() {
  struct stat now = {};
  if (path_.empty() || stat(path_.c_str(), &now) != 0) {
    records_.clear();
    seen_ = {};
    return;
  }
  if (now.st_ino == seen_.st_ino && now.st_size == seen_.st_size &&
      now.st_mtim.tv_sec == seen_.st_mtim.tv_sec && now.st_mtim.tv_nsec == seen_.st_mtim.tv_nsec) {
    return;
  }
  seen_ = now;
  std::ifstream file(path_, std::ios::binary);
  std::string text(kMaxBytes, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  Read(text);
}

void HostsFile::Read(absl::string_view text) {
  records_.clear();
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    line = line.substr(0, line.find('#'));
    const std::vector<std::string> words =
        absl::StrSplit(line, absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
    if (words.empty()) continue;
    const std::string bytes = Bytes(words[0]);
    if (bytes.empty()) continue;
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (!IsHostName(words[i])) continue;
      const std::string name = CanonicalName(words[i]);
      records_[name].push_back(Record(name, bytes));
    }
  }
}

}  // namespace ringcache::discovery

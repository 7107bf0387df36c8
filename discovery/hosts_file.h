// The names that /etc/hosts gives addresses to: what Kubernetes' hostAliases and Docker's links
// write there, and `localhost`, which is the loopback even without a file (RFC 6761, section 6.3).
//
// Thread safety: none; belongs to its owner's thread.

#ifndef RINGCACHE_DISCOVERY_HOSTS_FILE_H_
#define RINGCACHE_DISCOVERY_HOSTS_FILE_H_

#include <sys/stat.h>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "discovery/dns_answer.h"

namespace ringcache::discovery {

class HostsFile {
 public:
  // What is behind this is not read.
  static constexpr std::size_t kMaxBytes = 1 << 20;

  // An empty path, or a file that cannot be read, is a file without a line.
  explicit HostsFile(std::string path);

  // The records of `name`, which is canonical, of either type; empty if it is not there. Reads the
  // file anew if it has changed.
  std::vector<DnsRecord> Find(const std::string& name);

 private:
  void RefreshIfChanged();
  void Read(absl::string_view text);

  const std::string path_;
  struct stat seen_ = {};
  std::map<std::string, std::vector<DnsRecord>> records_;
};

}  // namespace ringcache::discovery

#endif  // RINGCACHE_DISCOVERY_HOSTS_FILE_H_

#include "router/router_options.h"

#include "absl/strings/str_cat.h"
#include "net/worker_pool.h"

namespace ringcache::router {
namespace {

absl::Status Wrong(absl::string_view what, std::size_t value, absl::string_view right) {
  return absl::InvalidArgumentError(absl::StrCat(what, " is ", value, "; ", right));
}

}  // namespace

absl::Status RouterOptions::Validate() const {
  const int configurations =
      (config_file.empty() ? 0 : 1) + (config_text.empty() ? 0 : 1) + (servers.empty() ? 0 : 1);
  if (configurations != 1) {
    return absl::InvalidArgumentError(
        "a router needs one of a configuration file (-f), a configuration (--config-str) and the "
        "address of its servers (--servers)");
  }
  if (num_proxies < 1 || num_proxies > static_cast<int>(net::WorkerPool::kMaxWorkers)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "num_proxies is ", num_proxies, "; a router has 1 to ", net::WorkerPool::kMaxWorkers));
  }
  if (max_client_outstanding < 1) {
    return Wrong("max_client_outstanding", max_client_outstanding, "at least 1");
  }
  if (max_requests_per_event < 1) {
    return Wrong("max_requests_per_event", max_requests_per_event, "at least 1");
  }
  if (max_client_reply_bytes < client_pause_bytes) {
    return Wrong("max_client_reply_bytes", max_client_reply_bytes,
                 absl::StrCat("not below client_pause_bytes, ", client_pause_bytes));
  }
  if (max_reply_bytes < max_client_reply_bytes) {
    return Wrong("max_reply_bytes", max_reply_bytes,
                 absl::StrCat("not below max_client_reply_bytes, ", max_client_reply_bytes));
  }
  if (absl::Status status = cluster.Validate(); !status.ok()) return status;
  return discovery.Validate();
}

}  // namespace ringcache::router

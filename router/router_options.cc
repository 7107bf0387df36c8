#include "router/router_options.h"

#include "absl/strings/str_cat.h"
#include "router/config/routing_prefix.h"

namespace ringcache::router {
namespace {

absl::Status Wrong(absl::string_view what) { return absl::InvalidArgumentError(what); }

absl::Status ValidateListening(const RouterOptions& options) {
  for (const int port : options.ports) {
    if (port < 0 || port > 65535) {
      return Wrong(absl::StrCat("--port ", port, ": ports are 0 to 65535"));
    }
  }
  if (options.ports.empty() && options.unix_socket.empty()) {
    return Wrong("there is nothing to listen on; give --port or --unix-domain-sock");
  }
  if (options.listen_backlog < 1) {
    return Wrong("--tcp-listen-backlog: the backlog must be greater than 0");
  }
  if (options.num_proxies < 1 || options.num_proxies > RouterOptions::kMaxProxies) {
    return Wrong(absl::StrCat("--num-proxies ", options.num_proxies, ": give 1 to ",
                              RouterOptions::kMaxProxies, "; one for each processor is enough"));
  }
  return absl::OkStatus();
}

absl::Status ValidateClients(const RouterOptions& options) {
  if (options.max_client_outstanding < 1 ||
      options.max_client_outstanding > RouterOptions::kMaxOutstanding) {
    return Wrong(absl::StrCat("--max-client-outstanding-reqs ", options.max_client_outstanding,
                              ": give 1 to ", RouterOptions::kMaxOutstanding,
                              "; a client without a bound could take all memory"));
  }
  if (options.max_requests_per_event < 1) {
    return Wrong("--reqs-per-read: requests per event must be greater than 0");
  }
  if (options.client_pause_bytes < RouterOptions::kMinReplyBytes ||
      options.max_client_reply_bytes < options.client_pause_bytes ||
      options.max_reply_bytes < options.max_client_reply_bytes) {
    return Wrong(absl::StrCat("--client-pause-bytes ", options.client_pause_bytes,
                              ", --max-client-reply-bytes ", options.max_client_reply_bytes,
                              " and --max-reply-bytes ", options.max_reply_bytes,
                              ": the first is at least ", RouterOptions::kMinReplyBytes,
                              ", and none is below the one before it"));
  }
  if (options.max_held_value_bytes < RouterOptions::kMinReplyBytes ||
      options.max_held_value_bytes > RouterOptions::kMaxHeldValueBytes) {
    return Wrong(absl::StrCat("--max-held-value ", options.max_held_value_bytes, ": give ",
                              RouterOptions::kMinReplyBytes, " to ",
                              RouterOptions::kMaxHeldValueBytes, " bytes"));
  }
  if (options.max_upload_pause <= absl::ZeroDuration()) {
    return Wrong("--max-upload-pause: it must be above zero");
  }
  return absl::OkStatus();
}

absl::Status ValidateRoutes(const RouterOptions& options) {
  const int sources = static_cast<int>(!options.config_file.empty()) +
                      static_cast<int>(!options.config_text.empty()) +
                      static_cast<int>(!options.servers.empty());
  if (sources != 1) {
    return Wrong(absl::StrCat(sources == 0 ? "there are no routes" : "routes are given twice",
                              "; give --config-file=FILE, --config-str=JSON or --servers=ADDRESS",
                              sources == 0 ? "" : ", one of them"));
  }
  if (absl::Status status = CheckRoutingPrefix(options.tree.default_prefix); !status.ok()) {
    return Wrong(absl::StrCat("--route-prefix: ", status.message()));
  }
  const std::size_t split_bytes = options.tree.big_value_split_bytes;
  if (split_bytes > 0 && (split_bytes < RouteTreeOptions::kMinBigValueBytes ||
                          split_bytes > options.max_held_value_bytes)) {
    return Wrong(absl::StrCat("--big-value-split-threshold ", split_bytes, ": give 0 for none, or ",
                              RouteTreeOptions::kMinBigValueBytes,
                              " to --max-held-value, which is ", options.max_held_value_bytes));
  }
  return absl::OkStatus();
}

absl::Status ValidateSpool(const RouterOptions& options) {
  if (!options.keep_deletes) return absl::OkStatus();
  SpoolOptions spool = options.spool;
  if (spool.folder.empty()) spool.folder = "/tmp";
  return spool.Validate();
}

}  // namespace

absl::Status RouterOptions::Validate() const {
  if (absl::Status status = ValidateListening(*this); !status.ok()) return status;
  if (absl::Status status = ValidateClients(*this); !status.ok()) return status;
  if (absl::Status status = ValidateRoutes(*this); !status.ok()) return status;
  if (absl::Status status = hot_key_cache.Validate(); !status.ok()) return status;
  if (absl::Status status = ValidateSpool(*this); !status.ok()) return status;
  // The comparison refuses what is no time.
  if (!(drain_wait >= absl::ZeroDuration() && drain_wait <= kMaxDrainWait)) {
    return Wrong(absl::StrCat("--drain-wait ", absl::FormatDuration(drain_wait), ": give 0 to ",
                              absl::ToInt64Seconds(kMaxDrainWait), " seconds"));
  }
  if (absl::Status status = admin.Validate(); !status.ok()) return status;
  if (absl::Status status = cluster.Validate(); !status.ok()) return status;
  return discovery.Validate();
}

}  // namespace ringcache::router

#include "router/foreign_options.h"

namespace ringcache::router {
namespace {

using absl::string_view;
using flags::kNoLetter;

constexpr string_view kNoTls = "TLS is not built; put a TLS proxy in front of the router";
constexpr string_view kNoFibers = "requests run without stacks of their own";
constexpr string_view kByKernel = "the kernel's settings apply";
constexpr string_view kPipelined =
    "requests are pipelined; --target-max-pending-requests and --max-client-outstanding-reqs bound "
    "them";
constexpr string_view kByStats = "figures are told by stats";
constexpr string_view kNoRegions = "pools have one timeout each; see server_timeout of a pool";
constexpr string_view kNoQos = "packets are not marked";

constexpr ForeignOption Noted(string_view name, string_view remark) {
  return {{kNoLetter, name, "VALUE", ""}, false, remark};
}
constexpr ForeignOption NotedSwitch(string_view name, string_view remark) {
  return {{kNoLetter, name, "", ""}, false, remark};
}
constexpr ForeignOption Refused(string_view name, string_view remark) {
  return {{kNoLetter, name, "VALUE", ""}, true, remark};
}
constexpr ForeignOption RefusedSwitch(string_view name, string_view remark) {
  return {{kNoLetter, name, "", ""}, true, remark};
}

constexpr ForeignOption kForeignOptions[] = {
    // Accepted without effect.
    Noted("stats-logging-interval", kByStats),
    Noted("stats-root", kByStats),
    Noted("stats-async-queue-length", kByStats),
    Noted("debug-fifo-root", "traffic is not copied to pipes"),
    Noted("logging-rtt-outlier-threshold-us", kByStats),
    NotedSwitch("disable-failure-logging", "what happens to members is told by stats servers"),
    NotedSwitch("cpu-cycles", kByStats),
    NotedSwitch("test-mode", "-v chooses what is logged"),
    NotedSwitch("use-asynclog-version2", "what is kept has a form of its own"),
    Noted("client-timeout", "replies that are not taken are bounded by --max-client-reply-bytes"),
    Noted("proxy-max-inflight-requests", kPipelined),
    Noted("proxy-max-throttled-requests", kPipelined),
    Noted("target-max-inflight-requests", kPipelined),
    Noted("target-max-shadow-requests", kPipelined),
    Noted("waiting-request-timeout-ms", kPipelined),
    {{'K', "keepalive-count", "VALUE", ""}, false, kByKernel},
    {{'i', "keepalive-interval", "VALUE", ""}, false, kByKernel},
    {{'I', "keepalive-idle", "VALUE", ""}, false, kByKernel},
    Noted("tcp-rto-min", kByKernel),
    Noted("reset-inactive-connection-interval", "connections to members stay open"),
    Noted("cross-region-timeout-ms", kNoRegions),
    Noted("cross-cluster-timeout-ms", kNoRegions),
    Noted("within-cluster-timeout-ms", kNoRegions),
    NotedSwitch("enable-qos", kNoQos),
    Noted("default-qos-class", kNoQos),
    Noted("default-qos-path", kNoQos),
    Noted("fibers-max-pool-size", kNoFibers),
    Noted("fibers-stack-size", kNoFibers),
    Noted("fibers-record-stack-size-every", kNoFibers),
    Noted("fibers-pool-resize-period-ms", kNoFibers),
    NotedSwitch("disable-fibers-use-guard-pages", kNoFibers),
    Noted("runtime-vars-file", "there are no such variables"),
    Noted("file-observer-poll-period-ms", "see --reconfiguration-delay-ms"),
    Noted("file-observer-sleep-before-update-ms", "see --reconfiguration-delay-ms"),
    NotedSwitch("constantly-reload-configs", "a file is read again when it has changed"),
    NotedSwitch("destination-rate-limiting", "rates of a pool always apply"),
    NotedSwitch("group-remote-errors", "errors are told as they are"),
    NotedSwitch("retain-source-ip", "routes do not look at it"),
    NotedSwitch("postprocess-logging-route", "see --enable-logging-route"),
    NotedSwitch("enable-server-compression", "only caret, which is not spoken, compresses"),
    NotedSwitch("enable-pass-through-mode", "replies are passed on as they came anyway"),
    Noted("carbon-router-name", "memcached's protocol is the only one"),
    Noted("server-load-interval-ms", "load is not told with replies"),
    Noted("tcp-zero-copy-threshold", "long values are sent from where they lie"),
    Noted("tfo-queue-size", kNoTls),
    // Refused.
    Refused("ssl-port", kNoTls),
    Refused("pem-cert-path", kNoTls),
    Refused("pem-key-path", kNoTls),
    Refused("pem-ca-path", kNoTls),
    Refused("server-pem-cert-path", kNoTls),
    Refused("server-pem-key-path", kNoTls),
    Refused("server-pem-ca-path", kNoTls),
    Refused("tls-ticket-key-seed-path", kNoTls),
    RefusedSwitch("ssl-require-peer-certs", kNoTls),
    RefusedSwitch("ssl-verify-peers", kNoTls),
    RefusedSwitch("ssl-connection-cache", kNoTls),
    Refused("listen-sock-fd", "sockets are not taken over; give --port"),
    Refused("config-params", "configurations have no parameters; write their values out"),
    RefusedSwitch("allow-only-gets", "write an OperationSelectorRoute with NullRoute for the rest"),
    RefusedSwitch("no-network", "there are always members; give --servers"),
};

}  // namespace

absl::Span<const ForeignOption> ForeignOptions() { return kForeignOptions; }

}  // namespace ringcache::router

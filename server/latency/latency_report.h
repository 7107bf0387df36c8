// The reply to `stats latency`.
//
// Thread safety: a pure function.

#ifndef RINGCACHE_SERVER_LATENCY_LATENCY_REPORT_H_
#define RINGCACHE_SERVER_LATENCY_LATENCY_REPORT_H_

#include <array>
#include <string>

#include "metrics/latency_histogram.h"
#include "server/latency/command_class.h"

namespace ringcache::server {

// In the order of CommandClass.
using LatencyHistograms = std::array<metrics::LatencyHistogram, kCommandClassCount>;

// For each class "STAT get:count 12", and its mean, percentiles and maximum in microseconds.
std::string LatencyReport(const LatencyHistograms& histograms);

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_LATENCY_LATENCY_REPORT_H_

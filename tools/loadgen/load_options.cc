#include "tools/loadgen/load_options.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "protocol/request.h"
#include "protocol/request_parser.h"

namespace ringcache::loadgen {
namespace {

absl::Status Wrong(absl::string_view option, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("--", option, ": ", what));
}

absl::Status CheckBetween(absl::string_view option, double value, double least, double most) {
  if (value >= least && value <= most) return absl::OkStatus();
  return Wrong(option, absl::StrCat(value, " is not between ", least, " and ", most));
}

absl::Status ValidateConcurrency(const LoadOptions& o) {
  struct Bound {
    absl::string_view option;
    double value, least, most;
  };
  const Bound bounds[] = {
      {"threads", static_cast<double>(o.threads), 1, 256},
      {"connections", static_cast<double>(o.connections), 1, 100'000},
      {"depth", static_cast<double>(o.depth), 1, 65'536},
      {"multiget", static_cast<double>(o.multiget), 1, 10'000},
      {"keys", static_cast<double>(o.keys), 1, 4e9},
      {"zipf-exponent", o.zipf_exponent, 0, ZipfDistribution::kMaxExponent},
      {"rate", o.rate_per_s, 0, 2e7},
      {"warmup", o.warmup_s, 0, LoadOptions::kMaxDurationS},
      {"duration", o.EffectiveDurationS(), 0.001, LoadOptions::kMaxDurationS},
      {"stall-timeout", o.stall_timeout_s, 0.1, LoadOptions::kMaxDurationS},
      {"server-pid", static_cast<double>(o.server_pid), 0, 1 << 22},
  };
  for (const Bound& bound : bounds) {
    const absl::Status status = CheckBetween(bound.option, bound.value, bound.least, bound.most);
    if (!status.ok()) return status;
  }
  if (o.threads > o.connections) {
    return Wrong("threads", "there are fewer connections than threads; each thread needs one");
  }
  if (std::uint64_t{1} * o.connections * o.depth * o.multiget > LoadOptions::kMaxKeysInFlight) {
    return Wrong("depth", absl::StrCat("connections x depth x multiget exceeds ",
                                       LoadOptions::kMaxKeysInFlight, " keys in flight"));
  }
  return absl::OkStatus();
}

absl::Status ValidateKeys(const LoadOptions& o) {
  const double least = static_cast<double>(o.key_prefix.size() + KeySpace::kDigits);
  if (o.key_bytes < least || o.key_bytes > int{protocol::kMaxKeyBytes}) {
    return Wrong("key-size",
                 absl::StrCat(o.key_bytes, " is not between ", least,
                              " (the prefix and 8 digits) and ", protocol::kMaxKeyBytes));
  }
  for (const char letter : o.key_prefix) {
    if (letter <= ' ' || letter == 0x7f) {
      return Wrong("key-prefix", "spaces and control characters may not be part of a key");
    }
  }
  const std::size_t line = std::size_t{o.multiget} * (o.key_bytes + 1) + 8;
  if (line > protocol::kMaxMultigetLineBytes) {
    return Wrong("multiget", absl::StrCat("a line of ", line, " bytes; servers take ",
                                          protocol::kMaxMultigetLineBytes));
  }
  return absl::OkStatus();
}

absl::Status ValidateRequests(const LoadOptions& o) {
  if (o.mix.total() == 0) return Wrong("mix", "all shares are 0");
  if (o.multiget > 1 && o.dialect == Dialect::kMeta) {
    return Wrong("multiget", "the meta dialect has one key per request; leave out one of both");
  }
  if (o.meta_return_key && o.dialect != Dialect::kMeta) {
    return Wrong("meta-return-key", "needs --dialect=meta");
  }
  if (o.check == ReplyCheck::kSize) {
    const bool one_kind = o.mix.IsOnly(RequestKind::kGet) || o.mix.IsOnly(RequestKind::kSet);
    if (!one_kind || o.value_sizes.kind != ValueSizes::Kind::kFixed) {
      return Wrong("check", "size needs a mix of only get or only set, and a fixed --value-size");
    }
    if (o.prefill != Prefill::kNo) return Wrong("check", "size cannot be combined with --prefill");
  }
  return absl::OkStatus();
}

}  // namespace

double LoadOptions::EffectiveDurationS() const {
  if (duration_s > 0) return duration_s;
  return requests > 0 ? kRequestsDurationS : 10;
}

absl::Status LoadOptions::Validate() const {
  for (const auto validate : {ValidateConcurrency, ValidateKeys, ValidateRequests}) {
    const absl::Status status = validate(*this);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

Workload LoadOptions::MakeWorkload() const {
  return Workload{
      .keys = KeySpace(keys, static_cast<std::size_t>(key_bytes), key_prefix),
      .popularity = KeyDistribution(distribution, keys, zipf_exponent),
      .values = ValueModel(value_sizes),
      .mix = mix,
      .dialect = dialect,
      .meta_return_key = meta_return_key,
      .multiget = multiget,
      .check = check,
      .verify = verify,
  };
}

}  // namespace ringcache::loadgen

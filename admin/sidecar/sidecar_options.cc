#include "admin/sidecar/sidecar_options.h"

#include <iterator>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "admin/flags/admin_rows.h"
#include "discovery/discovery_address.h"
#include "flags/flag_table.h"

namespace ringcache::admin {
namespace {

using S = SidecarOptions;
using F = flags::Of<S>;
using Admin = AdminRows<S, &S::admin>;

constexpr double kMaxDrainSeconds = 3600;
// In the order of the enumeration.
constexpr flags::Words<2> kFormatWords = {"text", "json"};

constexpr F::Row kRows[] = {
    F::NonEmptyText<&S::memcached>("memcached", "HOST:PORT|unix:PATH", "the memcached beside it"),
    F::Number<&S::drain_wait_s>("drain-wait", "SECONDS",
                                "how long readiness is off before a drain is over"),
    F::Word<&S::log_format, kFormatWords>("log-format", "text|json", "", "for people, or machines"),
    F::Switch<&S::help>("help", "print this"),
    F::Switch<&S::version>("version", "print the version"),
};

std::vector<F::Row> Rows() {
  std::vector<F::Row> rows(std::begin(kRows), std::end(kRows));
  Admin::AppendTo(&rows);
  Admin::AppendObserverTo(&rows);
  return rows;
}

absl::Status CheckMemcached(const std::string& text) {
  const auto address = discovery::DiscoveryAddress::Parse(text);
  if (!address.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("--memcached: ", address.status().message()));
  }
  if (address->kind == discovery::DiscoveryKind::kList && address->members.size() == 1) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "--memcached: '", text, "' is not one server; give for example 127.0.0.1:11211"));
}

}  // namespace

absl::StatusOr<SidecarOptions> ParseSidecarOptions(absl::Span<const absl::string_view> arguments) {
  SidecarOptions options;
  if (absl::Status status = F::Parse(Rows(), arguments, &options); !status.ok()) return status;
  if (options.help || options.version) return options;
  if (absl::Status status = CheckMemcached(options.memcached); !status.ok()) return status;
  if (options.drain_wait_s > kMaxDrainSeconds) {
    return absl::InvalidArgumentError("--drain-wait: at most 3600 seconds");
  }
  if (absl::Status status = options.admin.Validate(); !status.ok()) return status;
  return options;
}

std::string SidecarHelp() {
  return F::Help(
      "ringcache-sidecar: health, statistics and metrics of a stock memcached, as those of a "
      "Ringcache server.",
      Rows());
}

}  // namespace ringcache::admin

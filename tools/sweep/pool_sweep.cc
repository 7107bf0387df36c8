#include "tools/sweep/pool_sweep.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "client/endpoint.h"
#include "client/pool.h"
#include "hashring/ring.h"
#include "tools/sweep/homes.h"
#include "tools/sweep/key_dump.h"
#include "tools/sweep/key_list.h"
#include "tools/table/text_table.h"

namespace ringcache::sweep {
namespace {

constexpr absl::string_view kChanged =
    "the pool's members changed meanwhile, and with them what is foreign; run the sweep again";
// As wide as tools/ring shows names.
constexpr std::size_t kNameColumns = 40;

class PoolSweep {
 public:
  PoolSweep(const SweepOptions& options, cli::PoolSession* session)
      : options_(options),
        session_(*session),
        ring_(session->pool().ring()),
        homes_(ring_, options.replicas),
        held_(options.max_held_bytes) {}

  std::vector<MemberReport> Run() {
    std::vector<MemberReport> reports(ring_->members().size());
    for (std::size_t i = 0; i < reports.size(); ++i) reports[i].name = session_.MemberName(i);
    for (std::uint32_t i = 0; i < reports.size(); ++i) {
      if (IsUnchanged()) SweepMember(i, &reports[i]);
      if (!IsUnchanged()) Note(ExitStatus::kUnsure, kChanged, &reports[i]);
    }
    return reports;
  }

 private:
  bool IsUnchanged() const { return session_.pool().ring() == ring_; }

  static void Note(ExitStatus status, absl::string_view problem, MemberReport* report) {
    report->status = status;
    report->problem = std::string(problem);
  }

  // Dumps and deletes until a dump's foreign keys were all held, and so deleted.
  void SweepMember(std::uint32_t index, MemberReport* report) {
    const discovery::Member& member = session_.pool().member(index).member();
    if (member.address.port() == 0 && !member.address.is_unix()) {
      return Note(ExitStatus::kUnreachable, "it has no address", report);
    }
    // The members may change while the loop runs.
    const client::Endpoint endpoint = client::Endpoint::Of(member);
    bool held_all = false;
    while (!held_all && report->problem.empty()) {
      held_all = Dump(index, endpoint, report);
      if (options_.dry_run || !report->problem.empty() || !IsUnchanged()) break;
      if (!Delete(endpoint, report)) break;
    }
    if (options_.dry_run && report->foreign > 0 && report->status == ExitStatus::kDone) {
      report->status = ExitStatus::kForeign;
    }
  }

  // Whether all foreign keys are held.
  bool Dump(std::uint32_t index, const client::Endpoint& endpoint, MemberReport* report) {
    absl::Status status = absl::AbortedError("");
    std::uint64_t seen = 0, found = 0, held = 0;
    for (int tries = 0; tries <= kMaxBusyPauses && absl::IsAborted(status); ++tries) {
      if (tries > 0) session_.Wait(kBusyPause);
      seen = found = held = 0;
      held_.Clear();
      status = DumpKeys(session_.loop(), endpoint.address, options_.deletes.timeout,
                        [&](absl::string_view key) {
                          ++seen;
                          if (homes_.IsHome(key, index)) return;
                          ++found;
                          if (!options_.dry_run) held += held_.Add(key);
                        });
    }
    if (report->keys == 0) report->keys = seen;
    report->foreign = report->deleted + report->gone + found;
    report->failed = options_.dry_run ? 0 : found;
    if (!status.ok()) {
      const bool is_down = absl::IsUnavailable(status);
      Note(is_down ? ExitStatus::kUnreachable : ExitStatus::kRefused, status.message(), report);
    }
    return held == found;
  }

  // Deletes what is held. Whether that went well and was of use.
  bool Delete(const client::Endpoint& endpoint, MemberReport* report) {
    const DeleteCounts counts = DeleteKeys(session_.loop(), endpoint, options_.deletes, &held_,
                                           [this] { return IsUnchanged(); });
    report->deleted += counts.deleted;
    report->gone += counts.gone;
    report->failed = report->foreign - report->deleted - report->gone;
    if (!counts.trouble.empty()) {
      Note(ExitStatus::kUnreachable, counts.trouble, report);
    } else if (counts.refused > 0) {
      Note(ExitStatus::kRefused,
           absl::StrCat("it refused ", counts.refused, " deletes: ", counts.refusal), report);
    }
    return counts.deleted + counts.gone > 0;
  }

  const SweepOptions& options_;
  cli::PoolSession& session_;
  const std::shared_ptr<const hashring::Ring> ring_;
  const Homes homes_;
  KeyList held_;
};

std::vector<std::string> RowOf(const MemberReport& report) {
  std::vector<std::string> row = {table::Clip(report.name, kNameColumns)};
  for (const std::uint64_t count :
       {report.keys, report.foreign, report.deleted, report.gone, report.failed}) {
    row.push_back(table::WithSeparators(count));
  }
  return row;
}

}  // namespace

std::vector<MemberReport> SweepPool(const SweepOptions& options, cli::PoolSession* session) {
  return PoolSweep(options, session).Run();
}

std::string ReportTable(const std::vector<MemberReport>& reports) {
  table::TextTable table("lrrrrr");
  table.AddRow({"member", "keys", "foreign", "deleted", "gone", "failed"});
  MemberReport total;
  total.name = "total";
  for (const MemberReport& report : reports) {
    table.AddRow(RowOf(report));
    total.keys += report.keys;
    total.foreign += report.foreign;
    total.deleted += report.deleted;
    total.gone += report.gone;
    total.failed += report.failed;
  }
  table.AddRow(RowOf(total));
  return table.ToString();
}

}  // namespace ringcache::sweep

#include "tools/ringctl/stats_command.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "admin/proto/admin.grpc.pb.h"
#include "tools/ringctl/admin_connection.h"
#include "tools/ringctl/answers.pb.h"
#include "tools/ringctl/duration_message.h"
#include "tools/ringctl/json.h"
#include "tools/ringctl/pod_list.h"
#include "tools/ringctl/pod_survey.h"
#include "tools/ringctl/stats_text.h"

namespace ringcache::ringctl {
namespace {

using admin::v1::Stats;
using admin::v1::WatchStatsRequest;

// One table after another, of what happens in between.
class RatesPrinter {
 public:
  RatesPrinter(StatsGroup group, Console* console) : group_(group), console_(console) {}

  // False if nobody can read it any more. The first time there is nothing to compare with.
  bool Print(Pods now) {
    const absl::Time time = absl::Now();
    // A clock that is set is no reason to divide by zero.
    const double seconds = std::max(absl::ToDoubleSeconds(time - time_), 1e-3);
    if (has_before_) {
      console_->Renew();
      console_->Write(StatsRatesText(before_, now, seconds, group_));
    }
    before_ = std::move(now);
    time_ = time;
    has_before_ = true;
    return console_->Flush();
  }

 private:
  const StatsGroup group_;
  Console* const console_;
  Pods before_;
  absl::Time time_;
  bool has_before_ = false;
};

// A pod of its own.
Pods AloneAt(const std::string& address, Stats stats) {
  Pods pods;
  Pod* const pod = pods.add_pods();
  pod->set_name(address);
  pod->set_address(address);
  *pod->mutable_stats() = std::move(stats);
  return pods;
}

void StatsOfOne(const CommandLine& line, Console* console) {
  AdminConnection connection(line.address, line.timeout());
  Stats stats;
  const grpc::Status status = connection.Call(&AdminConnection::Stub::GetStats, {}, &stats);
  if (!status.ok()) return console->Complain(connection.Explain(status));
  console->Write(line.json ? ToJson(stats)
                           : StatsText(AloneAt(line.address, std::move(stats)), line.group()));
}

void WatchOne(const CommandLine& line, Console* console) {
  AdminConnection connection(line.address, line.timeout());
  WatchStatsRequest request;
  *request.mutable_interval() = DurationMessage(line.watch_s);
  grpc::ClientContext context;
  const auto stream = connection.stub()->WatchStats(&context, request);
  RatesPrinter printer(line.group(), console);
  Stats stats;
  while (stream->Read(&stats)) {
    if (line.json) {
      console->Write(ToJson(stats));
      if (!console->Flush()) return context.TryCancel();
    } else if (!printer.Print(AloneAt(line.address, std::move(stats)))) {
      return context.TryCancel();
    }
    stats.Clear();
  }
  const grpc::Status status = stream->Finish();
  if (!status.ok()) console->Complain(connection.Explain(status));
}

// False if there are none to be asked.
bool AskAll(const CommandLine& line, PodSurvey* survey, Pods* pods, Console* console) {
  const auto found = FindPods(line.discovery, line.admin_port);
  if (!found.ok()) {
    const bool is_down = absl::IsUnavailable(found.status());
    console->Complain(is_down ? ExitStatus::kUnreachable : ExitStatus::kUsage,
                      found.status().message());
    return false;
  }
  PodSurvey::Result result = survey->AskStats(*found);
  // The table says what is wrong.
  console->Note(result.worst);
  *pods = std::move(result.pods);
  return true;
}

void StatsOfPods(const CommandLine& line, Console* console) {
  PodSurvey survey(line.timeout());
  Pods pods;
  if (!AskAll(line, &survey, &pods, console)) return;
  console->Write(line.json ? ToJson(pods) : StatsText(pods, line.group()));
}

void WatchPods(const CommandLine& line, Console* console) {
  PodSurvey survey(line.timeout());
  RatesPrinter printer(line.group(), console);
  while (true) {
    Pods pods;
    // What cannot be found now may be found later; a complaint was printed.
    if (AskAll(line, &survey, &pods, console)) {
      if (line.json) {
        console->Write(ToJson(pods));
        if (!console->Flush()) return;
      } else if (!printer.Print(std::move(pods))) {
        return;
      }
    }
    absl::SleepFor(absl::Seconds(line.watch_s));
  }
}

}  // namespace

void RunStats(const CommandLine& line, Console* console) {
  const bool watches = line.watch_s > 0;
  if (line.discovery.empty()) {
    return watches ? WatchOne(line, console) : StatsOfOne(line, console);
  }
  return watches ? WatchPods(line, console) : StatsOfPods(line, console);
}

}  // namespace ringcache::ringctl

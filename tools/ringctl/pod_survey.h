// Asks all pods of a pool at once; one that does not answer keeps no other waiting.
//
// Thread safety: belongs to one thread.

#ifndef RINGCACHE_TOOLS_RINGCTL_POD_SURVEY_H_
#define RINGCACHE_TOOLS_RINGCTL_POD_SURVEY_H_

#include <map>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "tools/ringctl/admin_connection.h"
#include "tools/ringctl/answers.pb.h"
#include "tools/ringctl/exit_status.h"
#include "tools/ringctl/pod_list.h"

namespace ringcache::ringctl {

class PodSurvey {
 public:
  struct Result {
    Pods pods;  // in the order in which they were named
    ExitStatus worst = ExitStatus::kDone;
  };

  explicit PodSurvey(absl::Duration timeout) : timeout_(timeout) {}

  // Connections to pods that were asked before are used again, others closed.
  Result AskStats(absl::Span<const PodAddress> pods);

 private:
  using Connections = std::map<std::string, std::shared_ptr<AdminConnection>>;

  std::shared_ptr<AdminConnection> ConnectionTo(const std::string& address) const;

  const absl::Duration timeout_;
  Connections connections_;
};

}  // namespace ringcache::ringctl

#endif  // RINGCACHE_TOOLS_RINGCTL_POD_SURVEY_H_

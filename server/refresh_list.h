// What SIGHUP reads again: each part of the server that can take up a change without a restart adds
// itself.
//
// Thread safety: belongs to the main loop's thread.

#ifndef RINGCACHE_SERVER_REFRESH_LIST_H_
#define RINGCACHE_SERVER_REFRESH_LIST_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace ringcache::server {

class RefreshList {
 public:
  // Takes up what is written now and returns it in a few words ("verbosity 1"); or keeps what was
  // and returns why.
  using Action = std::function<absl::StatusOr<std::string>()>;

  struct Outcome {
    bool ok = true;  // every action was
    std::string text;
  };

  void Add(Action action) { actions_.push_back(std::move(action)); }

  // Runs all, in the order they were added; one that fails does not stop the others. The text is
  // one line: "refreshed: verbosity 1, users 3; kept: certificates: ...".
  Outcome Run() const;

 private:
  std::vector<Action> actions_;
};

}  // namespace ringcache::server

#endif  // RINGCACHE_SERVER_REFRESH_LIST_H_

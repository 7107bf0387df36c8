#include "process/loop_call.h"

#include <memory>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "net/mutex.h"

namespace ringcache::process {
namespace {

// Outlives whichever side gives up.
class Call {
 public:
  void Run(const std::function<absl::Status()>& call) {
    {
      net::MutexLock lock(&mutex_);
      if (given_up_) return;
    }
    absl::Status result = call();
    net::MutexLock lock(&mutex_);
    result_ = std::move(result);
    done_.NotifyOne();
  }

  absl::Status Await(absl::Duration patience) {
    const absl::Time deadline = absl::Now() + patience;
    net::MutexLock lock(&mutex_);
    while (!result_.has_value()) {
      const absl::Duration left = deadline - absl::Now();
      if (left <= absl::ZeroDuration()) {
        given_up_ = true;
        return absl::DeadlineExceededError(
            absl::StrCat("the thread that does this did not answer within ",
                         absl::FormatDuration(patience), "; it is busy, or the program ends"));
      }
      done_.WaitFor(&mutex_, left);
    }
    return *result_;
  }

 private:
  net::Mutex mutex_;
  net::CondVar done_;
  bool given_up_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<absl::Status> result_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::Status CallOnLoop(net::EventLoop* loop, absl::Duration patience,
                        std::function<absl::Status()> call) {
  const auto state = std::make_shared<Call>();
  loop->Post([state, call = std::move(call)] { state->Run(call); });
  return state->Await(patience);
}

}  // namespace ringcache::process

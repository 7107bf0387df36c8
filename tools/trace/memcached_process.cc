#include "tools/trace/memcached_process.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "net/descriptor.h"

namespace ringcache::trace {
namespace {

constexpr auto kPollInterval = std::chrono::milliseconds(5);

bool Accepts(const net::SocketAddress& address) {
  const net::Descriptor socket(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
  return socket.valid() && connect(socket.get(), address.data(), address.size()) == 0;
}

}  // namespace

absl::StatusOr<std::unique_ptr<MemcachedProcess>> MemcachedProcess::Start(const Options& options) {
  std::unique_ptr<MemcachedProcess> process(new MemcachedProcess());
  const char* const temporary = std::getenv("TMPDIR");
  process->folder_ = absl::StrCat(temporary != nullptr ? temporary : "/tmp", "/trace.XXXXXX");
  if (mkdtemp(process->folder_.data()) == nullptr) {
    const absl::Status status =
        absl::ErrnoToStatus(errno, absl::StrCat("cannot make the folder ", process->folder_));
    process->folder_.clear();
    return status;
  }
  auto address = net::SocketAddress::Parse(absl::StrCat("unix:", process->folder_, "/socket"), 0);
  if (!address.ok()) return address.status();
  process->address_ = *std::move(address);
  absl::Status status = process->Launch(options);
  if (status.ok()) status = process->AwaitListening(options.program);
  if (!status.ok()) return status;
  return process;
}

absl::Status MemcachedProcess::Launch(const Options& options) {
  std::vector<std::string> words = {options.program, "-m", absl::StrCat(options.memory_mib), "-s",
                                    std::string(address_.path())};
  if (options.growth_factor != 0) {
    words.insert(words.end(), {"-f", absl::StrCat(options.growth_factor)});
  }
  // As root it wants to be told whose rights to take.
  if (geteuid() == 0) words.insert(words.end(), {"-u", "root"});
  words.insert(words.end(), options.arguments.begin(), options.arguments.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t player = getpid();
  pid_ = fork();
  if (pid_ < 0) {
    pid_ = 0;
    return absl::ErrnoToStatus(errno, "cannot start a process");
  }
  if (pid_ > 0) return absl::OkStatus();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != player) _exit(127);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

bool MemcachedProcess::HasEnded() {
  if (pid_ == 0 || waitpid(pid_, nullptr, WNOHANG) == 0) return pid_ == 0;
  pid_ = 0;
  return true;
}

absl::Status MemcachedProcess::AwaitListening(const std::string& program) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(kStartSeconds);
  while (!Accepts(address_)) {
    if (HasEnded()) {
      return absl::UnavailableError(absl::StrCat(
          "'", program, "' did not start; is it installed? On Debian: apt-get install memcached"));
    }
    if (std::chrono::steady_clock::now() > deadline) {
      return absl::DeadlineExceededError(
          absl::StrCat("'", program, "' does not listen after ", kStartSeconds, " seconds"));
    }
    std::this_thread::sleep_for(kPollInterval);
  }
  return absl::OkStatus();
}

MemcachedProcess::~MemcachedProcess() {
  if (pid_ != 0) kill(pid_, SIGTERM);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(kStopSeconds);
  while (!HasEnded()) {
    if (std::chrono::steady_clock::now() > deadline) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
      break;
    }
    std::this_thread::sleep_for(kPollInterval);
  }
  if (folder_.empty()) return;
  unlink(absl::StrCat(folder_, "/socket").c_str());
  rmdir(folder_.c_str());
}

}  // namespace ringcache::trace

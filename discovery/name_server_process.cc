#include "discovery/name_server_process.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "net/descriptor.h"
#include "net/socket_address.h"

namespace ringcache::discovery {
namespace {

constexpr int kMaxPorts = 100;

// A port that nobody had for either protocol. Bazel gives each test a loopback of its own, so
// nobody takes it before the server does.
std::uint16_t FindFreePort() {
  for (int i = 0; i < kMaxPorts; ++i) {
    const net::Descriptor udp(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const net::Descriptor tcp(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const net::SocketAddress any = net::SocketAddress::Loopback(0);
    if (bind(udp.get(), any.data(), any.size()) != 0) continue;
    const net::SocketAddress bound = net::SocketAddress::OfLocalEnd(udp.get()).value();
    if (bind(tcp.get(), bound.data(), bound.size()) == 0) return bound.port();
  }
  std::abort();
}

}  // namespace

NameServerProcess::NameServerProcess() : port_(FindFreePort()) {}

NameServerProcess::~NameServerProcess() { Stop(); }

void NameServerProcess::Start(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t test = getpid();
  pid_ = fork();
  if (pid_ != 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != test) _exit(127);
  // Debian keeps servers where an ordinary user's PATH may not lead.
  setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

void NameServerProcess::Signal(int number) const {
  if (pid_ > 0) kill(pid_, number);
}

bool NameServerProcess::IsRunning() {
  if (pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) != 0) pid_ = 0;
  return pid_ > 0;
}

void NameServerProcess::Stop() {
  if (!IsRunning()) return;
  // SIGTERM, so that what it has started itself ends as well.
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

std::string NameServerProcess::address() const { return absl::StrCat("127.0.0.1:", port_); }

void NameServerProcess::Write(const std::string& name, const std::string& text) const {
  const std::string path = absl::StrCat(folder(), "/", name);
  std::ofstream(path + ".new") << text;
  std::filesystem::rename(path + ".new", path);
}

}  // namespace ringcache::discovery

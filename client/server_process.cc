#include "client/server_process.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "net/descriptor.h"

namespace ringcache::client {
namespace {

// Where the test's data lie.
constexpr char kProgram[] = "server/server";

net::SocketAddress FreeAddress() {
  const net::Descriptor socket(::socket(AF_INET, SOCK_STREAM, 0));
  const net::SocketAddress any_port = net::SocketAddress::Loopback(0);
  if (bind(socket.get(), any_port.data(), any_port.size()) != 0) return any_port;
  return net::SocketAddress::OfLocalEnd(socket.get()).value();
}

}  // namespace

ServerProcess::ServerProcess() : address_(FreeAddress()) { Start(); }

ServerProcess::~ServerProcess() { Kill(); }

void ServerProcess::Start() {
  const std::string port = std::to_string(address_.port());
  pid_ = fork();
  if (pid_ != 0) return;
  // If a time limit kills the test, its server goes, too.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  execl(kProgram, kProgram, "-l", "127.0.0.1", "-p", port.c_str(), "-t", "1", nullptr);
  _exit(127);
}

void ServerProcess::Kill() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

}  // namespace ringcache::client

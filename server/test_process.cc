#include "server/test_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace ringcache::server {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(60);
constexpr absl::Duration kPollInterval = absl::Milliseconds(2);

std::string TemporaryFolder() {
  const char* folder = std::getenv("TEST_TMPDIR");
  return folder == nullptr ? "/tmp" : folder;
}

// Tests run beside each other, and the admin interface's threads are not instrumented for
// sanitizers: it is off, unless an argument that follows wants it.
std::vector<std::string> CommandOf(const std::string& program,
                                   const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {program};
  if (absl::EndsWith(program, "server/server") || absl::EndsWith(program, "router/router")) {
    command.insert(command.end(), {"--admin-port=off", "--metrics-port=off"});
  }
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

// The port in the first line "TCP INET: <port>" of the file; 0 if it names none.
int PortIn(std::ifstream& file) {
  std::string word;
  int port = 0;
  while (file >> word) {
    if (word == "INET:" && file >> port) return port;
  }
  return 0;
}

}  // namespace

TestProcess::TestProcess(const std::string& program, const std::vector<std::string>& arguments) {
  static int started = 0;
  const std::string port_file = absl::StrCat(TemporaryFolder(), "/port-", getpid(), "-", ++started);
  std::vector<std::string> command = CommandOf(program, arguments);
  std::vector<char*> pointers;
  for (std::string& argument : command) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    setenv("MEMCACHED_PORT_FILENAME", port_file.c_str(), 1);
    execvp(program.c_str(), pointers.data());
    _exit(127);
  }
  const absl::Time deadline = absl::Now() + kPatience;
  while (absl::Now() < deadline) {
    if (std::ifstream file(port_file); file) {
      started_ = true;
      port_ = PortIn(file);
      return;
    }
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      return;
    }
    absl::SleepFor(kPollInterval);
  }
}

TestProcess::~TestProcess() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void TestProcess::Signal(int signal) {
  if (pid_ > 0) kill(pid_, signal);
}

int TestProcess::ExitCode() {
  const absl::Time deadline = absl::Now() + kPatience;
  while (pid_ > 0 && absl::Now() < deadline) {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    absl::SleepFor(kPollInterval);
  }
  return -1;
}

TestClient::TestClient(int port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  connected_ = connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

TestClient::TestClient(const std::string& path)
    : socket_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  connected_ = connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
}

TestClient::~TestClient() { close(socket_); }

void TestClient::Send(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string TestClient::ReadUntil(absl::string_view end) {
  std::string bytes;
  const absl::Time deadline = absl::Now() + kPatience;
  while ((end.empty() || !absl::EndsWith(bytes, end)) && absl::Now() < deadline) {
    const std::string some = ReadSome(65536);
    if (some.empty()) return bytes;
    bytes += some;
  }
  return bytes;
}

std::string TestClient::ReadSome(std::size_t bytes) {
  pollfd waiting{socket_, POLLIN, 0};
  if (poll(&waiting, 1, static_cast<int>(absl::ToInt64Milliseconds(kPatience))) <= 0) return "";
  std::string some(bytes, '\0');
  const ssize_t received = recv(socket_, some.data(), some.size(), 0);
  if (received <= 0) closed_ = true;
  some.resize(received > 0 ? static_cast<std::size_t>(received) : 0);
  return some;
}

void TestClient::FinishSending() { shutdown(socket_, SHUT_WR); }

}  // namespace ringcache::server

#include "discovery/fake_dns_server.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>

#include "absl/strings/ascii.h"
#include "discovery/dns_message.h"

namespace ringcache::discovery {
namespace {

constexpr std::size_t kHeaderBytes = 12;
// Another port is tried if TCP's of the same number is taken.
constexpr int kMaxPorts = 100;

net::Descriptor Bind(int type, const net::SocketAddress& address) {
  net::Descriptor socket(::socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (bind(socket.get(), address.data(), address.size()) != 0) return net::Descriptor();
  return socket;
}

// The name in a question, from behind the header, and what follows it.
std::string TakeName(const std::string& question, std::size_t* at) {
  std::string name;
  while (*at < question.size() && question[*at] != '\0') {
    const auto size = static_cast<std::size_t>(question[*at]);
    if (!name.empty()) name += '.';
    name += absl::AsciiStrToLower(question.substr(*at + 1, size));
    *at += 1 + size;
  }
  ++*at;
  return name;
}

}  // namespace

class FakeDnsServer::Socket final : public net::DescriptorWatcher {
 public:
  Socket(net::EventLoop* loop, net::Descriptor descriptor, std::function<void()> ready)
      : loop_(loop), descriptor_(std::move(descriptor)), ready_(std::move(ready)) {
    if (!loop_->Watch(descriptor_.get(), /*read=*/true, /*write=*/false, this)) std::abort();
  }
  ~Socket() override { loop_->Unwatch(descriptor_.get(), this); }
  int get() const { return descriptor_.get(); }

 private:
  void OnReady(bool /*readable*/, bool /*writable*/) override { ready_(); }

  net::EventLoop* const loop_;
  const net::Descriptor descriptor_;
  const std::function<void()> ready_;
};

FakeDnsServer::FakeDnsServer(net::EventLoop* loop) : loop_(loop) { Listen(); }
FakeDnsServer::~FakeDnsServer() = default;

void FakeDnsServer::Listen() {
  for (int i = 0; i < kMaxPorts; ++i) {
    net::Descriptor udp = Bind(SOCK_DGRAM, net::SocketAddress::Loopback(0));
    bound_ = net::SocketAddress::OfLocalEnd(udp.get()).value();
    net::Descriptor tcp = Bind(SOCK_STREAM, bound_);
    if (!tcp.valid() || listen(tcp.get(), 16) != 0) continue;
    udp_ = std::make_unique<Socket>(loop_, std::move(udp), [this] { OnUdp(); });
    tcp_ = std::make_unique<Socket>(loop_, std::move(tcp), [this] { OnTcp(); });
    return;
  }
  std::abort();
}

std::string FakeDnsServer::address() const { return bound_.ToString(); }

void FakeDnsServer::Set(const std::string& name, DnsType type, std::vector<DnsRecord> records) {
  records_[{name, type}] = std::move(records);
}

void FakeDnsServer::OnUdp() {
  char buffer[4096];
  sockaddr_in from = {};
  socklen_t from_size = sizeof(from);
  auto* sender = reinterpret_cast<sockaddr*>(&from);
  const ssize_t size = recvfrom(udp_->get(), buffer, sizeof(buffer), 0, sender, &from_size);
  if (size < static_cast<ssize_t>(kHeaderBytes)) return;
  ++udp_questions_;
  const std::string reply = ReplyTo(std::string(buffer, static_cast<std::size_t>(size)), false);
  if (!reply.empty()) sendto(udp_->get(), reply.data(), reply.size(), 0, sender, from_size);
}

void FakeDnsServer::OnTcp() {
  net::Descriptor accepted(accept4(tcp_->get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!accepted.valid()) return;
  const int descriptor = accepted.get();
  // Questions are small: each comes in one piece on the loopback.
  connections_.push_back(std::make_unique<Socket>(loop_, std::move(accepted), [this, descriptor] {
    char buffer[4096];
    const ssize_t size = read(descriptor, buffer, sizeof(buffer));
    if (size <= 0) {
      std::erase_if(connections_, [descriptor](const auto& s) { return s->get() == descriptor; });
      return;
    }
    ++tcp_questions_;
    const std::string reply =
        ReplyTo(std::string(buffer + 2, static_cast<std::size_t>(size) - 2), true);
    const std::string framed = Short(static_cast<unsigned>(reply.size())) + reply;
    if (!reply.empty() && write(descriptor, framed.data(), framed.size()) < 0) std::abort();
  }));
}

DnsAnswer FakeDnsServer::AnswerTo(const std::string& name, DnsType type) const {
  DnsAnswer answer;
  answer.question = name;
  answer.question_type = type;
  answer.rcode = kRcodeNameError;
  for (const auto& [key, records] : records_) {
    if (key.first == name) answer.rcode = kRcodeNoError;
  }
  const auto found = records_.find({name, type});
  if (found == records_.end()) return answer;
  answer.answers = found->second;
  answer.additional = additional;
  return answer;
}

std::string FakeDnsServer::ReplyTo(const std::string& question, bool tcp) {
  std::size_t at = kHeaderBytes;
  const std::string name = TakeName(question, &at);
  const auto type = static_cast<DnsType>(static_cast<std::uint8_t>(question[at]) << 8 |
                                         static_cast<std::uint8_t>(question[at + 1]));
  auto id = static_cast<std::uint16_t>(static_cast<std::uint8_t>(question[0]) << 8 |
                                       static_cast<std::uint8_t>(question[1]));
  asked_.push_back(name);
  DnsAnswer answer = AnswerTo(name, type);
  switch (manner) {
    case Manner::kHonest:
      break;
    case Manner::kSilent:
      return {};
    case Manner::kServerFailure:
      answer = {.rcode = kRcodeServerFailure, .question = name, .question_type = type};
      break;
    case Manner::kRefusing:
      answer = {.rcode = kRcodeRefused, .question = name, .question_type = type};
      break;
    case Manner::kWrongId:
      ++id;
      break;
    case Manner::kWrongQuestion:
      answer.question = "elsewhere.example";
      break;
    case Manner::kGarbage: {
      // A record that is longer than the message.
      const WireHeader header{.id = id, .answers = 1};
      return WireMessage(header, name, type, "\xff\xff");
    }
    case Manner::kTruncating:
    case Manner::kTruncatingAll:
      answer.truncated = !tcp || manner == Manner::kTruncatingAll;
      if (answer.truncated && answer.answers.size() > 1) answer.answers.resize(1);
      break;
  }
  return WireMessage(answer, id);
}

}  // namespace ringcache::discovery

#include "client/scripted_server.h"

#include <utility>

namespace ringcache::client {

class ScriptedServer::Peer final : public net::Session {
 public:
  Peer(ScriptedServer* server, net::Descriptor socket) : server_(*server) {
    connection_ =
        std::make_unique<net::SocketConnection>(&server->context_, std::move(socket), this);
  }

  void Say(absl::string_view text) {
    if (connection_ == nullptr || text.empty()) return;
    // Kept until it is sent; a test says little.
    said_.emplace_back(text);
    connection_->Send(said_.back().data(), said_.back().size());
  }
  void HangUp() { connection_.reset(); }
  bool open() const { return connection_ != nullptr; }
  const std::string& received() const { return received_; }

  absl::Span<char> LendReceiveBuffer() override { return absl::MakeSpan(buffer_); }
  net::Progress OnReceived(std::size_t bytes) override {
    if (bytes == 0) return net::Progress::kContinue;
    ++server_.receptions_;
    received_.append(buffer_.data(), bytes);
    if (server_.script_) Say(server_.script_(&received_));
    return net::Progress::kContinue;
  }
  net::Progress OnSent() override { return net::Progress::kContinue; }
  void OnClosed(net::CloseReason) override { connection_.reset(); }

 private:
  ScriptedServer& server_;
  std::array<char, 16384> buffer_;
  std::string received_;
  std::list<std::string> said_;
  std::unique_ptr<net::SocketConnection> connection_;
};

ScriptedServer::ScriptedServer(net::EventLoop* loop)
    : loop_(*loop), context_(loop), address_(net::SocketAddress::Loopback(0)) {
  Restart();
}

ScriptedServer::~ScriptedServer() = default;

void ScriptedServer::AnswerLines(std::function<std::string(absl::string_view line)> answer) {
  script_ = [answer = std::move(answer)](std::string* received) {
    std::string replies;
    for (std::size_t end; (end = received->find("\r\n")) != std::string::npos;) {
      replies += answer(absl::string_view(*received).substr(0, end));
      received->erase(0, end + 2);
    }
    return replies;
  };
}

void ScriptedServer::Say(std::size_t connection, absl::string_view text) {
  peers_[connection]->Say(text);
}
void ScriptedServer::HangUp(std::size_t connection) { peers_[connection]->HangUp(); }
bool ScriptedServer::IsOpen(std::size_t connection) const { return peers_[connection]->open(); }
const std::string& ScriptedServer::received(std::size_t connection) const {
  return peers_[connection]->received();
}

void ScriptedServer::Stop() {
  listener_.reset();
  for (const std::unique_ptr<Peer>& peer : peers_) peer->HangUp();
}

void ScriptedServer::Restart() {
  listener_ =
      net::Listener::Create(&loop_, address_, net::ListenerOptions(),
                            [this](net::Descriptor socket) {
                              peers_.push_back(std::make_unique<Peer>(this, std::move(socket)));
                            })
          .value();
  address_ = listener_->address();
}

}  // namespace ringcache::client

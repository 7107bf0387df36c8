#include "router/route/scripted_pool.h"

#include <array>
#include <deque>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "client/outgoing_value.h"
#include "discovery/member.h"
#include "discovery/watcher.h"
#include "hashring/placement/placement_kind.h"
#include "net/connection.h"
#include "net/simulated_connection.h"
#include "protocol/request_parser.h"
#include "router/route/route_request.h"
#include "router/route/transcript.h"

namespace ringcache::router {
namespace {

constexpr std::uint16_t kFirstPort = 1001;

BackendPoolOptions OptionsOf(absl::Duration warm_up) {
  BackendPoolOptions options;
  options.name = "scripted";
  options.cluster.ring.placement = hashring::PlacementKind::kKetama;
  options.warm_up = warm_up;
  return options;
}

net::SocketAddress AddressOf(std::size_t member) {
  return net::SocketAddress::Loopback(static_cast<std::uint16_t>(kFirstPort + member));
}

std::string Success(const protocol::Request& request, std::size_t member) {
  using protocol::Operation;
  const std::string value = absl::StrCat(member);
  switch (request.operation) {
    case Operation::kGet:
    case Operation::kGat:
      return absl::StrCat("VALUE ", request.key, " 0 ", value.size(), "\r\n", value, "\r\nEND");
    case Operation::kMetaGet:
      return absl::StrCat("VA ", value.size(), "\r\n", value);
    case Operation::kDelete:
      return "DELETED";
    case Operation::kTouch:
      return "TOUCHED";
    case Operation::kIncrement:
      return "1";
    case Operation::kVersion:
      return "VERSION 1";
    default:
      return request.operation == Operation::kMetaSet || !protocol::HasDataBlock(request.operation)
                 ? "HD"
                 : "STORED";
  }
}

}  // namespace

class ScriptedPool::Server {
 public:
  Server(std::size_t number, net::ConnectionContext* context, net::SimulatedNetwork* network)
      : number_(number), context_(*context), network_(*network) {
    network_.Listen(AddressOf(number), [this](net::SimulatedSocket socket) {
      peers_.push_back(std::make_unique<Peer>(this, std::move(socket)));
    });
  }

  void Refuse() {
    network_.StopListening(AddressOf(number_));
    peers_.clear();
  }
  void set_reply(std::string reply) { reply_ = std::move(reply); }
  std::vector<std::string> TakeRequests() { return std::exchange(requests_, {}); }

 private:
  class Peer final : public net::Session {
   public:
    Peer(Server* server, net::SimulatedSocket socket)
        : server_(*server), connection_(&server->context_, std::move(socket), this) {}

    absl::Span<char> LendReceiveBuffer() override { return absl::MakeSpan(buffer_); }
    net::Progress OnReceived(std::size_t bytes) override {
      received_.append(buffer_.data(), bytes);
      while (const std::optional<std::string> reply = AnswerNext()) {
        if (reply->empty()) continue;
        // They stay as long as the peer.
        const std::string& sent = sent_.emplace_back(*reply);
        connection_.Send(sent.data(), sent.size());
      }
      return net::Progress::kContinue;
    }
    net::Progress OnSent() override { return net::Progress::kContinue; }
    net::Progress OnPeerEnded() override { return net::Progress::kClose; }
    void OnClosed(net::CloseReason) override {}

   private:
    // None: nothing more is complete.
    std::optional<std::string> AnswerNext() {
      RouteRequest request;
      const protocol::ParseResult parsed = protocol::ParseRequest(received_, &request.request);
      if (parsed.status != protocol::ParseStatus::kOk) return std::nullopt;
      std::size_t bytes = parsed.consumed;
      if (protocol::HasDataBlock(request.operation())) {
        bytes += request.request.value_bytes + 2;
        if (received_.size() < bytes) return std::nullopt;
        request.value = client::OutgoingValue::Borrowed(
            absl::string_view(received_).substr(parsed.consumed, request.request.value_bytes));
      }
      if (request.key().empty()) request.request.key = request.request.keys;
      const std::string reply = server_.AnswerTo(request);
      received_.erase(0, bytes);
      return reply;
    }

    Server& server_;
    std::array<char, 4096> buffer_;
    std::string received_;
    std::deque<std::string> sent_;
    net::SimulatedConnection connection_;
  };

  std::string AnswerTo(const RouteRequest& request) {
    const bool is_probe = request.operation() == protocol::Operation::kVersion;
    if (!is_probe) requests_.push_back(TextOf(request));
    const std::string reply = reply_.value_or(Success(request.request, number_));
    return reply.empty() ? reply : absl::StrCat(reply, "\r\n");
  }

  const std::size_t number_;
  net::ConnectionContext& context_;
  net::SimulatedNetwork& network_;
  std::optional<std::string> reply_;
  std::vector<std::string> requests_;
  std::vector<std::unique_ptr<Peer>> peers_;
};

ScriptedPool::ScriptedPool(net::SimulatedLoop* loop, std::size_t members, absl::Duration warm_up)
    : network_(loop),
      server_context_(loop),
      resources_(loop, &network_),
      pool_(&resources_, OptionsOf(warm_up)) {
  Resize(members);
}

ScriptedPool::~ScriptedPool() = default;

void ScriptedPool::Resize(std::size_t members) {
  discovery::Snapshot snapshot;
  snapshot.version = ++version_;
  for (std::size_t i = 0; i < members; ++i) {
    if (i == servers_.size()) {
      servers_.push_back(std::make_unique<Server>(i, &server_context_, &network_));
    }
    discovery::Member member;
    member.name = absl::StrCat("cache-", i);
    member.port = 11211;
    member.address = AddressOf(i);
    snapshot.members.push_back(std::move(member));
  }
  (void)pool_.Update(snapshot);
}

std::string ScriptedPool::KeyOf(std::uint32_t member) {
  for (;;) {
    std::string key = absl::StrCat("key", next_key_++);
    if (pool_.OwnerOf(key) == member) return key;
  }
}

void ScriptedPool::Says(std::size_t member, std::string reply) {
  servers_[member]->set_reply(std::move(reply));
}

void ScriptedPool::Refuses(std::size_t member) { servers_[member]->Refuse(); }

std::vector<std::string> ScriptedPool::TakeRequests(std::size_t member) {
  return servers_[member]->TakeRequests();
}

}  // namespace ringcache::router

#include "net/simulated_network.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "net/simulated_connection.h"

namespace ringcache::net {

absl::StatusOr<std::unique_ptr<Connection>> SimulatedNetwork::Dial(const SocketAddress& address,
                                                                   ConnectionContext* context,
                                                                   Session* session) {
  Host& host = HostAt(address);
  if (host.unreachable) {
    ++host.dials;
    return absl::UnavailableError(
        absl::StrCat("cannot connect to ", address.ToString(), ": no route"));
  }
  if (address.is_unix() && !host.on_accept) {
    ++host.dials;
    return absl::NotFoundError(
        absl::StrCat("cannot connect to ", address.ToString(), ": no such socket"));
  }
  return std::make_unique<SimulatedConnection>(context, DialSocket(address), session);
}

SimulatedSocket SimulatedNetwork::DialSocket(const SocketAddress& address) {
  Host& host = HostAt(address);
  ++host.dials;
  auto link = std::make_shared<SimulatedLink>(&loop_, host.link);
  link->SetSilent(host.silent);
  std::erase_if(host.links, [](const auto& known) { return known.expired(); });
  host.links.push_back(link);
  link->Knock([this, &host, weak = std::weak_ptr(link)] { OnKnock(&host, weak); });
  return SimulatedSocket(std::move(link), SimulatedLink::End::kDialer);
}

std::pair<SimulatedSocket, SimulatedSocket> SimulatedNetwork::MakePair(const LinkOptions& options) {
  auto link = std::make_shared<SimulatedLink>(&loop_, options);
  link->Stand();
  return {SimulatedSocket(link, SimulatedLink::End::kDialer),
          SimulatedSocket(link, SimulatedLink::End::kAcceptor)};
}

void SimulatedNetwork::OnKnock(Host* host, const std::weak_ptr<SimulatedLink>& weak) {
  std::shared_ptr<SimulatedLink> link = weak.lock();
  if (link == nullptr || host->deaf) return;
  if (!host->on_accept) return link->Refuse();
  link->Accept();
  // A copy: it may be told to listen otherwise from within.
  const OnAccept on_accept = host->on_accept;
  on_accept(SimulatedSocket(std::move(link), SimulatedLink::End::kAcceptor));
}

void SimulatedNetwork::Listen(const SocketAddress& address, OnAccept on_accept) {
  HostAt(address).on_accept = std::move(on_accept);
}

void SimulatedNetwork::StopListening(const SocketAddress& address) {
  HostAt(address).on_accept = nullptr;
}

void SimulatedNetwork::SetLink(const SocketAddress& address, const LinkOptions& options) {
  HostAt(address).link = options;
}

void SimulatedNetwork::SetDeaf(const SocketAddress& address, bool deaf) {
  HostAt(address).deaf = deaf;
}

void SimulatedNetwork::SetUnreachable(const SocketAddress& address, bool unreachable) {
  HostAt(address).unreachable = unreachable;
}

void SimulatedNetwork::Partition(const SocketAddress& address) { SetSilent(address, true); }
void SimulatedNetwork::Heal(const SocketAddress& address) { SetSilent(address, false); }

void SimulatedNetwork::SetSilent(const SocketAddress& address, bool silent) {
  Host& host = HostAt(address);
  host.silent = silent;
  for (const std::weak_ptr<SimulatedLink>& weak : host.links) {
    if (const auto link = weak.lock()) link->SetSilent(silent);
  }
}

}  // namespace ringcache::net

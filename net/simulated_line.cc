#include "net/simulated_line.h"

#include <sys/uio.h>

#include <array>
#include <memory>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "net/simulated_connection.h"
#include "net/simulated_link.h"

namespace ringcache::net {
namespace {

// Simulated: longer than any delay of a test, shorter than a linger that must not end.
constexpr absl::Duration kPatience = absl::Seconds(100);

}  // namespace

SimulatedLine::SimulatedLine(ConnectionContext* context,
                             std::pair<SimulatedSocket, SimulatedSocket> ends)
    : peer(std::move(ends.second)) {
  connection = std::make_unique<SimulatedConnection>(context, std::move(ends.first), &session);
}

void SimulatedLine::PeerSends(absl::string_view text) {
  const iovec span{const_cast<char*>(text.data()), text.size()};
  ASSERT_EQ(peer.Send(absl::MakeConstSpan(&span, 1)), static_cast<std::ptrdiff_t>(text.size()));
}

std::string SimulatedLine::PeerReads(std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) {
    if (!peer.loop().RunUntil([this] { return peer.readable(); }, kPatience)) break;
    std::string part(bytes - text.size(), '\0');
    const std::ptrdiff_t got = peer.Receive(absl::MakeSpan(part.data(), part.size()));
    if (got == SimulatedLink::kFailed) return "error";
    if (got == SimulatedLink::kEndOfStream) break;
    text.append(part, 0, static_cast<std::size_t>(got));
  }
  return text;
}

void SimulatedLine::PeerReadsTo(std::string* text) {
  std::array<char, 64 * 1024> bytes;
  const std::ptrdiff_t got = peer.Receive(absl::MakeSpan(bytes));
  if (got > 0) text->append(bytes.data(), static_cast<std::size_t>(got));
}

}  // namespace ringcache::net

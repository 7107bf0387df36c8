// A blocking connection to a loopback port that reads lines and blocks, each within a time.
//
// Thread safety: none.

#ifndef RINGCACHE_TOOLS_PROOF_LINE_SOCKET_H_
#define RINGCACHE_TOOLS_PROOF_LINE_SOCKET_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "net/descriptor.h"

namespace ringcache::proof {

class LineSocket {
 public:
  // Connects; ok() tells whether it could. Nothing that is read later takes longer than `patience`.
  LineSocket(int port, absl::Duration patience);

  // Until the connection is lost, or the patience is.
  bool ok() const { return ok_; }
  void Send(absl::string_view bytes);
  // Without "\r\n". Until the next call.
  absl::string_view ReadLine();
  absl::string_view ReadBytes(std::size_t bytes);
  // Whether there is something that was not read.
  bool HasMore();

 private:
  // False at the end, or when nothing came for too long.
  bool Receive();
  absl::string_view Take(std::size_t bytes, std::size_t ending);

  const absl::Duration patience_;
  net::Descriptor socket_;
  bool ok_ = false;
  std::string received_;
  std::size_t taken_ = 0;
};

}  // namespace ringcache::proof

#endif  // RINGCACHE_TOOLS_PROOF_LINE_SOCKET_H_
